/**
 * Resources that hold all rules of another object: of a network ACL or an access control group. They have no record of their
 * own; the rules stand in their owner's.
 */
import type { Plain, ResourceHandler } from "../provider/cloud";
import { type Problem, Refused } from "../provider/diagnostics";
import type { StoredObject } from "../provider/store";
import { required } from "./kind";
import type { Platform } from "./platform";

/** What has rules, in both directions. */
export interface RulesOwner extends StoredObject {
  readonly name: string;
  readonly isDefault: boolean;
  readonly inbound: readonly unknown[];
  readonly outbound: readonly unknown[];
}

export interface RulesKind<O extends RulesOwner> {
  readonly type: string;
  /** Kind of the object that has the rules. */
  readonly owner: string;
  readonly ownerAttribute: string;
  readonly importable: boolean;
  read(wanted: Plain, platform: Platform): Pick<O, "inbound" | "outbound">;
  attributes(owner: O): Plain;
}

/** Elements of a set of objects. */
export function objectsOf(value: unknown): Plain[] {
  return Array.isArray(value) ? (value as Plain[]) : [];
}

export function rulesHandlerOf<O extends RulesOwner>(kind: RulesKind<O>, platform: Platform): ResourceHandler {
  const { store } = platform;

  const write = async (wanted: Plain, refuse: (owner: O) => void): Promise<Plain> => {
    const owner = await store.exclusive(() => {
      const found = platform.need<O>(kind.owner, required(wanted, kind.ownerAttribute), kind.ownerAttribute);
      refuse(found);
      return store.put<O>(kind.owner, { ...found, ...kind.read(wanted, platform) });
    });
    await platform.refreshNetwork();
    return attributesOf(owner);
  };

  const attributesOf = (owner: O): Plain => ({
    ...kind.attributes(owner),
    id: owner.id,
    [kind.ownerAttribute]: owner.id,
  });

  /** Without a rule the resource is gone, as the real provider sees it. */
  const find = async (id: string): Promise<Plain | undefined> => {
    const owner = store.get<O>(kind.owner, id);
    return owner === undefined || countOf(owner) === 0 ? undefined : attributesOf(owner);
  };

  return {
    create: (wanted) =>
      write(wanted, (owner) => {
        if (countOf(owner) === 0 || owner.isDefault) return;
        throw new Refused(
          `${owner.name} has ${countOf(owner)} rules already\n  allowed: one ${kind.type} for each, which holds all of its rules` +
            (kind.importable ? `\n  try: terraform import ADDRESS ${owner.id}, if they are yours` : ""),
        );
      }),
    read: async (state) => find(required(state, "id")),
    update: (_, wanted) => write(wanted, () => undefined),
    remove: async (state) => {
      await store.exclusive(() => {
        const owner = store.get<O>(kind.owner, required(state, "id"));
        if (owner !== undefined) store.put<O>(kind.owner, { ...owner, inbound: [], outbound: [] });
      });
      await platform.refreshNetwork();
    },
    ...(kind.importable ? { find } : {}),
    problems: emptied,
  };
}

const countOf = ({ inbound, outbound }: RulesOwner): number => inbound.length + outbound.length;

function emptied(wanted: Plain): readonly Problem[] {
  const empty = ["inbound", "outbound"].every(
    (direction) => direction in wanted && objectsOf(wanted[direction]).length === 0,
  );
  if (!empty) return [];
  const message =
    "has no rule in either direction\n  for real this ends with an inconsistent result, and is created again at every apply\n" +
    "  allowed: at least one rule\n  try: remove the resource, which removes its rules";
  return [{ message, path: ["inbound"] }];
}
