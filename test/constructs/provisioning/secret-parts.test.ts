import { secretParts } from "../../../constructs/provisioning/secret-parts";

it("takes a text apart at the names of secrets", () => {
  expect(secretParts("a=<<presto_batch_password>>\nb=<<presto_users>>")).toEqual([
    { text: "a=" },
    { secret: "presto_batch_password" },
    { text: "\nb=" },
    { secret: "presto_users" },
  ]);
  expect(secretParts("<<presto_users>><<presto_users>>")).toEqual([
    { secret: "presto_users" },
    { secret: "presto_users" },
  ]);
  expect(secretParts("plain < > text")).toEqual([{ text: "plain < > text" }]);
});

it("refuses a name that is no secret's", () => {
  expect(() => secretParts("a=<<presto_password>>")).toThrow(
    "<<presto_password>>: no such secret\n  allowed: aws_access_key_id,",
  );
});
