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
    ...(template === undefined ? [] : notAnObject("template", template)),
  ];
  if (malformed.length > 0) return malformed;
  const view = viewOf(blueprint, template);
  return rules.flatMap((rule) => rule.check(view).map((finding) => told(rule, finding)));
}

/** A rule that the server itself has, at POST /blueprints or at POST /clusters/NAME. */
export const ambariRules = (at: "blueprint" | "cluster"): readonly BlueprintRule[] =>
  BLUEPRINT_RULES.filter(({ refused }) => refused === at);
