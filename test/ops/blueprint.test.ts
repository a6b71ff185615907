/** `aws2ncp blueprint check` on files, as a person calls it. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exitCodeFor, program } from "../../ops/main";
import { blueprintOf, creationTemplateOf, textOf } from "../../pipeline/hadoop/render";
import { cluster } from "../fixtures/cluster";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "blueprint-"))));
afterEach(() => rmSync(folder, { recursive: true }));

const write = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

/** Exit code and output, the folder's path taken away. */
async function run(...args: string[]): Promise<{ code: number; out: string }> {
  let out = "";
  const spy = jest.spyOn(process.stdout, "write").mockImplementation((text) => ((out += String(text)), true));
  const quiet = jest.spyOn(process.stderr, "write").mockReturnValue(true);
  const before = process.exitCode;
  process.exitCode = 0;
  try {
    await program().parseAsync(["blueprint", "check", ...args], { from: "user" });
    return { code: Number(process.exitCode), out: out.replaceAll(`${folder}/`, "") };
  } catch (error) {
    return { code: exitCodeFor(error), out: (error as Error).message.replaceAll(`${folder}/`, "") };
  } finally {
    spy.mockRestore();
    quiet.mockRestore();
    process.exitCode = before;
  }
}

const goodBlueprint = (): string => textOf(blueprintOf(cluster()));
const goodTemplate = (): string => textOf(creationTemplateOf(cluster()));
/** Line and column of a text in a file, from 1. */
function placeOf(text: string, part: string): string {
  const before = text.slice(0, text.indexOf(part)).split("\n");
  return `${before.length}:${(before.at(-1) ?? "").length + 1}`;
}

it("ends with 0 for a good blueprint, alone and with its template", async () => {
  const blueprint = write("b.json", goodBlueprint());
  const template = write("t.json", goodTemplate());
  expect(await run(blueprint)).toEqual({ code: 0, out: "b.json: no problem\n" });
  expect(await run(blueprint, "--template", template)).toEqual({ code: 0, out: "b.json, t.json: no problem\n" });
});

it("ends with 1 and tells every problem at its place", async () => {
  const text = goodBlueprint()
    .replace('"dfs.replication": "3"', '"dfs.replication": 4')
    .replace('"name": "NAMENODE"', '"name": "HCAT"');
  const { code, out } = await run(write("b.json", text));
  expect(code).toBe(1);
  expect(out).toBe(
    [
      `b.json:${placeOf(text, '"dfs.replication"')}  configurations.5.hdfs-site.properties.dfs.replication: property hdfs-site/dfs.replication: 4 is no text; Ambari takes it and hands on something else`,
      "  allowed: a text in quotes",
      '  try: write "4"',
      `b.json:${placeOf(text, '"dfs.replication"')}  configurations.5.hdfs-site.properties.dfs.replication: property hdfs-site/dfs.replication: 4 copies of each block, on 3 DataNodes`,
      "  allowed: 1 to 3",
      `b.json:${placeOf(text, '"host_groups"')}  host_groups: component NAMENODE: stands in no host group, although HDFS is in the blueprint`,
      "  allowed: 1 or more host groups with it",
      '  try: add {"name": "NAMENODE"} to a host group',
      `b.json:${placeOf(text, '{\n          "name": "HCAT"')}  host_groups.0.components.0: host group master1, component HCAT: is no component of HDP 3.1`,
      "  allowed: components of AMBARI_METRICS, HDFS, HIVE, KERBEROS, MAPREDUCE2, RANGER, SPARK2, SQOOP, TEZ, YARN, ZOOKEEPER; this check has no data on ACCUMULO, AMBARI_INFRA_SOLR, ATLAS, DRUID, HBASE, KAFKA, KNOX, LOGSEARCH, OOZIE, PIG, RANGER_KMS, STORM, SUPERSET, ZEPPELIN",
      "b.json: 4 problems",
      "",
    ].join("\n"),
  );
});

it("tells the template's problems in the template's lines", async () => {
  const text = goodTemplate().replace('"name": "master2"', '"name": "master9"');
  const { code, out } = await run(write("b.json", goodBlueprint()), "--template", write("t.json", text));
  expect(code).toBe(1);
  expect(out.split("\n").filter((line) => line.startsWith("t.json"))).toEqual([
    `t.json:${placeOf(text, '"host_groups"')}  host_groups: host group master2: gets no host: the cluster would wait for one for ever`,
    `t.json:${placeOf(text, '"name": "master9"')}  host_groups.1.name: host group master9: is no host group of the blueprint; Ambari answers with an internal error`,
  ]);
});

it("prints one JSON document", async () => {
  const file = write("b.json", goodBlueprint().replace('"dfs.replication": "3"', '"dfs.replication": "4"'));
  const { code, out } = await run(file, "--json");
  expect(code).toBe(1);
  expect(JSON.parse(out)).toEqual({
    ok: false,
    files: ["b.json"],
    problems: [
      {
        file: "b.json",
        line: expect.any(Number),
        column: 11,
        path: ["configurations", 5, "hdfs-site", "properties", "dfs.replication"],
        rule: "replication",
        refusedByAmbari: "never",
        property: "hdfs-site/dfs.replication",
        value: "4",
        message: "4 copies of each block, on 3 DataNodes",
        allowed: "1 to 3",
      },
    ],
  });
  const good = await run(write("g.json", goodBlueprint()), "--json");
  expect([good.code, JSON.parse(good.out)]).toEqual([0, { ok: true, files: ["g.json"], problems: [] }]);
});

it("ends with 2 for a file that is not there, or no JSON", async () => {
  expect(await run(join(folder, "none.json"))).toEqual({
    code: 2,
    out: `none.json: can't be read: ENOENT: no such file or directory, open 'none.json'\n  try: npx aws2ncp blueprint check --help`,
  });
  const broken = await run(write("b.json", '{"Blueprints":{\n'));
  expect(broken.code).toBe(2);
  expect(broken.out).toMatch(/^b\.json:2:1 {2}is no JSON: .*\n {2}allowed: a blueprint in JSON$/);
  const yaml = await run(write("b.yaml", "Blueprints:\n  stack_name: HDP\n"));
  expect([yaml.code, yaml.out]).toEqual([2, expect.stringMatching(/^b\.yaml:\d+:\d+ {2}is no JSON: Unexpected token/)]);
  expect((await run(write("c.json", goodBlueprint()), "--template", join(folder, "none.json"))).code).toBe(2);
  expect((await run()).code).toBe(2);
});

it("says which file is which when they are swapped", async () => {
  const [blueprint, template] = [write("b.json", goodBlueprint()), write("t.json", goodTemplate())];
  const { code, out } = await run(template, "--template", blueprint);
  expect(code).toBe(1);
  expect(out.split("\n").filter((line) => !line.startsWith(" "))).toEqual([
    "t.json:2:3  blueprint: this is a creation template, not a blueprint",
    `b.json:2:3  Blueprints: this is a blueprint, not a creation template`,
    "t.json, b.json: 2 problems",
    "",
  ]);
});

it("finds a key that stands twice, and takes tabs", async () => {
  const text =
    '{\n\t"Blueprints": {"stack_name": "HDP", "stack_version": "3.1"},\n\t"host_groups": [],\n\t"host_groups": []\n}';
  const { code, out } = await run(write("b.json", text));
  expect(code).toBe(1);
  expect(out.split("\n").filter((line) => !line.startsWith(" "))).toEqual([
    "b.json:3:2  host_groups: [] holds no host group",
    "b.json:4:2  this key stands twice; the last one counts",
    "b.json: 2 problems",
    "",
  ]);
});
