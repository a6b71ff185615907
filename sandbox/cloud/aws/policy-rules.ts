/** What IAM asks of a policy of a user: the part of its grammar that a document can break and still be JSON. */
import { IAM_POLICY } from "../../../pipeline/limits";

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

const VERSIONS = ["2012-10-17", "2008-10-17"];
const EFFECTS = ["Allow", "Deny"];
const SID = /^[A-Za-z0-9]*$/;
const ACTION = /^(\*|[a-z0-9-]+:[A-Za-z*?]+)$/;
const RESOURCE = /^(\*|arn:[^:]*:[^:]*:[^:]*:[^:]*:.+)$/;
/** Condition operators by their plain names; each may carry a quantifier and IfExists. */
const OPERATOR =
  /^(ForA(ll|ny)Values?:)?(String(Not)?(Equals(IgnoreCase)?|Like)|Numeric(Not)?(Equals)|Numeric(Less|Greater)Than(Equals)?|Date(Not)?Equals|Date(Less|Greater)Than(Equals)?|Bool|BinaryEquals|(Not)?IpAddress|Arn(Not)?(Equals|Like)|Null)(IfExists)?$/;

/** Exactly one of two elements must stand in a statement. */
const EITHER = [
  ["Action", "NotAction", ACTION],
  ["Resource", "NotResource", RESOURCE],
] as const;

/** Everything that IAM would refuse in a document, in words; none of it when it is right. */
export function policyProblems(text: string): string[] {
  if (!text.startsWith("{")) return ['is no JSON object\n  allowed: a text that begins with "{"'];
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    return [`is no JSON: ${(error as Error).message}`];
  }
  const { length } = text.replace(/\s/g, "");
  const tooLong =
    length > IAM_POLICY.max ? [`has ${length} characters\n  allowed: ${IAM_POLICY.max}, white space not counted`] : [];
  return [...tooLong, ...grammar(document as Json)];
}

function grammar(document: Json): string[] {
  const statements = listOf(document["Statement"]).filter(isObject);
  const sids = statements.map(({ Sid }) => Sid).filter((sid) => typeof sid === "string");
  return [
    ...oneOf("Version", document["Version"], VERSIONS),
    ...(statements.length === 0 ? ["has no Statement"] : []),
    ...sids.filter((sid, index) => sids.indexOf(sid) !== index).map((sid) => `has two statements with Sid ${sid}`),
    ...statements.flatMap((statement, index) =>
      statementProblems(statement).map((problem) => `Statement[${index}] ${problem}`),
    ),
  ];
}

const oneOf = (name: string, value: unknown, allowed: readonly string[]): string[] =>
  allowed.includes(value as string) ? [] : [`has ${name} ${JSON.stringify(value)}\n  allowed: ${allowed.join(", ")}`];

function statementProblems(statement: Json): string[] {
  const { Sid = "", Principal, Effect, Condition = {} } = statement;
  return [
    ...oneOf("Effect", Effect, EFFECTS),
    ...(SID.test(String(Sid)) ? [] : [`has Sid ${JSON.stringify(Sid)}\n  allowed: letters and digits`]),
    ...(Principal === undefined ? [] : ["has a Principal\n  allowed: none: the user that the policy is attached to"]),
    ...EITHER.flatMap(([name, not, pattern]) => {
      const written = [name, not].filter((element) => statement[element] !== undefined);
      if (written.length !== 1)
        return [`has ${written.length === 0 ? `no ${name}` : `${name} and ${not}`}\n  allowed: one of them`];
      return listOf(statement[written[0] as string])
        .filter((value) => !pattern.test(String(value)))
        .map((value) => `has ${written[0]} ${JSON.stringify(value)}\n  allowed: what matches ${pattern.source}`);
    }),
    ...(isObject(Condition) ? Object.keys(Condition) : [])
      .filter((operator) => !OPERATOR.test(operator))
      .map((operator) => `has the condition operator ${JSON.stringify(operator)}, which IAM doesn't know`),
  ];
}
