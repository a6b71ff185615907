/** What must not be shown, wherever it stands: texts that look like a secret's value, and values under names that say so. */
import { SECRET_NAMES } from "../../pipeline/plan-types";
import type { Json } from "../report";
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
  { what: "a JSON web token", pattern: /\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/g },
  { what: "a bearer token", pattern: /\bBearer\s+([A-Za-z0-9._~+/-]{16,}=*)/g, group: 1 },
  { what: "a password in a URL", pattern: /\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@"'$]+:([^\s/@"'${]{3,})@/gi, group: 1 },
  {
    what: "a value under a name such as password",
    pattern: new RegExp(
      `(?:^|[^A-Za-z])["']?(?:[A-Za-z0-9]+[._-])*(?:${NAMES})["']?\\s*[=:]\\s*["']?([^\\s"',;$%{}()<>/][^\\s"',;(){}<>]{7,})`,
      "gim",
    ),
    group: 1,
    quotedInCode: true,
  },
  // 40 characters of base64 with all kinds in them: the form of AWS's secret keys and of most random ones.
  {
    what: "a random text of a key's length",
    pattern:
      /(?<![A-Za-z0-9+/=_.-])(?=[A-Za-z0-9+/]*[a-z])(?=[A-Za-z0-9+/]*[A-Z])(?=[A-Za-z0-9+/]*[0-9])[A-Za-z0-9+/]{40}(?![A-Za-z0-9+/=_.-])/g,
  },
];

/** Values that stand where a secret would, and are none. */
const NO_SECRETS =
  /^(?:env|file|command|none|null|true|false|required|optional|changeit|placeholder|secretName|\*+)$|^(?:env|file|command):|^\(sensitive/i;

/** A secret's name is what stands instead of it. */
const NAMES_OF_SECRETS: ReadonlySet<string> = new Set(SECRET_NAMES);

/** One secret-looking text and where it stands. */
export interface Literal {
  readonly what: string;
  readonly value: string;
  /** Offset of the value in the text. */
  readonly offset: number;
}

/** Everything in a text that looks like a secret, in the order of its place. `code`: the text is a program. */
export function literalsIn(text: string, code = false): Literal[] {
  const found: Literal[] = [];
  for (const { what, pattern, group = 0, quotedInCode = false } of SECRET_LOOKS)
    for (const match of text.matchAll(pattern)) {
      const value = match[group] as string;
      if (code && quotedInCode && !/["']/.test(match[0].at(-value.length - 1) ?? "")) continue;
      if (group !== 0 && (NO_SECRETS.test(value) || NAMES_OF_SECRETS.has(value))) continue;
      const offset = match.index + (group === 0 ? 0 : match[0].lastIndexOf(value));
      if (!found.some((other) => offset < other.offset + other.value.length && other.offset < offset + value.length))
        found.push({ what, value, offset });
    }
  return found.sort((a, b) => a.offset - b.offset);
}

/** What stands instead of a value. No part and no hash of it: a short one could be found by trying. */
export function mask(value: string): string {
  return `(sensitive, ${value.length} characters)`;
}

/** A text without what looks like a secret. */
export function maskText(text: string): string {
  let masked = text;
  for (const { value, offset } of literalsIn(text).reverse())
    masked = masked.slice(0, offset) + mask(value) + masked.slice(offset + value.length);
  return masked;
}

/** A value with every text in it masked. */
export function maskJson(value: Json): Json {
  if (typeof value === "string") return maskText(value);
  if (Array.isArray(value)) return (value as Json[]).map(maskJson);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [maskText(key), maskJson(inner)]));
}
