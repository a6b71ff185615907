/** What makes a hook run again, in words: its triggers are hashes, and a hash says nothing. */
import type { AttributeChange } from "../report";
import { at, textOf } from "../values/json";
import { plainPath } from "./attributes";
import type { Element } from "./elements";

/** A change of a trigger -> why the hook runs. `files` says what of the delivery changes. */
type Reason = (change: AttributeChange, name: string, delivered: readonly string[]) => readonly string[];

const version = (value: unknown): string => (value === undefined ? "none" : `version ${textOf(value)}`);

/** By the trigger's first key; what is not named here is told by its key alone. */
const REASONS: Readonly<Record<string, Reason>> = {
  manifest: (_change, _name, delivered) => delivered,
  roles: () => ["the Ansible roles change (ansible-templates/)"],
  program: () => ["the program of the hook changes (hooks/)"],
  secrets: ({ before, after }, name) => [`secret ${name}: ${version(before)} becomes ${version(after)}`],
  servers: ({ before, after }, name) => [
    `server of ${name}: ${before === undefined ? "added" : after === undefined ? "removed" : "another one"}`,
  ],
  attachments: ({ before, after }, name) => [
    `volume of ${name}: ${before === undefined ? "added" : after === undefined ? "removed" : "another one"}`,
  ],
};

/** The two resources whose programs copy the state before any change: they run with each, by design. */
const ROUTINE = new Set(["before_changes", "before_removals"]);

export function isRoutine({ type, name, config }: Element): boolean {
  return (
    type === "terraform_data" && ROUTINE.has(name) && at(config, "triggers_replace", "configuration") !== undefined
  );
}

export function isHook({ type, config }: Element): boolean {
  return type === "terraform_data" && config["triggers_replace"] !== undefined;
}

/** Why a hook runs. */
export function hookReasons(changes: readonly AttributeChange[], delivered: readonly string[]): string[] {
  const found = changes.flatMap((change) => {
    const [root, key = "", ...name] = plainPath(change.path).split(".");
    if (root !== "triggers_replace") return [];
    const reason = REASONS[key];
    return reason === undefined
      ? [`${key === "" ? "its trigger" : key} changes`]
      : reason(change, name.join("."), delivered);
  });
  return [...new Set(found)];
}
