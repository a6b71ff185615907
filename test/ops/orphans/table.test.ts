import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { importIdOf, typesOf } from "@cdktf/provider-ncloud/rules";
import { OURS, ruleOf, tableInWords } from "../../../ops/orphans/table";
import { countsOf, synthStacks } from "../../constructs/synth";

const docs = join(__dirname, "..", "..", "..", "docs", "imports.md");

it("knows every type that the stacks use, and imports only what the provider imports", () => {
  const used = Object.values(synthStacks()).flatMap((synth) => Object.keys(countsOf(synth)));
  expect(used.filter((type) => type.startsWith("ncloud_") && !(type in OURS))).toEqual([]);
  const wrong = typesOf("resource").filter(
    (type) => ruleOf(type).verdict === "import" && importIdOf(type) === undefined,
  );
  expect(wrong).toEqual([]);
});

it.each([
  ["ncloud_network_acl_rule", "refuse"],
  ["ncloud_lb_target_group_attachment", "refuse"],
  ["ncloud_mongodb", "refuse"],
  ["ncloud_objectstorage_bucket_acl", "recreate"],
  ["ncloud_hadoop", "import"],
])("%s: %s", (type, verdict) => {
  expect(ruleOf(type).verdict).toBe(verdict);
});

it("stands in the documents as it is", () => {
  expect(existsSync(docs) && readFileSync(docs, "utf8").endsWith(tableInWords())).toBe(true);
});
