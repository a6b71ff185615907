/** The examples' plans, and changes to them. */
import type { HostPlan, OsFamily, Plan } from "../../../pipeline/plan-types";
import { renderHost, type RenderedHost } from "../../../constructs/provisioning/render";

export { examplePlan, wholePlan } from "../../fixtures/plan";

/** Changes to the example by which it alerts nobody. */
export const WITHOUT_ALERTS: readonly (readonly [string, string])[] = [
  ["\nalerts:\n  host: alerts.ncp.test\n", "\n"],
  ['  alert_webhook: { from: "file:out/sandbox/secrets/alert-webhook", version: 1 }\n', ""],
];

/** The same plan on another family of Linux. */
export const onFamily = (plan: Plan, family: OsFamily): Plan => ({
  ...plan,
  hosts: plan.hosts.map((host) => ({ ...host, image: { ...host.image, family } })),
});

export function hostIn(plan: Plan, name: string): HostPlan {
  const host = plan.hosts.find((candidate) => candidate.name === name);
  if (host === undefined) throw new Error(`no host ${name} in the plan`);
  return host;
}

export const rendered = (plan: Plan, name: string): RenderedHost => renderHost(plan, hostIn(plan, name));

/** Content of a file, which must be there. */
export function fileOf(host: RenderedHost, path: string): string {
  const file = host.files.find((candidate) => candidate.path === path);
  if (file === undefined)
    throw new Error(`no file ${path}; there are ${host.files.map((each) => each.path).join(", ")}`);
  return file.content;
}

/** Lines without comments and blank ones. */
export const settings = (content: string): string[] =>
  content.split("\n").filter((line) => line.trim() !== "" && !line.trim().startsWith("#"));
