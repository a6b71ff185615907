import { policyProblems } from "../../../../sandbox/cloud/aws/policy-rules";

const statement = { Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::logs/*" };
const document = (...statements: object[]): string => JSON.stringify({ Version: "2012-10-17", Statement: statements });

it.each([
  ["one statement", document(statement)],
  ["a statement that is not in a list", JSON.stringify({ Version: "2012-10-17", Statement: statement })],
  ["lists", document({ ...statement, Action: ["s3:GetObject", "s3:*", "*"], Resource: ["*"] })],
  ["Not…", document({ Effect: "Deny", NotAction: ["s3:GetObject"], NotResource: ["arn:aws:s3:::logs"] })],
  [
    "conditions",
    document({
      ...statement,
      Condition: {
        IpAddress: {},
        NotIpAddress: {},
        NumericLessThan: {},
        NumericGreaterThanEquals: {},
        BoolIfExists: {},
        "ForAnyValue:StringLike": {},
      },
    }),
  ],
])("takes %s", (_what, text) => expect(policyProblems(text)).toEqual([]));

const problem = (text: string): string[] => policyProblems(text).map((each) => each.split("\n")[0] as string);

it.each([
  ["something else than JSON", "{", "is no JSON: "],
  ["a list", "[]", "is no JSON object"],
  ["leading space", ` ${document(statement)}`, "is no JSON object"],
  ["no version", JSON.stringify({ Statement: [statement] }), "has Version undefined"],
  ["another version", JSON.stringify({ Version: "2012-10-18", Statement: [statement] }), 'has Version "2012-10-18"'],
  ["no statement", document(), "has no Statement"],
  ["another effect", document({ ...statement, Effect: "allow" }), 'Statement[0] has Effect "allow"'],
  ["both actions", document({ ...statement, NotAction: "s3:*" }), "Statement[0] has Action and NotAction"],
  ["no resource", document({ Effect: "Deny", Action: "*" }), "Statement[0] has no Resource"],
  ["an action without service", document({ ...statement, Action: "GetObject" }), 'Statement[0] has Action "GetObject"'],
  ["a bucket's name", document({ ...statement, Resource: "logs/*" }), 'Statement[0] has Resource "logs/*"'],
  ["a principal", document({ ...statement, Principal: "*" }), "Statement[0] has a Principal"],
  ["a hyphen in a Sid", document({ ...statement, Sid: "a-b" }), 'Statement[0] has Sid "a-b"'],
  ["one Sid twice", document({ ...statement, Sid: "A" }, { ...statement, Sid: "A" }), "has two statements with Sid A"],
  [
    "an unknown operator",
    document({ ...statement, Condition: { NumericMoreThan: {} } }),
    'Statement[0] has the condition operator "NumericMoreThan", which IAM doesn\'t know',
  ],
])("refuses %s", (_what, text, told) => {
  expect(problem(text)).toHaveLength(1);
  expect(problem(text)[0]).toContain(told);
});

it("counts 6144 characters without white space", () => {
  const of = (length: number): string => {
    const empty = document({ ...statement, Sid: "" });
    return document({ ...statement, Sid: "A".repeat(length - empty.length) });
  };
  expect(of(6144)).toHaveLength(6144);
  expect(policyProblems(`${of(6144)}\n`)).toEqual([]);
  expect(problem(of(6145))).toEqual(["has 6145 characters"]);
});
