/** What goes wrong, as Terraform shows it: a headline, the rest below it, and the attribute that it points to. */
import type { Path } from "./plan";

export interface Problem {
  /** First line: the headline. More lines: what is allowed, what to try. */
  readonly message: string;
  readonly path?: Path;
}

/** The platform says no. Everything else that is thrown is a mistake of the stand-in or of this machine. */
export class Refused extends Error implements Problem {
  readonly path?: Path;

  constructor(message: string, path?: Path) {
    super(message);
    if (path !== undefined) this.path = path;
  }
}

/** Something was made and then failed: Terraform keeps it as tainted, so that it can be looked at and is replaced next time. */
export class MadeInPart extends Error {
  constructor(
    readonly attributes: Readonly<Record<string, unknown>>,
    cause: Error,
  ) {
    super(cause.message, { cause });
  }
}

/** Message of tfplugin6. */
export interface Diagnostic {
  readonly severity: "ERROR" | "WARNING";
  readonly summary: string;
  readonly detail: string;
  readonly attribute?: AttributePath;
}

export interface AttributePath {
  readonly steps: readonly (
    { attribute_name: string } | { element_key_int: number } | { element_key_string: string }
  )[];
}

export function diagnosticOf({ message, path }: Problem, where: string): Diagnostic {
  const [first = "", ...rest] = message.split("\n");
  return {
    severity: "ERROR",
    summary: first.startsWith(where) ? first : `${where}: ${first}`,
    detail: rest.map((line) => line.replace(/^ {2}/, "")).join("\n"),
    ...(path === undefined ? {} : { attribute: attributePath(path) }),
  };
}

/** A path that starts with an attribute's name; a number is the index of an element. */
export function attributePath(path: Path): AttributePath {
  return {
    steps: path.map((step) => (typeof step === "number" ? { element_key_int: step } : { attribute_name: step })),
  };
}

/** "network_interface[0].order" as a path. */
export function parsePath(text: string): Path {
  return text
    .split(/[.[\]]+/)
    .filter((step) => step !== "")
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step));
}
