import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { aws, DATA_SOURCES, RESOURCES } from "../../../../sandbox/cloud/aws/cloud";
import { boundProvider } from "../../../../sandbox/cloud/aws/bindings";
import { FACTS } from "../../../../sandbox/cloud/aws/rules";
import { Platform } from "../../../../sandbox/cloud/platform";
import { synthStacks } from "../../../constructs/synth";
import { fakeMachinery } from "../fake-machinery";

const folder = mkdtempSync(join(tmpdir(), "aws-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const cloud = aws(new Platform(folder, fakeMachinery(join(folder, "fakes")).machinery));

const ofAws = (types: object = {}): string[] => Object.keys(types).filter((type) => type.startsWith("aws_"));

it("plays the types that the stack uses, those and no others, in the version that it pins", () => {
  const { source } = synthStacks();
  expect(Object.keys(RESOURCES)).toEqual(ofAws(source.resource));
  expect(Object.keys(DATA_SOURCES).sort()).toEqual(ofAws(source.data).sort());
  expect(Object.keys(cloud.schema.resource_schemas)).toEqual(Object.keys(RESOURCES));
  expect(Object.keys(cloud.schema.data_source_schemas)).toEqual(Object.keys(DATA_SOURCES));
  expect(source.terraform["required_providers"]).toMatchObject({ aws: { version: boundProvider().version } });
});

it("states facts about attributes that the schema has", () => {
  const stated = Object.entries(FACTS).flatMap(([type, { replaces, defaults = {}, checks = {}, refused = [] }]) =>
    [...replaces, ...Object.keys(defaults), ...Object.keys(checks), ...refused].map((name) => [type, name] as const),
  );
  const missing = stated.filter(
    ([type, name]) => cloud.schema.resource_schemas[type]?.block.attributes?.[name] === undefined,
  );
  expect(missing).toEqual([]);
});

describe("the provider's configuration", () => {
  const before = { ...process.env };
  beforeEach(() => {
    for (const name of ["AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_REGION"]) delete process.env[name];
  });
  afterEach(() => {
    process.env = { ...before };
  });
  const told = (config: Readonly<Record<string, unknown>>): string[] =>
    cloud.configure(config).map(({ message }) => message.split("\n")[0] as string);

  it("wants a region and credentials, from wherever the real provider takes them", () => {
    expect(told({})).toEqual(["region is missing", "No valid credential sources found"]);
    expect(told({ region: "ap-northeast-2", access_key: "a" })).toEqual([]);
    process.env["AWS_PROFILE"] = "company";
    process.env["AWS_REGION"] = "ap-northeast-2";
    expect(told({ region: null, default_tags: [] })).toEqual([]);
  });

  it("refuses what would change answers", () => {
    process.env["AWS_ACCESS_KEY_ID"] = "key";
    expect(told({ region: "ap-northeast-2", endpoints: [{ s3: "x" }], assume_role: [{ role_arn: "x" }] })).toEqual([
      "the sandbox does not play assume_role",
      "the sandbox does not play endpoints",
    ]);
  });
});
