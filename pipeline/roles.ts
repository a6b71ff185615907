/** What a host is for: its name says it (`sync-1`), and this table says where such hosts stand. */
import { addressAt } from "./cidr";
import type { Role, SubnetKind } from "./plan-types";
import type { PipelineFile } from "./schema";

export interface RoleRule {
  /** The stack that makes and delivers such hosts. */
  readonly stack: string;
  readonly subnet: SubnetKind;
  /**
   * Offset of host 1 in its subnet; host N stands N - 1 further. Fixed per role, so that a new host never moves
   * another one's address: a moved address replaces the server.
   */
  readonly offset: number;
  /** How many there can be. */
  readonly min: number;
  readonly max: number;
}

export const ROLES: Readonly<Record<Role, RoleRule>> = {
  proxy: { stack: "transfer", subnet: "public", offset: 6, min: 1, max: 2 },
  sync: { stack: "transfer", subnet: "private", offset: 6, min: 1, max: 1 },
  hdp: { stack: "batch-cluster", subnet: "private", offset: 20, min: 0, max: 40 },
  presto: { stack: "query", subnet: "private", offset: 70, min: 0, max: 20 },
  airflow: { stack: "schedule", subnet: "private", offset: 100, min: 0, max: 1 },
};

export const isRole = (word: string): word is Role => word in ROLES;

export const ROLE_NAMES = Object.keys(ROLES).sort() as Role[];

/** "hdp-10" comes after "hdp-9". */
export const byNumber = (a: string, b: string): number => (roleOf(a)?.index ?? 0) - (roleOf(b)?.index ?? 0);

/** "sync-1" -> { role: "sync", index: 1 }; undefined if the name says no role. */
export function roleOf(hostName: string): { readonly role: Role; readonly index: number } | undefined {
  const match = /^([a-z]+)-([1-9][0-9]?)$/.exec(hostName);
  const role = match?.[1];
  return role !== undefined && role in ROLES ? { role: role as Role, index: Number(match?.[2]) } : undefined;
}

export function subnetCidr({ network }: PipelineFile, kind: SubnetKind): string {
  return kind === "public" ? network.public_subnet : network.private_subnet;
}

/** Address of a host: the file's, or its role's place in the subnet. The name must say a role. */
export function addressOf(file: PipelineFile, hostName: string): string {
  const { role, index } = roleOf(hostName) as NonNullable<ReturnType<typeof roleOf>>;
  const rule = ROLES[role];
  return file.hosts[hostName]?.address ?? addressAt(subnetCidr(file, rule.subnet), rule.offset + index - 1);
}
