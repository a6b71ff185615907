/** Secrets that stand in the pipeline file itself, told without repeating them: whoever reads the message may not be meant to know. */
import type { Problem } from "./errors";

/** A problem, and where in the source it stands if no value of the file holds it: in a comment. */
export interface PlainSecret extends Problem {
  readonly offset?: number;
}

const REFERENCE = /^(env|file|command):/;

/** What is a key wherever it stands. */
const KEYS: readonly (readonly [RegExp, string])[] = [
  [/\b(AKIA|ASIA)[0-9A-Z]{16}\b/, "an access key id of AWS"],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----/, "a private key"],
  [/\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@"']+:[^\s/@"']+@/i, "a URL with a password"],
];

const LONG_WORD = /[A-Za-z0-9+]{20,}/g;
/** Between two characters of random base64 the kind (capital, small, digit) changes in 62 of 100 cases, in CamelCase in 40 or less. */
const RANDOM_FROM = 0.45;

/** Everything in a file that is, or looks like, the value of a secret. */
export function plainSecrets(raw: unknown, source: string): PlainSecret[] {
  const inValues = texts(raw, []).flatMap(({ path, text }) => problemOf(path, text) ?? []);
  return inValues.length > 0 ? inValues : inComments(source);
}

function problemOf(path: readonly (string | number)[], text: string): PlainSecret | undefined {
  const [top, name, key] = path;
  const isReference = top === "secrets" && REFERENCE.test(text);
  if (top === "secrets" && path.length >= 2 && (key === "from" || key === undefined) && !isReference)
    return {
      path,
      message: `a plain value of ${text.length} characters stands here; it is not repeated`,
      allowed: "a reference: env:NAME, file:PATH or command:PROGRAM ARGS",
      hint: `put the value elsewhere, and write ${String(name)}: { from: "env:${String(name).toUpperCase()}", version: 1 }; if the file was ever committed, replace the secret itself, too`,
    };
  const what = keyIn(text);
  if (what === undefined) return undefined;
  return {
    path,
    message: `holds ${what}, of ${text.length} characters; it is not repeated`,
    allowed: "no secret: they are referred to under secrets",
    hint: "remove it; if the file was ever committed, replace the secret itself, too",
  };
}

function inComments(source: string): PlainSecret[] {
  return KEYS.flatMap(([pattern, what]) => {
    const match = pattern.exec(source);
    if (match === null) return [];
    return [
      {
        path: [],
        offset: match.index,
        message: `a comment holds ${what}; it is not repeated`,
        allowed: "no secret: they are referred to under secrets",
        hint: "remove it; if the file was ever committed, replace the secret itself, too",
      },
    ];
  });
}

function keyIn(text: string): string | undefined {
  const known = KEYS.find(([pattern]) => pattern.test(text))?.[1];
  if (known !== undefined) return known;
  return text.match(LONG_WORD)?.some(looksRandom) === true ? "a text that looks like a key" : undefined;
}

function looksRandom(word: string): boolean {
  const kinds = [...word].map((character) => (/[a-z]/.test(character) ? "a" : /[A-Z]/.test(character) ? "A" : "0"));
  const changes = kinds.filter((kind, index) => index > 0 && kind !== kinds[index - 1]).length;
  return new Set(kinds).size === 3 && changes / (word.length - 1) >= RANDOM_FROM;
}

function texts(value: unknown, path: readonly (string | number)[]): { path: (string | number)[]; text: string }[] {
  // A number or a truth value under secrets is a plain one, too.
  if (typeof value === "string" || (typeof value === "number" && path[0] === "secrets" && path[2] !== "version"))
    return [{ path: [...path], text: String(value) }];
  if (Array.isArray(value)) return value.flatMap((item, index) => texts(item, [...path, index]));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => texts(inner, [...path, key]));
}
