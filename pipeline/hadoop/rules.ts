/** Every rule about a blueprint and its creation template, and the check that runs them. */
import { shown } from "../errors";
import type { BlueprintProblem, Finding } from "./problems";
import type { BlueprintRule } from "./rule";
import { CONFIGURATION_RULES } from "./rules-configuration";
import { SHAPE_RULES } from "./rules-shape";
import { TEMPLATE_RULES } from "./rules-template";
import { TOPOLOGY_RULES } from "./rules-topology";
import { isMap, viewOf } from "./view";

export const BLUEPRINT_RULES: readonly BlueprintRule[] = [
  ...SHAPE_RULES,
  ...TOPOLOGY_RULES,
  ...CONFIGURATION_RULES,
  ...TEMPLATE_RULES,
];

/** Id of the rule that both files are JSON objects; nothing else can be said of one that is not. */
export const JSON_RULE = "json";
/** Id of the rule that a file is of the kind that it is given as. */
export const KIND_RULE = "kind";

const notAnObject = (file: BlueprintProblem["file"], value: unknown): BlueprintProblem[] =>
  isMap(value)
    ? []
    : [
        {
          rule: JSON_RULE,
          file,
          path: [],
          value,
          message: `${shown(value)} is no JSON object`,
          allowed: `a ${file}: {…}`,
        },
      ];

/** Each file has one key that the other never has. */
const KINDS = {
  blueprint: { key: "Blueprints", is: "a blueprint" },
  template: { key: "blueprint", is: "a creation template" },
} as const;

/** The two files given for each other: told once, instead of by every rule. */
function otherKind(file: BlueprintProblem["file"], value: unknown): BlueprintProblem[] {
  const other = KINDS[file === "blueprint" ? "template" : "blueprint"];
  if (!isMap(value) || KINDS[file].key in value || !(other.key in value)) return [];
  return [
    {
      rule: KIND_RULE,
      file,
      path: [other.key],
      message: `this is ${other.is}, not ${KINDS[file].is}`,
      allowed: `${KINDS[file].is}, with "${KINDS[file].key}"`,
      hint: "npx aws2ncp blueprint check BLUEPRINT --template TEMPLATE",
    },
  ];
}

const told = (rule: BlueprintRule, finding: Finding): BlueprintProblem => ({
  file: "blueprint",
  ...finding,
  rule: rule.id,
});

/**
 * Checks a blueprint, and its creation template if there is one: everything that a real Ambari refuses, and what it accepts
 * although it is broken.
 * @param rules A part of the table: the stand-in server runs only those that are Ambari's own.
 * @returns every problem, by rule; none for a good layout.
 */
export function checkBlueprint(
  blueprint: unknown,
  template?: unknown,
  rules: readonly BlueprintRule[] = BLUEPRINT_RULES,
): BlueprintProblem[] {
  const malformed = [
    ...notAnObject("blueprint", blueprint),
    ...otherKind("blueprint", blueprint),
    ...(template === undefined ? [] : [...notAnObject("template", template), ...otherKind("template", template)]),
  ];
  if (malformed.length > 0) return malformed;
  const view = viewOf(blueprint, template);
  return rules.flatMap((rule) => rule.check(view).map((finding) => told(rule, finding)));
}

/** A rule that the server itself has, at POST /blueprints or at POST /clusters/NAME. */
export const ambariRules = (at: "blueprint" | "cluster"): readonly BlueprintRule[] =>
  BLUEPRINT_RULES.filter(({ refused }) => refused === at);
