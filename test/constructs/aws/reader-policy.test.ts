/** What the policy lets through, asked of it request by request, beside what its text is (test/stacks/source.test.ts). */
import { readerPolicy, type PolicyDocument, type Statement } from "../../../constructs/aws/reader-policy";
import { policyProblems } from "../../../sandbox/cloud/aws/policy-rules";

const policy = readerPolicy({
  places: [
    { bucketArn: "arn:aws:s3:::logs", prefixes: ["api/", "event/"] },
    { bucketArn: "arn:aws:s3:::hive", prefixes: [""] },
  ],
  addresses: ["203.0.113.7", "203.0.113.9"],
  kmsKeyArns: ["arn:aws:kms:ap-northeast-2:111122223333:key/k"],
  region: "ap-northeast-2",
});

interface Request {
  readonly action: string;
  readonly resource: string;
  readonly context: Readonly<Record<string, string>>;
}

const listOf = (value: string | readonly string[]): readonly string[] => (typeof value === "string" ? [value] : value);

const like = (pattern: string, text: string): boolean =>
  new RegExp(`^${pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*")}$`).test(text);

/** The operators that the policy uses, as IAM evaluates them: a negated one holds where the key is absent, another doesn't. */
const OPERATORS: Readonly<Record<string, (found: string | undefined, wanted: readonly string[]) => boolean>> = {
  IpAddress: (found, wanted) => wanted.includes(`${found}/32`),
  NotIpAddress: (found, wanted) => found === undefined || !wanted.includes(`${found}/32`),
  Bool: (found, wanted) => found !== undefined && wanted.includes(found),
  NumericLessThan: (found, wanted) => found !== undefined && Number(found) < Number(wanted[0]),
  NumericGreaterThanEquals: (found, wanted) => found !== undefined && Number(found) >= Number(wanted[0]),
  StringLike: (found, wanted) => found !== undefined && wanted.some((pattern) => like(pattern, found)),
  StringEquals: (found, wanted) => found !== undefined && wanted.includes(found),
};

function concerns({ Action, NotAction, Resource, NotResource, Condition = {} }: Statement, request: Request): boolean {
  const among = (patterns: string | readonly string[], text: string): boolean =>
    listOf(patterns).some((pattern) => like(pattern, text));
  const action = Action === undefined ? !among(NotAction ?? [], request.action) : among(Action, request.action);
  const resource =
    Resource === undefined ? !among(NotResource ?? [], request.resource) : among(Resource, request.resource);
  const conditions = Object.entries(Condition).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) => {
      const holds = OPERATORS[operator];
      if (holds === undefined) throw new Error(`this test doesn't know ${operator}`);
      return holds(request.context[key], listOf(wanted));
    }),
  );
  return action && resource && conditions;
}

/** IAM's order: a Deny wins, then one Allow is enough, whoever granted it. */
function answer(
  { Statement }: PolicyDocument,
  request: Request,
  others: readonly Statement[] = [],
): "allowed" | "denied" {
  const effects = [...Statement, ...others].filter((each) => concerns(each, request)).map(({ Effect }) => Effect);
  return effects.includes("Allow") && !effects.includes("Deny") ? "allowed" : "denied";
}

const right = { "aws:SourceIp": "203.0.113.7", "aws:SecureTransport": "true", "s3:TlsVersion": "1.3" };
const get = (resource: string, context: Readonly<Record<string, string>> = right): Request => ({
  action: "s3:GetObject",
  resource: `arn:aws:s3:::${resource}`,
  context,
});
const list = (bucket: string, prefix?: string, context: Readonly<Record<string, string>> = right): Request => ({
  action: "s3:ListBucket",
  resource: `arn:aws:s3:::${bucket}`,
  context: { ...context, ...(prefix === undefined ? {} : { "s3:prefix": prefix }) },
});
/** With everything open to everybody: what an organisation's bucket policy, or an administrator's group, comes to. */
const openToAll: Statement[] = [{ Effect: "Allow", Action: "*", Resource: "*" }];

it("is what IAM takes", () => expect(policyProblems(JSON.stringify(policy))).toEqual([]));

it.each([
  ["an object of a dataset", get("logs/event/2020/01/01/00/x.gz")],
  ["another dataset's in the same bucket", get("logs/api/x")],
  ["any object where the prefix is empty", get("hive/x/y")],
  [
    "over TLS 1.2, from an address that stands by",
    get("logs/api/x", { ...right, "aws:SourceIp": "203.0.113.9", "s3:TlsVersion": "1.2" }),
  ],
  ["a listing of a dataset", list("logs", "event/")],
  ["a listing of an hour", list("logs", "event/2020/01/01/00/")],
  ["a listing of a whole bucket where the prefix is empty", list("hive", "")],
  [
    "a key, when S3 asks for it",
    {
      action: "kms:Decrypt",
      resource: "arn:aws:kms:ap-northeast-2:111122223333:key/k",
      context: { "kms:ViaService": "s3.ap-northeast-2.amazonaws.com" },
    },
  ],
])("allows %s", (_what, request) => expect(answer(policy, request)).toBe("allowed"));

const without = (key: keyof typeof right): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(right).filter(([name]) => name !== key));

describe.each([
  ["as it is", []],
  ["when others grant everything", openToAll],
])("%s, it denies", (_how, others) => {
  it.each([
    ["an object of another prefix", get("logs/private/x")],
    ["a key that only begins like a dataset's", get("logs/event")],
    ["another bucket's object", get("payroll/event/x")],
    ["a bucket whose name begins alike", get("logs2/event/x")],
    ["a listing of another bucket", list("payroll", "event/")],
    ["from elsewhere", get("logs/event/x", { ...right, "aws:SourceIp": "198.51.100.1" })],
    ["from no address: a VPC endpoint", get("logs/event/x", without("aws:SourceIp"))],
    ["in the clear", get("logs/event/x", { ...without("s3:TlsVersion"), "aws:SecureTransport": "false" })],
    ["over TLS 1.1", get("logs/event/x", { ...right, "s3:TlsVersion": "1.1" })],
    ["writing", { ...get("logs/event/x"), action: "s3:PutObject" }],
    ["deleting", { ...get("logs/event/x"), action: "s3:DeleteObject" }],
    ["an old version", { ...get("logs/event/x"), action: "s3:GetObjectVersion" }],
    ["another service", { action: "iam:CreateAccessKey", resource: "*", context: right }],
  ] as [string, Request][])("%s", (_what, request) => {
    expect(answer(policy, request, others)).toBe("denied");
  });
});

it.each([
  ["a listing of another prefix", list("logs", "private/")],
  ["a listing that names no prefix", list("logs")],
  [
    "a key that is not named",
    {
      action: "kms:Decrypt",
      resource: "arn:aws:kms:ap-northeast-2:111122223333:key/other",
      context: { "kms:ViaService": "s3.ap-northeast-2.amazonaws.com" },
    },
  ],
  [
    "a named key, asked for directly",
    { action: "kms:Decrypt", resource: "arn:aws:kms:ap-northeast-2:111122223333:key/k", context: right },
  ],
] as [string, Request][])("grants no %s", (_what, request) => expect(answer(policy, request)).toBe("denied"));
