/** What must not be shown, wherever it stands: texts that look like a secret's value, and values under names that say so. */
import { SECRET_NAMES } from "../../pipeline/plan-types";
import type { AttributeChange, Json } from "../report";
import { isObject } from "../values/json";

/** One look of a secret. */
export interface SecretLook {
  readonly what: string;
  readonly pattern: RegExp;
  /** Group of the pattern that is the secret itself. @default 0, all of it */
  readonly group?: number;
  /** In code it counts in quotes alone: a name or a call stands there otherwise. */
  readonly quotedInCode?: boolean;
}

const NAMES =
  "password|passwd|passphrase|secret|secret[_-]?(?:access[_-]?)?key|token|api[_-]?key|private[_-]?key|credentials?";

/** Where a word begins: a pattern that could begin inside of one would read a long one again and again. */
const START = "(?<![A-Za-z0-9._-])";

/** Forms of secrets. None of them matches a reference (`env:NAME`), a path, an expression of Terraform's or a placeholder. */
export const SECRET_LOOKS: readonly SecretLook[] = [
  {
    what: "a private key",
    pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  },
  { what: "an access key id of AWS", pattern: /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g },
  { what: "an access key of NCP", pattern: /\bncp_iam_[A-Za-z0-9]{16,}\b/g },
  { what: "a token of GitHub", pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{30,})\b/g },
  { what: "a token of Slack", pattern: /\bxox[abprs]-[A-Za-z0-9-]{10,}/g },
  { what: "the URL of a webhook", pattern: /https:\/\/hooks\.slack\.com\/services\/[A-Za-z0-9/]+/g },
  {
    what: "a JSON web token",
    pattern: /(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/g,
  },
  { what: "a bearer token", pattern: /\bBearer\s+([A-Za-z0-9._~+/-]{16,}=*)/g, group: 1 },
  {
    what: "a password in a URL",
    pattern: /(?<![a-z0-9+.-])[a-z][a-z0-9+.-]*:\/\/[^\s:/@"'$]+:([^\s/@"'${]{3,})@/gi,
    group: 1,
  },
  {
    what: "a value under a name such as password",
    pattern: new RegExp(
      `${START}["']?(?:[A-Za-z0-9]*[._-])*(?:${NAMES})["']?\\s*[=:]\\s*["']?([^\\s"',;$%{}()<>/][^\\s"',;(){}<>]{7,})`,
      "gim",
    ),
    group: 1,
    quotedInCode: true,
  },
  {
    what: "a value under a name such as password",
    pattern: new RegExp(`<name>[^<]*(?:${NAMES})</name>\\s*<value>([^<$%{}]{8,})</value>`, "gi"),
    group: 1,
  },
  // 40 characters of base64 with all kinds in them: the form of AWS's secret keys and of most random ones.
  {
    what: "a random text of a key's length",
    pattern:
      /(?<![A-Za-z0-9+/=_.-])(?=[A-Za-z0-9+/]*[a-z])(?=[A-Za-z0-9+/]*[A-Z])(?=[A-Za-z0-9+/]*[0-9])[A-Za-z0-9+/]{40}(?![A-Za-z0-9+/=_.-])/g,
  },
];

/** What names a value and is none: of a shell, of Terraform, of a template. */
const REFERENCE = String.raw`(?:\$\w+|\$[{(][^"'\n]*|\{\{[^"'\n]*\}\})`;

/**
 * Too short to be told as a finding, and not to be shown all the same. In quotes a value may have anything in it; without them it ends where the next
 * word does.
 */
const SHORT_LOOKS: readonly SecretLook[] = [
  ...[
    { value: `"((?!${REFERENCE}")[^"\\n]+)"` },
    { value: `'((?!${REFERENCE}')[^'\\n]+)'` },
    { value: `([^\\s"',;$%{}()<>/][^\\s"',;(){}<>]*)`, quotedInCode: true },
  ].map(({ value, ...more }) => ({
    what: "",
    pattern: new RegExp(
      `${START}["']?(?!NOPASSWD)[A-Za-z0-9._-]*(?:${NAMES})["']?[^\\S\\n]*[=:][^\\S\\n]*${value}`,
      "gim",
    ),
    group: 1,
    ...more,
  })),
  { what: "", pattern: new RegExp(`<name>[^<]*(?:${NAMES})</name>\\s*<value>([^<]+)</value>`, "gi"), group: 1 },
];

/** Values that stand where a secret would, and are none. */
const NO_SECRETS =
  /^(?:env|file|command|none|null|true|false|required|optional|changeit|placeholder|secretName|\*+)$|^(?:env|file|command):|^\(sensitive/i;

/** A secret's name is what stands instead of it. */
const NAMES_OF_SECRETS: ReadonlySet<string> = new Set(SECRET_NAMES);

const isNoSecret = (value: string): boolean => NO_SECRETS.test(value) || NAMES_OF_SECRETS.has(value);

/** One secret-looking text and where it stands. */
export interface Literal {
  readonly what: string;
  readonly value: string;
  /** Offset of the value in the text. */
  readonly offset: number;
}

/** Everything in a text that looks like a secret, in the order of its place. `code`: the text is a program. */
export function literalsIn(text: string, code = false): Literal[] {
  return matchesOf(SECRET_LOOKS, text, code);
}

function matchesOf(looks: readonly SecretLook[], text: string, code: boolean): Literal[] {
  const found: Literal[] = [];
  const taken = new Uint8Array(text.length);
  for (const { what, pattern, group = 0, quotedInCode = false } of looks)
    for (const match of text.matchAll(pattern)) {
      const value = match[group] as string;
      if (code && quotedInCode && !/["']/.test(match[0].at(-value.length - 1) ?? "")) continue;
      if (group !== 0 && isNoSecret(value)) continue;
      const offset = match.index + (group === 0 ? 0 : match[0].lastIndexOf(value));
      const end = offset + value.length;
      // The first look that matches says what it is.
      if (taken.subarray(offset, end).includes(1)) continue;
      taken.fill(1, offset, end);
      found.push({ what, value, offset });
    }
  return found.sort((a, b) => a.offset - b.offset);
}

/** What stands instead of a value. No part and no hash of it: a short one could be found by trying. */
export function mask(value: string): string {
  return `(sensitive, ${value.length} characters)`;
}

/** A text without what looks like a secret. `code`: it is a program, in which names stand after `password =`. */
export function maskText(text: string, code = false): string {
  const pieces: string[] = [];
  let end = 0;
  for (const { value, offset } of matchesOf([...SECRET_LOOKS, ...SHORT_LOOKS], text, code)) {
    pieces.push(text.slice(end, offset), mask(value));
    end = offset + value.length;
  }
  return pieces.join("") + text.slice(end);
}

/** Names under which a value is a secret, whatever it looks like: the end of a path or of a key. */
export const SECRET_NAME = new RegExp(`(?:${NAMES})$`, "i");

/** "hosts[2].password[]" -> "hosts[2].password", `property.["a.Password"].value` -> `property.["a.Password` */
function lastNameOf(path: string): string {
  const name = path.replace(/(?:\[\d*\]|\.value)+$/, "");
  return name.endsWith('"]') ? name.slice(0, -2) : name;
}

/** A value with every text in it masked that looks like a secret, or stands under a name that says so. */
export function maskNamed(path: string, value: Json): Json {
  const named = SECRET_NAME.test(lastNameOf(path));
  if (typeof value === "string")
    return named && value !== "" && !value.startsWith("${") && !isNoSecret(value) ? mask(value) : maskText(value);
  // Under its name in the pipeline file a secret has a version.
  if (typeof value === "number" && named && !NAMES_OF_SECRETS.has(path.split(".").at(-1) ?? "")) return "(sensitive)";
  if (Array.isArray(value)) return (value as Json[]).map((member) => maskNamed(path, member));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [maskText(key), maskNamed(key, inner)]));
}

/** Changes as a report may show them. */
export function maskChanges(
  changes: readonly AttributeChange[],
  show: (path: string, value: Json) => Json = maskNamed,
): AttributeChange[] {
  return changes.map(({ path, before, after, ...rest }) => ({
    ...rest,
    path: maskText(path),
    ...(before === undefined ? {} : { before: show(path, before) }),
    ...(after === undefined ? {} : { after: show(path, after) }),
  }));
}
