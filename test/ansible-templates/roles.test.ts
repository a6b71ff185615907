/** The roles and the rendering know of each other by name only; these tests hold the names together. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { parse } from "yaml";
import { PLATFORMS } from "../../constructs/provisioning/render-platform";
import { onFamily, rendered, wholePlan } from "../constructs/provisioning/plans";

const ROLES = join(__dirname, "../../ansible-templates/roles");
const yaml = (...path: string[]): unknown => parse(readFileSync(join(ROLES, ...path), "utf8"));
const roles = readdirSync(ROLES).sort();
const hosts = (["debian", "redhat"] as const).flatMap((family) =>
  ["proxy-1", "sync-1", "hdp-1", "hdp-2", "hdp-3", "presto-1", "presto-2", "airflow-1"].map((name) => rendered(onFamily(wholePlan(), family), name)),
);

interface Task {
  readonly name: string;
  readonly [key: string]: unknown;
}

const tasksOf = (role: string): Task[] =>
  readdirSync(join(ROLES, role, "tasks")).flatMap((file) => yaml(role, "tasks", file) as Task[]);
const handlersOf = (role: string): string[] =>
  existsSync(join(ROLES, role, "handlers")) ? (yaml(role, "handlers", "main.yml") as Task[]).map((handler) => handler.name) : [];

/** Files in a folder of a role, those in its folders too. */
const filesIn = (role: string, folder: string): string[] =>
  existsSync(join(ROLES, role, folder))
    ? readdirSync(join(ROLES, role, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && !entry.parentPath.includes("__pycache__"))
        .map((entry) => relative(join(ROLES, role, folder), join(entry.parentPath, entry.name)))
    : [];

it("every job of a host is a role, and every role but deliver a job", () => {
  const jobs = [...new Set(hosts.flatMap((host) => host.roles))].sort();
  expect(jobs).toEqual(roles.filter((role) => role !== "deliver"));
});

it("every handler that a file names stands in its role, and each is named by some file", () => {
  const named = new Map<string, Set<string>>();
  for (const host of hosts)
    for (const file of [...host.files, ...host.secretFiles])
      for (const handler of file.notify) named.set(file.role, (named.get(file.role) ?? new Set()).add(handler));
  for (const role of roles) expect([role, ...[...(named.get(role) ?? [])].sort()]).toEqual([role, ...handlersOf(role).sort()]);
});

it("every template of a role is rendered for some host", () => {
  const renderers = join(__dirname, "../../constructs/provisioning");
  const text = readdirSync(renderers)
    .filter((name) => name.startsWith("render-"))
    .map((name) => readFileSync(join(renderers, name), "utf8"))
    .join("\n");
  const named = [...text.matchAll(/template: ["`]([^"`]+)["`]/g)].map(([, name]) => new RegExp(`^${(name as string).replaceAll(".", "\\.").replaceAll(/\$\{[^}]*\}/g, ".+")}$`));
  const templates = roles.flatMap((role) => filesIn(role, "templates").map((name) => [role, name]));
  expect(templates.filter(([, name]) => !text.includes(`"${name}"`) && !named.some((pattern) => pattern.test(name as string)))).toEqual([]);
});

it("every file of a role is delivered to some host, as it lies there", () => {
  const delivered = new Set(hosts.flatMap((host) => host.files.map(({ role, content }) => `${role}\n${content}`)));
  const files = roles.flatMap((role) => filesIn(role, "files").map((name) => [role, name] as const));
  expect(files.filter(([role, name]) => !delivered.has(`${role}\n${readFileSync(join(ROLES, role, "files", name), "utf8")}`))).toEqual([]);
});

it("paths that roles check files by are paths that are delivered", () => {
  for (const [host, validated] of [
    [hosts[0], ["/etc/squid/squid.conf", "/etc/squid/inner.conf", "/etc/logrotate.d/squid", "/etc/aws2ncp/firewall.nft", "/etc/sudoers.d/aws2ncp"]],
    [hosts[1], ["/etc/logrotate.d/aws2ncp-sync"]],
  ] as const)
    expect(host?.files.map((file) => file.path)).toEqual(expect.arrayContaining([...validated]));
  for (const role of roles.filter((name) => existsSync(join(ROLES, name, "vars/main.yml")))) {
    const checks = (yaml(role, "vars/main.yml") as Record<string, Record<string, string>>)[`${role}_validate`] ?? {};
    const delivered = hosts.flatMap((host) => host.files.filter((file) => file.role === role).map((file) => file.path));
    expect(Object.keys(checks).filter((path) => !delivered.includes(path))).toEqual([]);
  }
});

it("the roles' tables and the rendering agree on the families", () => {
  for (const [os, family] of [
    ["Debian", "debian"],
    ["RedHat", "redhat"],
  ] as const)
    expect((yaml("sshd", "vars", `${os}.yml`) as Record<string, string>)["sshd_conf"]).toBe(PLATFORMS[family].sshd.conf);
});

it("each family has a name for every package and service", () => {
  const table = (os: string): Record<string, unknown> =>
    Object.assign({}, ...roles.filter((role) => existsSync(join(ROLES, role, `vars/${os}.yml`))).map((role) => yaml(role, "vars", `${os}.yml`))) as Record<string, unknown>;
  expect(table("Debian")).toEqual({
    airflow_packages: ["python3-venv"],
    airflow_python: "/usr/bin/python3",
    hadoop_node_packages: ["openjdk-8-jdk-headless", "python3", "python3-distro", "unzip", "curl"],
    java_home: "/usr/lib/jvm/java-8-openjdk-amd64",
    java_packages: ["openjdk-8-jre-headless", "openssl", "python3"],
    postgresql_home: "/var/lib/postgresql",
    postgresql_main: "/etc/postgresql/{{ postgresql_version }}/main/postgresql.conf",
    postgresql_packages: ["postgresql", "python3"],
    postgresql_programs: "/usr/lib/postgresql/{{ postgresql_version }}/bin",
    postgresql_service: "postgresql@{{ postgresql_version }}-main",
    presto_packages: ["logrotate", "python3"],
    s3a_packages: ["openssl", "python3"],
    schedule_package: "cron",
    schedule_service: "cron",
    squid_packages: ["squid-openssl", "logrotate"],
    sshd_conf: "/etc/ssh/sshd_config.d/00-aws2ncp.conf",
    sshd_service: "ssh",
    sync_packages: ["logrotate", "python3", "tzdata"],
    time_service: "chrony",
  });
  expect(table("RedHat")).toEqual({
    airflow_packages: ["python3.11"],
    airflow_python: "/usr/bin/python3.11",
    hadoop_node_packages: ["java-1.8.0-openjdk-devel", "python3", "python3-distro", "unzip", "curl"],
    java_home: "/usr/lib/jvm/jre-1.8.0-openjdk",
    java_packages: ["java-1.8.0-openjdk-headless", "openssl", "python39"],
    postgresql_home: "/var/lib/pgsql",
    postgresql_main: "{{ postgresql_data }}/postgresql.conf",
    postgresql_packages: ["{{ '@postgresql:13/server' if ansible_facts.distribution_major_version == '8' else 'postgresql-server' }}", "python39"],
    postgresql_programs: "/usr/bin",
    postgresql_service: "postgresql",
    presto_packages: ["logrotate", "python39"],
    s3a_packages: ["openssl", "python39"],
    schedule_package: "cronie",
    schedule_service: "crond",
    squid_packages: ["squid", "logrotate"],
    sshd_conf: "/etc/ssh/sshd_config",
    sshd_service: "sshd",
    sync_packages: ["logrotate", "python39", "tzdata"],
    time_service: "chronyd",
  });
});

it("what carries a secret is never shown", () => {
  const secret = tasksOf("deliver").filter((task) => JSON.stringify(task).includes("host_secret_files") && "ansible.builtin.copy" in task);
  expect(secret.map((task) => [task.name, task["no_log"], task["diff"]])).toEqual([["Deliver secrets", true, false]]);
});

it("tasks use Ansible's own modules, and no shell", () => {
  const keywords = /^(name|when|loop|loop_control|register|changed_when|failed_when|notify|vars|no_log|diff|until|retries|delay|environment)$/;
  for (const role of roles)
    for (const task of tasksOf(role)) {
      const modules = Object.keys(task).filter((key) => !keywords.test(key));
      expect([role, task.name, modules.length, modules.every((name) => /^ansible\.builtin\.(?!shell|raw|script)/.test(name))]).toEqual([role, task.name, 1, true]);
    }
});
