/** Addresses of others: operators, the platform's services. None of them may lie in the network, or be taken for another. */
import { overlap, prefixOf } from "./cidr";
import type { Problem } from "./errors";
import type { PipelineFile } from "./schema";

/** Blocks of others that overlap the network, whose packets would be routed inside it, and operators in the storage's. */
export function foreignBlocks({ network, object_storage }: PipelineFile): Problem[] {
  // Shorter ones are told by a rule of their own.
  const operators = network.admin_cidrs
    .map((cidr, index) => ({ cidr, index }))
    .filter(({ cidr }) => prefixOf(cidr) >= 8);
  const blocks: { path: (string | number)[]; cidr: string; what: string }[] = [
    ...operators.map(({ cidr, index }) => ({
      path: ["network", "admin_cidrs", index],
      cidr,
      what: "operators come from outside",
    })),
    ...object_storage.cidrs.map((cidr, index) => ({
      path: ["object_storage", "cidrs", index],
      cidr,
      what: "the endpoint is the platform's",
    })),
    ...network.name_servers.map((address, index) => ({
      path: ["network", "name_servers", index],
      cidr: `${address}/32`,
      what: "resolvers are the platform's",
    })),
  ];
  const inside = blocks
    .filter(({ cidr }) => overlap(cidr, network.vpc))
    .map(({ path, cidr, what }) => ({
      path,
      message: `${cidr} overlaps the VPC ${network.vpc}: ${what}`,
      allowed: `blocks outside ${network.vpc}`,
      hint: `write the right block, or another vpc`,
    }));
  const shared = operators.flatMap(({ cidr, index }) => {
    const storage = object_storage.cidrs.find((block) => overlap(block, cidr));
    if (storage === undefined) return [];
    return [
      {
        path: ["network", "admin_cidrs", index],
        message: `${cidr} overlaps ${storage} of object_storage.cidrs: nobody logs in from there`,
        allowed: "the addresses that operators come from",
        hint: "write the public address of your office or VPN, as a /32",
      },
    ];
  });
  return [...inside, ...shared];
}
