import { DATA_SOURCES } from "../../../sandbox/cloud/data-sources";
import { images, specOf } from "../../../sandbox/cloud/catalogue";
import { fitting } from "../../../sandbox/cloud/filters";
import { ncloud } from "../../../sandbox/cloud/ncloud";
import { Platform } from "../../../sandbox/cloud/platform";
import { RESOURCES } from "../../../sandbox/cloud/resources";
import { fakeMachinery } from "./fake-machinery";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folder = mkdtempSync(join(tmpdir(), "types-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const cloud = ncloud(new Platform(folder, fakeMachinery(join(folder, "fakes")).machinery));

it("plays only types that the real provider has, and loads each of their handlers", () => {
  expect(Object.keys(RESOURCES).filter((type) => !(type in cloud.schema.resource_schemas))).toEqual([]);
  expect(Object.keys(DATA_SOURCES).filter((type) => !(type in cloud.schema.data_source_schemas))).toEqual([]);
  const refused = Object.keys(RESOURCES).filter((type) => "refusal" in cloud.resource(type));
  expect(refused).toEqual(["ncloud_login_key"]);
});

it("refuses every other type, in words that say what to do", () => {
  for (const type of Object.keys(cloud.schema.resource_schemas).filter((name) => !(name in RESOURCES)))
    expect(cloud.resource(type)).toEqual({
      refusal: expect.stringContaining("the sandbox has no stand-in for it") as string,
    });
  expect(cloud.data("ncloud_hadoop_add_on")).toHaveProperty("refusal");
});

it("knows how every resource of the real provider behaves", () => {
  for (const type of Object.keys(cloud.schema.resource_schemas))
    expect(cloud.behaviour(type).framework).toEqual(expect.any(Boolean));
  expect(cloud.behaviour("ncloud_subnet")).toMatchObject({ framework: true });
  expect(cloud.behaviour("ncloud_server")).toMatchObject({ framework: false, keptBlocks: ["network_interface"] });
});

it("wants credentials and support_vpc", () => {
  const before = { ...process.env };
  process.env["NCLOUD_ACCESS_KEY"] = "key";
  delete process.env["NCLOUD_SECRET_KEY"];
  expect(cloud.configure({}).map(({ message }) => message.split("\n")[0])).toEqual([
    "secret_key is missing",
    "support_vpc is not true",
  ]);
  expect(cloud.configure({ secret_key: "s", support_vpc: true })).toEqual([]);
  process.env = before;
});

it("offers images by name, one of them with a number that nobody takes for a real one", () => {
  expect(images().filter(({ name }) => name === "ubuntu-22.04-base")).toEqual([
    { number: "sandbox-ubuntu-22.04-base", name: "ubuntu-22.04-base", hypervisor: "KVM" },
  ]);
});

it.each([
  ["c2-g3", { hypervisor: "KVM", cpus: 2, memoryGb: 4 }],
  ["m16-g3", { hypervisor: "KVM", cpus: 16, memoryGb: 128 }],
  ["s2-g2-s50", { hypervisor: "XEN", cpus: 2, memoryGb: 8 }],
])("reads the spec %s", (code, spec) => {
  expect(specOf(code)).toMatchObject(spec);
});

describe("data sources choose", () => {
  const items = [
    { id: "1", name: "public", type: "PUBLIC" },
    { id: "2", name: "private", type: "PRIVATE" },
  ];
  it("by arguments, by filters, by lists of ids, all of them together", () => {
    const names = (config: object, query = {}) => fitting(items, config as never, query).map(({ name }) => name);
    expect(names({})).toEqual(["public", "private"]);
    expect(names({ type: "PUBLIC", name: null })).toEqual(["public"]);
    expect(names({ filter: [{ name: "name", values: ["p.*e$"], regex: true }] })).toEqual(["private"]);
    expect(names({ filter: [{ name: "name", values: ["public", "other"] }], type: "PRIVATE" })).toEqual([]);
    expect(names({ numbers: ["2"] }, { idLists: ["numbers"] })).toEqual(["private"]);
    expect(names({ label: "private" }, { aliases: { label: "name" } })).toEqual(["private"]);
  });

  it("and refuse to choose by what is not known", () => {
    expect(() => fitting(items, { output_file: "x" }, {})).toThrow(
      "the sandbox can't choose by output_file\n  allowed here: id, name, type",
    );
  });
});
