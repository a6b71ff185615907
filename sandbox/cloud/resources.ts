/**
 * Every resource type that the stand-in can do something about. A type that is missing here is refused: what it would answer
 * would be made up.
 */
import type { ResourceHandler } from "../provider/cloud";
import type { StoredObject } from "../provider/store";
import { handlerOf, type Kind } from "./kind";
import type { Platform } from "./platform";
import { recordedOnly } from "./recorded-only";
import { rulesHandlerOf, type RulesKind, type RulesOwner } from "./rules";

/** How a type is played: by a handler, or not at all, for a reason. */
export type Played = ((platform: Platform, type: string) => ResourceHandler) | { readonly refused: string };

// Terraform starts a process for each command of each stack: a handler is loaded when its type is met.
/* eslint-disable @typescript-eslint/no-require-imports */
const groups = () => require("./access-control-group") as typeof import("./access-control-group");
const acls = () => require("./network-acl") as typeof import("./network-acl");
const routes = () => require("./routes") as typeof import("./routes");
const buckets = () => require("./bucket") as typeof import("./bucket");

/** Types with a record of their own. */
const KINDS: Readonly<Record<string, () => Kind<StoredObject>>> = {
  ncloud_vpc: () => (require("./vpc") as typeof import("./vpc")).vpc,
  ncloud_subnet: () => (require("./subnet") as typeof import("./subnet")).subnet,
  ncloud_network_acl: () => acls().networkAcl,
  ncloud_access_control_group: () => groups().accessControlGroup,
  ncloud_route_table: () => routes().routeTable,
  ncloud_route_table_association: () => routes().routeTableAssociation,
  ncloud_route: () => routes().route,
  ncloud_nat_gateway: () => (require("./nat-gateway") as typeof import("./nat-gateway")).natGateway,
  ncloud_init_script: () => (require("./init-script") as typeof import("./init-script")).initScript,
  ncloud_network_interface: () =>
    (require("./network-interface") as typeof import("./network-interface")).networkInterface,
  ncloud_server: () => (require("./server") as typeof import("./server")).server,
  ncloud_public_ip: () => (require("./public-ip") as typeof import("./public-ip")).publicIp,
  ncloud_block_storage: () => (require("./block-storage") as typeof import("./block-storage")).blockStorage,
  ncloud_objectstorage_bucket: () => buckets().bucket,
  ncloud_objectstorage_bucket_acl: () => buckets().bucketAcl,
};

/** @throws when the type has no record of its own */
export function kindOf(type: string): Kind<StoredObject> {
  const load = KINDS[type];
  if (load === undefined) throw new Error(`${type} has no record of its own`);
  return load();
}

const object: Played = (platform, type) => handlerOf(kindOf(type), platform);
const rules =
  (load: () => RulesKind<RulesOwner>): Played =>
  (platform) =>
    rulesHandlerOf(load(), platform);
/** Marks a type of which only the wish is recorded: nothing real stands behind it, and nothing is made up. */
const recorded: Played = (platform, type) => recordedOnly(type, platform);

export const RESOURCES: Readonly<Record<string, Played>> = {
  ...Object.fromEntries(Object.keys(KINDS).map((type) => [type, object])),
  ncloud_network_acl_rule: rules(() => acls().networkAclRules),
  ncloud_access_control_group_rule: rules(() => groups().accessControlGroupRules),
  ncloud_placement_group: recorded,
  ncloud_login_key: {
    refused:
      "its private key would stand in Terraform's state, readable by all who read that\n" +
      "  allowed: a login key made on the console, named by login_key_name\n" +
      "  try: platform.login_key in the pipeline file; the sandbox registers it at `aws2ncp sandbox up`",
  },
};
