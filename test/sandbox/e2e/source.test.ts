/** The stack at AWS, as the rehearsal deployed it: what was looked up, and what came of it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../../sandbox/paths";
import { publicAddress, rehearsedPlan, stateOf } from "./support";

const plan = rehearsedPlan();

interface Statement {
  readonly Sid?: string;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const statements = (
  JSON.parse(String(stateOf(plan, "source", "aws_iam_policy")[0]?.["policy"])) as { Statement: readonly Statement[] }
).Statement;

it("admits the address that the proxy really has, and no other", () => {
  const from = { "aws:SourceIp": [`${publicAddress(plan)}/32`] };
  const allowed = statements.flatMap(({ Condition }) => Condition?.["IpAddress"] ?? []);
  expect(allowed.length).toBeGreaterThan(1);
  expect(allowed).toEqual(allowed.map(() => from));
  expect(statements.find(({ Sid }) => Sid === "FromNowhereElse")?.Condition).toEqual({ NotIpAddress: from });
});

it("gives the policy to the user that the administrator made", () => {
  const [policy] = stateOf(plan, "source", "aws_iam_policy");
  expect(stateOf(plan, "source", "aws_iam_user_policy_attachment")).toEqual([
    expect.objectContaining({ user: plan.source.reader, policy_arn: policy?.["arn"] }),
  ]);
});

it("holds no key in its state: neither the reader's nor the deployer's", () => {
  const state = readFileSync(join(projectRoot(), plan.stateFolder, "source.tfstate"), "utf8");
  for (const name of ["aws_access_key_id", "aws_secret_access_key"]) {
    const from = plan.secrets.find((secret) => secret.name === name)?.from.replace("file:", "") ?? "";
    const value = readFileSync(join(projectRoot(), from), "utf8").trim();
    expect([name, value.length > 10, state.includes(value)]).toEqual([name, true, false]);
  }
});
