/** `aws2ncp metastore rebuild` as a command: what it refuses, what it prints, how it ends. The rebuild itself is real. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { makeAuthority } from "../../../authority/x509";
import { writeResults } from "../../../hooks/deliver/results";
import type { AccessOptions } from "../../../metastore/access";
import { ConnectionLost } from "../../../metastore/thrift/connection";
import { exitCodeFor, program } from "../../../ops/main";
import { pipelineFile, wholePipelineFile } from "../../fixtures/pipeline";
import { makeKey } from "../../hooks/sshd";
import { FakeMetastore } from "../../metastore/fake-metastore";
import { FakePresto } from "../../metastore/fake-presto";
import { FakeStorage } from "../../metastore/fake-storage";
import { intsFile } from "../../metastore/parquet-files";
import { scratch } from "../programs";

/** What the tests put in place of the tunnels, and of ctrl-C. */
const mockOpened: AccessOptions[] = [];
let mockAccess: () => object;
jest.mock("../../../metastore/access", () => ({
  ...jest.requireActual<object>("../../../metastore/access"),
  accessThroughTunnels: async (options: AccessOptions) => {
    mockOpened.push(options);
    return mockAccess();
  },
}));
let mockStop = new AbortController();
jest.mock("../../../sandbox/rehearsal/interrupt", () => {
  const real = jest.requireActual<object>("../../../sandbox/rehearsal/interrupt");
  return Object.defineProperty({ ...real }, "interrupted", { get: () => mockStop.signal });
});

const folder = scratch();
let secrets: Record<string, string>;
let storage: FakeStorage;
let presto: FakePresto;
let metastore: FakeMetastore;
let file: string;
let closed: number;

beforeAll(async () => {
  secrets = {
    deploy: makeKey(folder, "deploy").privateKey,
    "ncp-access-key-id": "ABCDEFGHIJKLMNOPQRST",
    "ncp-secret-access-key": "abcdefghijklmnopqrstuvwxyz0123456789ABCD",
    "ca.crt": (await makeAuthority("test")).certificate,
    "presto-batch-password": "a-long-enough-password",
  };
});
beforeEach(async () => {
  storage = await new FakeStorage().start();
  presto = await new FakePresto().start();
  metastore = new FakeMetastore();
  mockStop = new AbortController();
  mockOpened.splice(0);
  closed = 0;
  const client = storage.client();
  mockAccess = () => ({
    storage: client,
    metastore: metastore.client,
    presto: { client: presto.client, catalog: "hive" },
    close: () => {
      closed++;
      client.destroy();
    },
  });
  file = wholePipelineFile();
  keep(secrets);
  const host = { ip: "10.20.1.20", ok: true, tasks: 1, changed: 0, failed: 0, changedTasks: [], seconds: 1 };
  writeResults(state(), {
    ...{ stack: "batch-cluster", manifest: "m", ok: true, started: "2026-11-24T16:00:00.000Z", seconds: 1 },
    bastionAddress: "198.51.100.9",
    hosts: [{ ...host, name: "hdp-1", server: "1003" }],
  });
  storage.put("aws2ncp-hive", "hive/small/a.parquet", await intsFile(3));
  storage.put("aws2ncp-event-log", "event_log/2020/01/01/15/a.gz", gzipSync('{"n":1}\n{"n":2}\n'));
  storage.put("aws2ncp-api-log", "api_log/2020/01/01/a.gz", gzipSync('{"n":1}\n'));
  presto.answer = (sql) =>
    sql.includes(`"small"`)
      ? [["s3a://aws2ncp-hive/hive/small/a.parquet", 3]]
      : sql.includes(`"event_log"`)
        ? [["s3a://aws2ncp-event-log/event_log/2020/01/01/15/a.gz", 2]]
        : [["s3a://aws2ncp-api-log/api_log/2020/01/01/a.gz", 1]];
});
afterEach(async () => {
  await storage.stop();
  await presto.stop();
});

const state = (): string => join(dirname(file), "out/sandbox/state");
const evidence = (): Record<string, any> => JSON.parse(readFileSync(join(state(), "metastore.json"), "utf8"));

function keep(values: Record<string, string>): void {
  const at = join(dirname(file), "out/sandbox/secrets");
  mkdirSync(at, { recursive: true });
  for (const [name, value] of Object.entries(values)) writeFileSync(join(at, name), value);
}

/** Runs it; its exit code, what it printed, and the error that it ended with. */
async function rebuild(...args: string[]): Promise<{ code: number; out: string; error?: string }> {
  let out = "";
  const spies = [
    jest.spyOn(process.stdout, "write").mockImplementation((text) => ((out += String(text)), true)),
    jest.spyOn(process.stderr, "write").mockImplementation(() => true),
  ];
  const words = ["metastore", "rebuild", ...args, ...(args.includes("--pipeline") ? [] : ["--pipeline", file])];
  try {
    await program().parseAsync(words, { from: "user" });
    return { code: Number(process.exitCode ?? 0), out };
  } catch (error) {
    return { code: exitCodeFor(error), out, error: (error as Error).message };
  } finally {
    process.exitCode = undefined;
    spies.forEach((spy) => spy.mockRestore());
  }
}

it("writes, proves, keeps the evidence with the metastore's server, and ends with 0", async () => {
  const { code, out } = await rebuild("--count-lines");
  expect(code).toBe(0);
  expect(out.split("\n").map((line) => line.replace(/; \d[\d.]* s$/, ""))).toEqual([
    "company.small  exact  1 file, 3 rows; created",
    "logs.api_log  exact  1 file, 1 partition, 1 row; created, 1 partition added",
    "logs.event_log  exact  1 file, 1 partition, 2 rows; created, 1 partition added",
    "3 tables, 2 partitions, 6 rows: all exact",
    "",
  ]);
  expect(evidence()).toMatchObject({ server: "1003", tables: 3, rows: 6, exact: true });
  expect(mockOpened[0]?.again).toBe(`npx aws2ncp metastore rebuild --pipeline ${file} --count-lines`);
  expect(closed).toBe(1);
  expect(existsSync(join(state(), "locks", "metastore.json"))).toBe(false);
});

it("says what nobody has counted, and how; that is no failure", async () => {
  const lines = '{"n":1}\n'.repeat(1_500);
  storage.put("aws2ncp-event-log", "event_log/2020/01/01/15/a.gz", gzipSync(lines));
  presto.answer = () => [["s3a://aws2ncp-event-log/event_log/2020/01/01/15/a.gz", 1_500]];
  const { code, out } = await rebuild("event_log");
  expect(code).toBe(0);
  expect(out).toContain("logs.event_log  not proved  ");
  expect(out).toContain("1 table not proved: --count-lines reads their lines");
});

it("prints one JSON document: the evidence", async () => {
  await rebuild("event_log", "--count-lines");
  const { code, out } = await rebuild("hive", "--json");
  expect(code).toBe(0);
  expect(JSON.parse(out)).toEqual(evidence());
  expect(evidence()["results"].map(({ table }: { table: string }) => table)).toEqual([
    "company.small",
    "logs.event_log",
  ]);
});

it("prints the DDL of a dry run, and leaves metastore and evidence alone", async () => {
  const { code, out } = await rebuild("hive", "--dry-run");
  expect(code).toBe(0);
  expect(out).toMatch(/^CREATE DATABASE IF NOT EXISTS `company`;\n/);
  expect(out).toMatch(/\nCREATE EXTERNAL TABLE `company`\.`small` \(\n {2}`id` int\n\)/);
  expect(out).toMatch(/\ncompany\.small {2}1 file, 3 rows\n$/);
  const { ddl } = JSON.parse((await rebuild("hive", "--dry-run", "--json")).out);
  expect(ddl).toHaveLength(2);
  expect(metastore.writes).toEqual([]);
  expect(existsSync(join(state(), "metastore.json"))).toBe(false);
});

it("ends with 1 where Presto counts otherwise", async () => {
  presto.answer = () => [["s3a://aws2ncp-hive/hive/small/a.parquet", 2]];
  const { code, out } = await rebuild("hive");
  expect(code).toBe(1);
  expect(out).toContain(
    "company.small  DRIFTED  1 file, 3 rows; created\n  hive/small/a.parquet: 3 rows by the file, 2 by Presto\n",
  );
  expect(evidence()).toMatchObject({ exact: false });
});

describe("wrong use", () => {
  it("of a pipeline without tables", async () => {
    const logs = pipelineFile();
    expect(await rebuild("--pipeline", logs)).toEqual({
      code: 2,
      out: "",
      error: `${logs}: no tables: nothing says what the metastore is rebuilt from\n  try: docs/metastore.md, the section tables of the pipeline file`,
    });
  });

  it("of a name that no table can have: nothing is done, not even to the others", async () => {
    expect(await rebuild("event_log", "evnt_log", "sales.t")).toEqual({
      code: 2,
      out: "",
      error: "evnt_log, sales.t: no such table\n  allowed: api_log, event_log, hive, or DATABASE.TABLE of one of them",
    });
    expect([mockOpened.length, metastore.writes]).toEqual([0, []]);
  });

  it("of a name that a listing does not show: what was found beside it is done and told", async () => {
    const { code, out, error } = await rebuild("company.none", "company.small");
    expect([code, error?.split("\n")[0]]).toEqual([2, "company.none: no such table"]);
    expect(out).toContain("company.small  exact");
    expect(evidence()).toMatchObject({ tables: 1, exact: true });
  });
});

it("names every secret that is missing or wrong, and does nothing", async () => {
  file = wholePipelineFile();
  keep({ ...secrets, deploy: "no key", "presto-batch-password": "" });
  const { code, error } = await rebuild();
  expect(code).toBe(1);
  expect(error).toMatch(/^secrets are missing or wrong; nothing was done\n/);
  expect(error).toContain("\n  secrets.presto_batch_password.from: ");
  expect(error).toContain("\n  secrets.deploy_ssh_key.from: ");
  expect(error).not.toContain("no key");
  expect(error).toMatch(/\n {2}try: docs\/secrets\.md$/);
  expect(mockOpened).toEqual([]);
});

it("does not begin beside another rebuild, and names it", async () => {
  const holder = { pid: process.pid, machine: `not-${hostname()}`, user: "ops", since: "2026-11-24T16:00:00Z" };
  mkdirSync(join(state(), "locks"), { recursive: true });
  writeFileSync(join(state(), "locks", "metastore.json"), JSON.stringify({ ...holder, doing: "metastore rebuild" }));
  const { code, error } = await rebuild();
  expect(code).toBe(1);
  expect(error).toContain(`holder: pid ${process.pid} of ops on not-${hostname()}`);
  expect(mockOpened).toEqual([]);
});

describe("half-way", () => {
  it("a lost connection ends it with 1, and the command that goes on", async () => {
    metastore.before = () => {
      throw new ConnectionLost("hdp-1:9083: the connection was lost");
    };
    const { code, error } = await rebuild("hive");
    expect(code).toBe(1);
    expect(error).toBe(
      `hdp-1:9083: the connection was lost\n  try: npx aws2ncp metastore rebuild hive --pipeline ${file} (it goes on where it was)`,
    );
    expect(closed).toBe(1);
    metastore.before = () => undefined;
    expect((await rebuild("hive")).code).toBe(0);
  });

  it("ctrl-C ends it with 130, and the command that goes on", async () => {
    metastore.before = (write) => {
      if (write.startsWith("createTable")) mockStop.abort(new Error("ctrl-C"));
    };
    const { code, error } = await rebuild("hive", "--remove-vanished");
    expect(code).toBe(130);
    expect(error).toBe(
      `interrupted\n  try: npx aws2ncp metastore rebuild hive --pipeline ${file} --remove-vanished (it goes on where it was)`,
    );
    expect(existsSync(join(state(), "locks", "metastore.json"))).toBe(false);
    expect(existsSync(join(state(), "metastore.json"))).toBe(false);
  });
});
