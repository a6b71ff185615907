/** Every verdict of a running Ambari 2.8.2 (fixtures/hadoop/ambari-verdicts.json), reproduced; what is stricter is listed. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkText } from "../../../pipeline/hadoop/check-text";
import { ambariRules, BLUEPRINT_RULES } from "../../../pipeline/hadoop/rules";

interface Verdict {
  readonly name: string;
  readonly status: number;
  readonly blueprint: unknown;
}

const { verdicts } = JSON.parse(
  readFileSync(join(__dirname, "../../fixtures/hadoop/ambari-verdicts.json"), "utf8"),
) as { verdicts: Verdict[] };

/** As it was posted: one of them is no JSON. */
const textOf = ({ blueprint }: Verdict): string =>
  typeof blueprint === "string" ? blueprint : JSON.stringify(blueprint, null, 2);

const rulesBroken = (verdict: Verdict, rules = BLUEPRINT_RULES): string[] =>
  [
    ...new Set(
      checkText({ name: "blueprint.json", text: textOf(verdict) }, undefined, rules).map(({ problem }) => problem.rule),
    ),
  ].sort();

/** Accepted by the server, refused here. */
const STRICTER: Readonly<Record<string, readonly string[]>> = {
  "no HIVE_METASTORE (auto-deploy HS2)": ["silent-addition"],
  "no TEZ at all": ["required-service"],
  "no YARN service, spark kept": ["absent-service", "required-service"],
  "NN HA 2 JN only": ["ha-journalnodes"],
  "config type of absent service (kafka-broker)": ["unknown-type"],
  "duplicate host group name": ["group-twice", "two-namenodes"],
  "numeric property value": ["value-type"],
  "null property value": ["value-type"],
};

/** Refused by the server; and the rule that says why. */
const REFUSED: Readonly<Record<string, readonly string[]>> = {
  "unknown component": ["component"],
  "no DATANODE": ["cardinality"],
  "two SECONDARY_NAMENODE": ["cardinality"],
  "no RESOURCEMANAGER": ["cardinality"],
  "no TIMELINE_READER": ["cardinality"],
  "three RESOURCEMANAGER": ["cardinality"],
  "NN HA no JOURNALNODE": ["dependency"],
  "NN HA initial standby in wrong group": ["initial-namenodes"],
  "LZO codec, gpl off": ["lzo"],
  "MYSQL_SERVER + existing db": ["mysql-server"],
  "group without components": ["group-components", "replication"],
  "config element with two types": ["configurations"],
  "invalid JSON": ["json"],
};

it("knows all verdicts", () => {
  expect(verdicts).toHaveLength(24);
  expect(verdicts.filter(({ status }) => status === 400).map(({ name }) => name)).toEqual(Object.keys(REFUSED));
  const accepted = verdicts.filter(({ status }) => status === 201).map(({ name }) => name);
  expect(accepted.filter((name) => name in STRICTER)).toEqual(Object.keys(STRICTER));
  expect(accepted.filter((name) => !(name in STRICTER))).toEqual(["valid", "NN HA ok", "cardinality garbage"]);
});

it.each(verdicts.map((verdict) => [verdict.name, verdict] as const))(
  "the server's own rules agree: %s",
  (_, verdict) => {
    expect(rulesBroken(verdict, ambariRules("blueprint")).length > 0).toBe(verdict.status === 400);
  },
);

it.each(verdicts.map((verdict) => [verdict.name, verdict] as const))("the whole check: %s", (name, verdict) => {
  expect(rulesBroken(verdict)).toEqual(REFUSED[name] ?? STRICTER[name] ?? []);
});
