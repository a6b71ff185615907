/** Everything else that is replaced, and what goes and is missed. */
import type { ElementChange } from "../infrastructure/compare";
import type { Finding, Severity } from "../report";
import { constructOf, finding, placeOf, type Rule } from "./comparison";
import { nameIn, SERVERS, STATEFUL } from "./data";
import type { Element } from "../infrastructure/elements";

/** What a type's replacement or removal means, where it is more than a moment's gap. */
const MEANING: Readonly<Record<string, { readonly severity: Severity; readonly consequence: string }>> = {
  ncloud_public_ip: {
    severity: "high",
    consequence: "the address is another: AWS and whoever else admits the old one refuses the new one",
  },
  aws_eip: { severity: "high", consequence: "the address is another: whoever admits the old one refuses the new one" },
  ncloud_vpc: { severity: "high", consequence: "the network and everything in it is made anew" },
  ncloud_subnet: { severity: "high", consequence: "servers in the subnet are made anew" },
  ncloud_access_control_group: {
    severity: "medium",
    consequence:
      "the platform refuses to remove a group that a server uses: the apply fails until the server leaves it",
  },
  ncloud_init_script: {
    severity: "low",
    consequence: "servers made from now on run another script at their first boot; those that exist keep theirs",
  },
};

/** Types whose replacement is what their change is: told by other rules, or by nobody. */
const OF_COURSE =
  /^(terraform_data|aws_iam_(user|role|group)_policy_attachment|aws_security_group_rule|ncloud_objectstorage_bucket_acl)$/;

export const replaced: Rule = ({ elements }) => {
  const all = elements.filter(
    ({ before, after, replacedBecause }) => before !== undefined && after !== undefined && replacedBecause.length > 0,
  );
  const told = all.filter(({ after }) => !isTold(after as Element));
  return told.flatMap((each): Finding[] => {
    const { after, replacedBecause, changes, move } = each;
    const element = after as Element;
    // What follows another is told with that one, unless it matters by itself.
    const follows =
      move !== "recognised" &&
      !changes.some(({ replaces }) => replaces === true) &&
      replacedBecause.some((reason) => / is replaced$/.test(reason));
    if (follows && MEANING[element.type]?.severity !== "high") return [];
    const { severity = "medium", consequence = "it is gone for a moment, and comes back with another id" } =
      MEANING[element.type] ?? {};
    const reason = `${element.address} ${nameIn(element)} is replaced, because of ${replacedBecause.join("; ")}`;
    return [
      finding(
        { severity, kind: "resource-replaced", consequence: consequence + followers(each, all) },
        placeOf(element),
        reason,
      ),
    ];
  });
};

const isTold = ({ type }: Element): boolean => SERVERS.includes(type) || type in STATEFUL || OF_COURSE.test(type);

/** Who is replaced with it. */
function followers({ after }: ElementChange, all: readonly ElementChange[]): string {
  const element = after as Element;
  const names = all
    .filter(
      (other) =>
        other.after !== element &&
        other.replacedBecause.some((reason) => reason.endsWith(`${element.address} is replaced`)),
    )
    .map((other) => constructOf(other.after as Element));
  return names.length === 0 ? "" : `; with it: ${names.join(", ")}`;
}

/** Removals that somebody outside will miss. */
export const removed: Rule = ({ elements }) =>
  elements.flatMap(({ before, after, action }): Finding[] => {
    const meaning = before === undefined ? undefined : MEANING[before.type];
    if (
      before?.block !== "resource" ||
      after !== undefined ||
      action !== "removed" ||
      meaning === undefined ||
      meaning.severity !== "high"
    )
      return [];
    return [
      finding(
        {
          severity: "high",
          kind: "resource-removed",
          consequence: meaning.consequence.replace("is another", "is gone").replace("made anew", "gone"),
        },
        placeOf(before),
        `${before.address} ${nameIn(before)} is removed`,
      ),
    ];
  });
