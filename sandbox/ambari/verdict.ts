/** What the stand-in server refuses: Ambari's own rules, and nothing that only this project's check is stricter about. */
import { checkText } from "../../pipeline/hadoop/check-text";
import { ambariRules, checkBlueprint, JSON_RULE } from "../../pipeline/hadoop/rules";
import { secretsIn } from "../../pipeline/hadoop/secrets";
import type { BlueprintProblem } from "../../pipeline/hadoop/problems";

/** Undefined: accepted. */
export type Refusal = { readonly status: 400 | 500; readonly message: string } | undefined;

/** Ambari never sees a placeholder: one that arrives is a mistake of the hook, which the stand-in must not hide. */
const unfilled = (document: unknown): Refusal =>
  secretsIn(document).length === 0
    ? undefined
    : { status: 400, message: `secrets were not filled in: ${secretsIn(document).join(", ")}` };

const told = ({ component, property, message }: BlueprintProblem): string =>
  [component, property, message].filter((part) => part !== undefined).join(": ");

const joined = (problems: readonly BlueprintProblem[]): string => problems.map(told).join("; ");

/** POST /blueprints/NAME. */
export function blueprintRefusal(text: string): Refusal {
  // The last of two keys wins there too.
  const problems = checkText({ name: "body", text }, undefined, ambariRules("blueprint"))
    .map(({ problem }) => problem)
    .filter(({ rule }) => rule !== "key-twice");
  if (problems.some(({ rule }) => rule === JSON_RULE))
    return { status: 400, message: "Invalid Request: Malformed Request Body" };
  if (problems.length > 0) return { status: 400, message: `Cluster Topology validation failed. ${joined(problems)}` };
  return unfilled(JSON.parse(text));
}

/** Rules at POST /clusters/NAME that the server answers with an internal error. */
const INTERNAL_ERRORS = ["template-group"];

/** POST /clusters/NAME, for a blueprint that the server has. */
export function clusterRefusal(blueprint: unknown, template: unknown): Refusal {
  const problems = checkBlueprint(blueprint, template, ambariRules("cluster"));
  if (problems.length === 0) return unfilled(template);
  return { status: problems.some(({ rule }) => INTERNAL_ERRORS.includes(rule)) ? 500 : 400, message: joined(problems) };
}
