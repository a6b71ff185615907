import { dirname } from "node:path";
import { foreignMatter } from "../../../constructs/provisioning/artifacts";
import type { RenderedHost } from "../../../constructs/provisioning/render";
import { GATE_FILE } from "../../../ops/status/gate";
import { wholePlan } from "../../fixtures/plan";
import { fileOf, rendered, settings } from "./plans";

const example = wholePlan();
const jobs = [
  { path: "daily.py", content: "from airflow import DAG\n" },
  { path: "sql/reports/a.sql", content: "SELECT 1;\n" },
];
const plan = { ...example, airflow: { ...example.airflow!, jobs } };
const airflow = rendered(plan, "airflow-1");
const node = rendered(plan, "hdp-3");

const composed = (host: RenderedHost, path: string): string =>
  host.secretFiles
    .find((file) => file.path === path)
    ?.parts.map((part) => ("text" in part ? part.text : `<${part.secret}>`))
    .join("") ?? "absent";
const own = (host: RenderedHost, role: string): string[] =>
  [...host.files, ...host.secretFiles]
    .filter((file) => file.role === role)
    .map((file) => `${file.path} ${file.owner}:${file.group} ${file.mode}`);

it("airflow-1 gets its settings, the pipeline's DAGs and the company's, and secrets that root and Airflow read", () => {
  expect(airflow.roles.slice(-3)).toEqual(["java", "postgresql", "airflow"]);
  const modules = ["__init__", "config", "gate", "sql", "state", "storage", "tasks"];
  expect(own(airflow, "airflow")).toEqual([
    "/etc/airflow/airflow.cfg root:root 0644",
    "/etc/airflow/pipeline.json root:root 0644",
    "/etc/airflow/webserver_config.py root:root 0644",
    "/etc/systemd/system/airflow-scheduler.service root:root 0644",
    "/etc/systemd/system/airflow-webserver.service root:root 0644",
    "/etc/systemd/system/aws2ncp-airflow-clean.service root:root 0644",
    "/etc/systemd/system/aws2ncp-airflow-clean.timer root:root 0644",
    "/etc/tmpfiles.d/airflow.conf root:root 0644",
    "/opt/airflow/dags/aws2ncp_logs.py root:root 0644",
    "/opt/airflow/dags/company/daily.py root:root 0644",
    "/opt/airflow/dags/company/sql/reports/a.sql root:root 0644",
    "/opt/airflow/requirements-build.txt root:root 0644",
    "/opt/airflow/requirements.txt root:root 0644",
    "/usr/local/bin/airflow root:root 0755",
    "/usr/local/lib/aws2ncp/set_admin.py root:root 0644",
    "/var/lib/airflow/config/airflow_local_settings.py root:root 0644",
    ...modules.map((name) => `/var/lib/airflow/config/aws2ncp_batch/${name}.py root:root 0644`),
    "/etc/airflow/secrets/admin-password root:airflow 0640",
    "/etc/airflow/secrets/connections.json root:airflow 0640",
    "/etc/airflow/secrets/fernet-key root:airflow 0640",
    "/etc/airflow/secrets/s3-credentials root:airflow 0640",
    "/etc/airflow/secrets/web-secret root:airflow 0640",
    "/var/lib/airflow/.ssh/id root:airflow 0640",
  ]);
});

it("the gate is nobody's delivery: it stays over the next, and is missing, thus closed, on a server that was replaced", () => {
  const { files, secretFiles, vars } = airflow;
  expect([...files, ...secretFiles].map(({ path }) => path)).not.toContain(GATE_FILE);
  const prune = vars["deliver_prune"] as readonly { readonly folder: string }[];
  expect(prune.map(({ folder }) => folder).filter((folder) => dirname(GATE_FILE).startsWith(folder))).toEqual([]);
  expect(prune).not.toHaveLength(0);
});

it("airflow.cfg names the files of secrets, and holds none", () => {
  const lines = settings(fileOf(airflow, "/etc/airflow/airflow.cfg"));
  expect(lines).toEqual(
    expect.arrayContaining([
      "executor = LocalExecutor",
      "parallelism = 8",
      "dags_are_paused_at_creation = True",
      "fernet_key_cmd = cat /etc/airflow/secrets/fernet-key",
      "sql_alchemy_conn = postgresql+psycopg2:///airflow?host=/var/run/postgresql",
      "backend = airflow.secrets.local_filesystem.LocalFilesystemBackend",
      'backend_kwargs = {"connections_file_path": "/etc/airflow/secrets/connections.json"}',
      "web_server_host = 127.0.0.1",
      "secret_key_cmd = cat /etc/airflow/secrets/web-secret",
      "expose_config = False",
    ]),
  );
  expect(foreignMatter(fileOf(airflow, "/etc/airflow/airflow.cfg"))).toBe(undefined);
});

it("connections lead to Presto over TLS, to HiveServer2, and to the node with the clients", () => {
  expect(JSON.parse(composed(airflow, "/etc/airflow/secrets/connections.json"))).toEqual({
    hadoop_client: {
      conn_type: "ssh",
      host: "hdp-3",
      login: "batch",
      extra: { key_file: "/var/lib/airflow/.ssh/id", no_host_key_check: false, allow_host_key_change: false },
    },
    hiveserver2_default: {
      conn_type: "hiveserver2",
      host: "hdp-2.aws2ncp.internal",
      port: 10000,
      login: "batch",
      extra: { auth_mechanism: "NONE" },
    },
    presto_default: {
      conn_type: "presto",
      host: "presto-1.aws2ncp.internal",
      port: 8443,
      login: "batch",
      password: "<presto_batch_password>",
      schema: "default",
      extra: { protocol: "https", catalog: "hive", source: "airflow", verify: "/etc/aws2ncp/tls/trust.pem" },
    },
  });
});

it("the pipeline's DAGs know the logs that are tables, and no others", () => {
  const config = (of: typeof plan) =>
    JSON.parse(fileOf(rendered(of, "airflow-1"), "/etc/airflow/pipeline.json")) as {
      storage: object;
      logs: { dataset: string }[];
    };
  const { storage, logs } = config(plan);
  expect(storage).toEqual({
    endpoint: "https://kr.object.private.ncp.test",
    region: "kr-standard",
    credentials_file: "/etc/airflow/secrets/s3-credentials",
    profile: "ncp",
    trust_file: "/etc/aws2ncp/tls/trust.pem",
  });
  expect(logs).toEqual([
    {
      dataset: "api_log",
      layout: "daily",
      bucket: "aws2ncp-api-log",
      prefix: "api_log/",
      zone: "Asia/Seoul",
      start: "2019-12-31T15:00:00Z",
      lateness_hours: 26,
      database: "logs",
      table: "api_log",
      format: "json",
    },
    {
      dataset: "event_log",
      layout: "firehose-hourly",
      bucket: "aws2ncp-event-log",
      prefix: "event_log/",
      zone: "UTC",
      start: "2019-12-31T15:00:00Z",
      lateness_hours: 26,
      database: "logs",
      table: "event_log",
      format: "json",
    },
  ]);
  const tables = plan.tables.filter(({ name }) => name !== "api_log");
  expect(config({ ...plan, tables }).logs.map(({ dataset }) => dataset)).toEqual(["event_log"]);
});

it("packages come by their hashes from the pipeline's index, through the proxy", () => {
  expect(airflow.vars["airflow_pip"]).toBe(
    "install --quiet --no-input --disable-pip-version-check --no-cache-dir --require-hashes --no-deps " +
      "--index-url http://packages.ncp.test/pypi/simple --trusted-host packages.ncp.test --proxy http://proxy-1.aws2ncp.internal:3128",
  );
  const overTls = { ...plan, airflow: { ...plan.airflow, index: "https://pypi.company.test/simple" } };
  expect(rendered(overTls, "airflow-1").vars["airflow_pip"]).not.toContain("trusted-host");
  expect(airflow.vars["airflow_venv"]).toMatch(/^\/opt\/airflow\/venv-[0-9a-f]{12}$/);
});

it("every pinned package has a hash", () => {
  for (const name of ["requirements.txt", "requirements-build.txt"]) {
    const pins = fileOf(airflow, `/opt/airflow/${name}`)
      .replaceAll("\\\n", " ")
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"));
    expect(pins.filter((line) => !/^[a-z0-9-]+==\S+ .*--hash=sha256:[0-9a-f]{64}/.test(line))).toEqual([]);
    expect(pins.length).toBe(name === "requirements.txt" ? 160 : 2);
  }
});

describe("the node with the clients", () => {
  it("is the third, and no other", () => {
    const withRole = ["hdp-1", "hdp-2", "hdp-3"].filter((name) => rendered(plan, name).roles.includes("batch_client"));
    expect(withRole).toEqual(["hdp-3"]);
    const { airflow: _, ...without } = plan;
    expect(rendered(without, "hdp-3").roles).not.toContain("batch_client");
  });

  it("has the company's jobs, and a key that starts one program from one address", () => {
    expect(own(node, "batch_client")).toEqual([
      "/etc/systemd/system/aws2ncp-batch-home.service root:root 0644",
      "/etc/systemd/system/aws2ncp-batch-home.timer root:root 0644",
      "/opt/aws2ncp/jobs/daily.py root:root 0644",
      "/opt/aws2ncp/jobs/sql/reports/a.sql root:root 0644",
      "/usr/local/lib/aws2ncp/batch_client.py root:root 0644",
      "/etc/ssh/authorized_keys/batch root:hadoop 0640",
    ]);
    expect(composed(node, "/etc/ssh/authorized_keys/batch")).toBe(
      'restrict,from="10.20.1.100",command="/usr/bin/python3 -B /usr/local/lib/aws2ncp/batch_client.py" <batch_ssh_public_key>\n',
    );
  });

  it("admits the account, and other nodes don't", () => {
    const allowed = (name: string): string | undefined =>
      rendered(plan, name)
        .files.find(({ role, path }) => role === "sshd" && path.includes("sshd_config"))
        ?.content.match(/^AllowUsers .*$/m)?.[0];
    expect([allowed("hdp-2"), allowed("hdp-3"), allowed("airflow-1")]).toEqual([
      "AllowUsers deploy",
      "AllowUsers deploy batch",
      "AllowUsers deploy",
    ]);
  });

  it("folders on the way to a job are made before it", () => {
    const folders = (node.vars["deliver_folders"] as { path: string; role: string }[])
      .filter(({ role }) => role === "batch_client")
      .map(({ path }) => path);
    expect(folders).toEqual([
      "/usr/local/lib/aws2ncp",
      "/opt/aws2ncp",
      "/opt/aws2ncp/jobs",
      "/opt/aws2ncp/jobs/sql",
      "/opt/aws2ncp/jobs/sql/reports",
    ]);
  });
});

describe("the company's code", () => {
  it("may name a password, and may not hold one", () => {
    expect(
      foreignMatter('connect(\n    password=conn.password,\n)\npassword = Variable.get("warehouse")\n', true),
    ).toBe(undefined);
    expect(foreignMatter('password: "{{ var.value.x }}"\n', true)).toBe(undefined);
    expect(foreignMatter('x = 1\npassword = "hunter2hunter2"\n', true)).toBe("line 2: a password or secret key");
    expect(foreignMatter("{'password': 'hunter2hunter2'}\n", true)).toBe("line 1: a password or secret key");
    expect(foreignMatter("key = 'AKIAABCDEFGHIJKLMNOP'\n", true)).toBe("line 1: an access key id of AWS");
    expect(foreignMatter("password = anything\n")).toBe("line 1: a password or secret key");
  });
});
