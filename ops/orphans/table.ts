/**
 * What can be done for each type of resource whose object stands on the platform and not in the state, and how such an object is
 * found. Import ids: ncloud 4.0.5.
 */
import { factsOf, importIdOf, typesOf } from "@cdktf/provider-ncloud/rules";

/** `import`: by its id. `recreate`: the next deploy makes it again, without harm. `refuse`: a person has to do something first. */
export type Verdict = "import" | "recreate" | "refuse";

/** How an object is found by the name that the configuration gives it. */
export interface Lookup {
  /** Attribute by which it is known, in the configuration and on the platform. */
  readonly by: string;
  /** Data source that lists all that bear the name, and the attribute or block it lists them in. */
  readonly list?: { readonly type: string; readonly rows: string };
  /** Data source of one object. @default the resource's own type */
  readonly one?: false;
  /** Attributes that are asked for beside the name: it is unique only among objects that agree in them. */
  readonly within?: readonly string[];
  /** The name is an argument of its own. @default a `filter` block */
  readonly argument?: true;
}

export interface TypeRule {
  readonly verdict: Verdict;
  /** Attributes whose values, joined by ":", are the import id, where the platform does not show the object. */
  readonly idFrom?: readonly string[];
  readonly lookup?: Lookup;
  /** Attributes in which it may differ, or be empty, although a change replaces it or another object uses it. */
  readonly attachedBy?: string;
  /** What a person should know, or do. */
  readonly note?: string;
}

/** Types of these stacks, in the order in which they are imported: what others refer to comes first. */
export const OURS: Readonly<Record<string, TypeRule>> = {
  ncloud_vpc: { verdict: "import", lookup: { by: "name", list: { type: "ncloud_vpcs", rows: "vpcs" }, one: false } },
  ncloud_network_acl: {
    verdict: "import",
    lookup: { by: "name", list: { type: "ncloud_network_acls", rows: "network_acls" }, one: false },
  },
  ncloud_access_control_group: {
    verdict: "import",
    lookup: { by: "name", within: ["vpc_no"], argument: true },
  },
  ncloud_route_table: {
    verdict: "import",
    lookup: { by: "name", list: { type: "ncloud_route_tables", rows: "route_tables" }, one: false },
  },
  ncloud_subnet: {
    verdict: "import",
    lookup: { by: "name", list: { type: "ncloud_subnets", rows: "subnets" }, one: false },
  },
  ncloud_network_acl_rule: {
    verdict: "refuse",
    idFrom: ["network_acl_no"],
    note:
      "has no import, and its rules can't be looked up. A deploy makes them, unless the ACL has rules already: then remove " +
      "those on the console (VPC, Network ACL, Rules) and deploy at once; until then the ACL lets everything pass, and access control groups alone hold",
  },
  ncloud_access_control_group_rule: {
    verdict: "import",
    idFrom: ["access_control_group_no"],
    note: "all rules of a group are one resource; the next deploy changes in place what differs",
  },
  ncloud_nat_gateway: { verdict: "import", lookup: { by: "name" } },
  ncloud_route: { verdict: "import", idFrom: ["route_table_no", "destination_cidr_block"] },
  ncloud_route_table_association: { verdict: "import", idFrom: ["route_table_no", "subnet_no"] },
  ncloud_network_interface: {
    verdict: "import",
    lookup: { by: "name", list: { type: "ncloud_network_interfaces", rows: "network_interfaces" }, one: false },
  },
  ncloud_init_script: { verdict: "import", lookup: { by: "name" } },
  ncloud_server: {
    verdict: "import",
    lookup: { by: "name", list: { type: "ncloud_servers", rows: "ids" } },
    note: "its delivery runs in the next deploy",
  },
  ncloud_block_storage: { verdict: "import", lookup: { by: "name" }, attachedBy: "server_instance_no" },
  ncloud_public_ip: {
    verdict: "import",
    lookup: { by: "description" },
    attachedBy: "server_instance_no",
    note: "known by its description, which need not be unique: see that its address is the one that AWS admits",
  },
  ncloud_objectstorage_bucket: { verdict: "import", lookup: { by: "bucket_name", argument: true } },
  ncloud_objectstorage_bucket_acl: {
    verdict: "recreate",
    idFrom: ["bucket_name"],
    note: "the next deploy sets it, whatever it is now: the provider does not read it back",
  },
};

const BY_HAND = "take it away on the console, or manage it from there; then deploy";

/** Types of which more is known than their import id. */
const OTHERS: Readonly<Record<string, Pick<TypeRule, "verdict" | "note">>> = {
  ncloud_login_key: {
    verdict: "refuse",
    note: "its private key can't be had again, and would lie in the state: make a key on the console and name it",
  },
  ncloud_lb_target_group_attachment: {
    verdict: "refuse",
    note: "has no import: take the targets out of the group on the console, then deploy",
  },
  ncloud_cdss_cluster: {
    verdict: "refuse",
    note: "an import leaves cmak.user_password empty, and the next deploy would reset the password of a running cluster",
  },
  ncloud_objectstorage_object: {
    verdict: "recreate",
    note: "an import is followed by a replacement, because of source; a deploy writes it again",
  },
};

/** What holds for a type; nothing is guessed for types that no facts were recorded of. */
export function ruleOf(type: string): TypeRule {
  const known = OURS[type] ?? OTHERS[type];
  if (known !== undefined) return known;
  if (importIdOf(type) !== undefined) return { verdict: "import" };
  if (factsOf(type) !== undefined) return { verdict: "refuse", note: `has no import: ${BY_HAND}` };
  return { verdict: "refuse", note: `nothing is known of its import in ncloud 4.0.5: ${BY_HAND}` };
}

/** The table as docs/imports.md has it: a line for each type of the provider's schema. */
export function tableInWords(): string {
  const line = (type: string): string => {
    const { verdict, note = "", lookup } = ruleOf(type);
    const found = lookup === undefined ? (type in OURS ? "not shown by the platform" : "") : `by ${lookup.by}`;
    return `| \`${type.replace("ncloud_", "")}\` | ${verdict} | ${(importIdOf(type) ?? "").replaceAll(/[<>]/g, (sign) => (sign === "<" ? "\\<" : "\\>"))} | ${found} | ${note} |`;
  };
  const table = (types: readonly string[]): string =>
    ["| type | verdict | import id | found | note |", "|---|---|---|---|---|", ...types.map(line)].join("\n");
  const others = typesOf("resource").filter((type) => !(type in OURS));
  return `## Types of these stacks\n\n${table(Object.keys(OURS))}\n\n## Not used by these stacks\n\n${table(others.sort())}\n`;
}
