/** Every data source that the stand-in can answer: stacks find each other's objects by name. */
import type { DataHandler, Plain } from "../provider/cloud";
import { Refused } from "../provider/diagnostics";
import type { StoredObject } from "../provider/store";
import { canBeHost, images, specs } from "./catalogue";
import { fitting, type Query } from "./filters";
import type { Kind } from "./kind";
import type { Platform } from "./platform";
import { KIND } from "./records";
import { kindOf } from "./resources";

type Make = (platform: Platform, type: string) => DataHandler;

/** All objects of a kind that the platform has finished, as its resource has them. */
function objects(kind: Kind<StoredObject>, platform: Platform): Plain[] {
  return platform.store
    .list(kind.type)
    .filter(({ unfinished }) => unfinished !== "making")
    .map((record) => kind.attributes(record, platform));
}

/** The one object that fits. */
const one =
  (type: string, query: Query = {}): Make =>
  (platform, dataType) => ({
    read: async (config) => {
      const all = objects(kindOf(type), platform);
      const found = fitting(all, config, query);
      if (found.length === 1) return found[0] as Plain;
      const named = (items: readonly Plain[]): string => items.map(nameOf).join(", ");
      throw new Refused(
        found.length === 0
          ? `no ${type} fits\n  there are: ${named(all) || "none"}\n  try: deploy the stack that makes it first`
          : `${found.length} objects fit: ${named(found)}\n  allowed: a ${dataType} that only one fits`,
      );
    },
  });

/** All objects that fit, under the name that the data source has for its list. */
const many =
  (type: string, list: string, query: Query = {}): Make =>
  (platform, dataType) => ({
    read: async (config) => ({ id: dataType, [list]: fitting(objects(kindOf(type), platform), config, query) }),
  });

/** Only the ids of all objects that fit. */
const ids =
  (type: string, list: string, query: Query = {}): Make =>
  (platform, dataType) => ({
    read: async (config) => {
      const found = fitting(objects(kindOf(type), platform), config, { ...query, idLists: [list] });
      return { id: dataType, [list]: found.map(({ id }) => id) };
    },
  });

/** A list that no record stands behind. */
const fixed =
  (list: string, items: (platform: Platform) => readonly Plain[], query: Query = {}): Make =>
  (platform, dataType) => ({
    read: async (config) => ({ id: dataType, [list]: fitting(items(platform), config, query) }),
  });

const nameOf = (item: Plain): string => String(item["name"] ?? item["public_ip"] ?? item["id"]);

const group: Query = { aliases: { is_default_group: "is_default", configuration_no: "id" } };

export const DATA_SOURCES: Readonly<Record<string, Make>> = {
  ncloud_vpc: one(KIND.vpc),
  ncloud_vpcs: many(KIND.vpc, "vpcs"),
  ncloud_subnet: one(KIND.subnet),
  ncloud_subnets: many(KIND.subnet, "subnets", { idLists: ["subnet_no"] }),
  ncloud_network_acls: many(KIND.acl, "network_acls", { idLists: ["network_acl_no_list"] }),
  ncloud_access_control_group: one(KIND.group, group),
  ncloud_access_control_groups: ids(KIND.group, "access_control_groups", {
    ...group,
    idLists: ["configuration_no_list"],
  }),
  ncloud_route_table: one(KIND.table),
  ncloud_route_tables: many(KIND.table, "route_tables"),
  ncloud_nat_gateway: one(KIND.natGateway),
  ncloud_init_script: one(KIND.initScript),
  ncloud_network_interface: one(KIND.nic),
  ncloud_network_interfaces: many(KIND.nic, "network_interfaces"),
  ncloud_server: one(KIND.server),
  ncloud_servers: ids(KIND.server, "ids"),
  ncloud_public_ip: one(KIND.publicIp),
  ncloud_block_storage: one(KIND.volume),
  ncloud_login_key: fixed("login_key_list", (platform) => platform.loginKeys().map((key_name) => ({ key_name }))),
  ncloud_server_image_numbers: fixed(
    "image_number_list",
    () =>
      images().map((image) => ({
        server_image_number: image.number,
        name: image.name,
        hypervisor_type: image.hypervisor,
        description: canBeHost(image) ? "can be a host of the sandbox" : "can't be a host of the sandbox",
      })),
    { aliases: { server_image_name: "name" } },
  ),
  ncloud_server_specs: fixed("server_spec_list", () =>
    specs().map(({ code, hypervisor, cpus, memoryGb, description }) => ({
      server_spec_code: code,
      hypervisor_type: hypervisor,
      generation_code: code.includes("-g3") ? "G3" : "G2",
      cpu_count: cpus,
      memory_size: memoryGb * 2 ** 30,
      description,
    })),
  ),
  ncloud_objectstorage_bucket: (platform) => ({
    read: (config) => bucketNamed(String(config["bucket_name"]), platform),
  }),
};

/** A bucket may have been made elsewhere. */
async function bucketNamed(name: string, { store, machinery }: Platform): Promise<Plain> {
  if (!(await machinery.bucketExists(name)))
    throw new Refused(`NoSuchBucket: ${name}\n  try: deploy the stack that makes it first`, ["bucket_name"]);
  const created = store.get<StoredObject & { created: string }>(KIND.bucket, name)?.created;
  return { id: name, ...(created === undefined ? {} : { creation_date: created }) };
}
