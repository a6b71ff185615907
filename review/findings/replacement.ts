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

/** A replacement that follows another one says so in its reason. */
const FOLLOWS = / is replaced( \(.*\))?$/;

export const replaced: Rule = ({ elements }) => {
  const all = elements.filter(
    ({ before, after, replacedBecause }) => before !== undefined && after !== undefined && replacedBecause.length > 0,
  );
  return all.flatMap((each): Finding[] => {
    const element = each.after as Element;
    if (isTold(element)) return [];
    const { severity = "medium", consequence = "it is gone for a moment, and comes back with another id" } =
      MEANING[element.type] ?? {};
    const followers = followersOf(each, all);
    const follows = each.replacedBecause.every((reason) => FOLLOWS.test(reason));
    // What follows another, or is the reason of a server's end, is told with that one, unless it matters by itself.
    if (severity !== "high" && (follows || followers.some(isTold))) return [];
    const joined = followers.length === 0 ? "" : `; with it: ${followers.map(constructOf).join(", ")}`;
    const reason = `${element.address} ${nameIn(element)} is replaced, because of ${each.replacedBecause.join("; ")}`;
    return [
      finding({ severity, kind: "resource-replaced", consequence: consequence + joined }, placeOf(element), reason),
    ];
  });
};

const isTold = ({ type }: Element): boolean => SERVERS.includes(type) || type in STATEFUL || OF_COURSE.test(type);

/** Who is replaced because of it. */
function followersOf({ after }: ElementChange, all: readonly ElementChange[]): Element[] {
  const element = after as Element;
  const because = new RegExp(`(^|[ :])${element.address.replaceAll(".", "\\.")} is replaced`);
  return all.flatMap((other) => {
    const follows =
      other.after !== element &&
      other.after?.type !== "terraform_data" &&
      other.replacedBecause.some((reason) => because.test(reason));
    return follows ? [other.after as Element] : [];
  });
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
