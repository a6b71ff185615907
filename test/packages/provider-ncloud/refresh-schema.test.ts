import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PACKAGE = join(__dirname, "../../../packages/provider-ncloud");
const SCHEMA = join(PACKAGE, "data/schema.json");
const PROGRAM = join(PACKAGE, "dist/scripts/refresh-schema.js");

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "refresh-"))));
afterEach(() => rmSync(folder, { recursive: true }));

const run = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, ...args], { encoding: "utf8", cwd: folder });
  return { status, stdout, stderr };
};

/** Writes the committed schema with changes, as terraform would print it: with descriptions, other providers, another order. */
function newSchema(change: (provider: any) => void): string {
  const document = JSON.parse(readFileSync(SCHEMA, "utf8"));
  const [[address, provider]] = Object.entries<any>(document.provider_schemas) as [[string, any]];
  change(provider);
  provider.resource_schemas.ncloud_subnet.block.attributes.name.description = "Name of the subnet";
  provider.resource_schemas.ncloud_subnet.block.description_kind = "plain";
  const file = join(folder, "new.json");
  writeFileSync(
    file,
    JSON.stringify({ provider_schemas: { "example.test/other/one": {}, [address]: provider }, format_version: "1.0" }),
  );
  return file;
}

const target = (): string => {
  const file = join(folder, "schema.json");
  writeFileSync(file, readFileSync(SCHEMA));
  return file;
};

it("writes the same bytes when nothing changed", () => {
  const into = target();
  const { status, stdout } = run(
    "--into",
    into,
    newSchema(() => undefined),
  );
  expect(stdout).toBe(`nothing changed; ${into} written\n`);
  expect(status).toBe(0);
  expect(readFileSync(into, "utf8")).toBe(readFileSync(SCHEMA, "utf8"));
});

const change = (provider: any): void => {
  const resources = provider.resource_schemas;
  resources.ncloud_vpc.block.attributes.ipv6 = { type: "string", optional: true };
  resources.ncloud_subnet.block.attributes.name = { type: "string", required: true };
  resources.ncloud_server.block.block_types.network_interface.max_items = 3;
  resources.ncloud_access_control_group_rule.block.attributes.inbound.type[1][1].label = "string";
  resources.ncloud_new = { version: 0, block: { attributes: {} } };
  delete provider.data_source_schemas.ncloud_vpcs;
};

it("says exactly what was added, removed and changed", () => {
  const into = target();
  const { status, stdout } = run("--into", into, newSchema(change));
  expect(stdout.split("\n")).toEqual([
    "+ resource ncloud_access_control_group_rule.inbound.label: optional string",
    "+ resource ncloud_new",
    "~ resource ncloud_server.network_interface: max_items any number -> 3",
    "~ resource ncloud_subnet.name: use optional computed -> required",
    "+ resource ncloud_vpc.ipv6: optional string",
    "- data source ncloud_vpcs",
    `6 changes; ${into} written`,
    "next: set the version in package.json to the provider's, run `npm run build` and the tests",
    "",
  ]);
  expect(status).toBe(0);
  expect(run("--check", "--into", into, join(folder, "new.json")).status).toBe(0);
});

it("finds rules that lose their attribute", () => {
  const into = target();
  const file = newSchema((provider) => delete provider.resource_schemas.ncloud_vpc.block.attributes.name);
  const { status, stdout } = run("--json", "--into", into, file);
  expect(JSON.parse(stdout)).toEqual({
    written: true,
    changes: [
      { kind: "resource", type: "ncloud_vpc", path: "name", change: "removed", before: "optional computed string" },
    ],
    rulesWithoutAttribute: ["ncloud_vpc.name"],
  });
  expect(status).toBe(1);
});

it("writes nothing with --check, and exits with 1 when there are changes", () => {
  const into = target();
  expect(run("--check", "--into", into, newSchema(change)).status).toBe(1);
  expect(readFileSync(into, "utf8")).toBe(readFileSync(SCHEMA, "utf8"));
});

it("says what is wrong with its use", () => {
  const empty = join(folder, "empty.json");
  writeFileSync(empty, "{}");
  expect(run()).toEqual({
    status: 2,
    stdout: "",
    stderr: "refresh-schema: 0 files given; allowed: exactly one\ntry: refresh-schema --help\n",
  });
  expect(run("none.json").stderr).toMatch(/^refresh-schema: .*none\.json can't be read: ENOENT/);
  expect(run(empty).stderr).toMatch(
    /^refresh-schema: .*empty\.json holds no schema of navercloudplatform\/ncloud; found: none; /,
  );
  expect(run("--colour").status).toBe(2);
  const help = run("--help");
  expect([help.status, help.stdout.includes("Example:")]).toEqual([0, true]);
});
