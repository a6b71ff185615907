/**
 * Plans as the real providers make them. Two libraries build Terraform providers, and they plan differently: SDKv2 remembers
 * what the platform decided; the plugin framework forgets it at every change in place, unless an attribute asks otherwise.
 */
import { canonical, type Member, objectsIn, same } from "./schema";
import { type Attributes, hasUnknown, isObject, mapObject, Unknown, type Value } from "./values";

/** How one type behaves: what its schema does not say. Paths are those of {@link Member}. */
export interface Behaviour {
  /** Made with the plugin framework. */
  readonly framework: boolean;
  /** Value of an attribute that is not written. */
  defaultOf(path: string): string | number | boolean | null | undefined;
  /** A change destroys the resource and makes it anew. */
  replaces(path: string): boolean;
  /** Framework only: keeps its value at a change in place although nobody wrote it. */
  remembers(path: string): boolean;
  /** Blocks that keep their elements when the configuration has none left. */
  readonly keptBlocks?: readonly string[];
}

/** Names and indexes from the resource down. */
export type Path = readonly (string | number)[];

export interface Planned {
  readonly state: Attributes;
  /** What forces the resource to be replaced. */
  readonly replacing: readonly Path[];
}

export interface PlanRequest {
  readonly members: readonly Member[];
  readonly behaviour: Behaviour;
  /** Null when the resource is to be created. */
  readonly prior: Attributes | null;
  /** What Terraform made of the configuration and the prior state. */
  readonly proposed: Attributes;
  readonly config: Attributes;
}

export function planChange({ members, behaviour, prior, proposed, config }: PlanRequest): Planned {
  if (prior === null) return { state: fill(members, behaviour, proposed, undefined), replacing: [] };
  const kept = { ...proposed };
  for (const name of behaviour.keptBlocks ?? []) if (isEmpty(proposed[name])) kept[name] = prior[name] ?? null;
  const filled = fill(members, behaviour, kept, prior);
  if (same(members, filled, prior)) return { state: prior, replacing: [] };
  const state = behaviour.framework ? forget(members, behaviour, filled, config, prior) : filled;
  return { state, replacing: replacements(members, behaviour, prior, state) };
}

const isEmpty = (value: Value | undefined): boolean => Array.isArray(value) && value.length === 0;

/** Changes every object below a member, each with its counterpart in another value of the same member. */
function changeObjects(
  member: Member,
  value: Value,
  other: Value | undefined,
  change: (object: Attributes, counterpart: Attributes | undefined) => Attributes,
): Value {
  if (value === null || value instanceof Unknown) return value;
  const others = new Map(objectsIn(member, other));
  const changed = objectsIn(member, value).map(([place, object]): [string | number | undefined, Value] => {
    const counterpart = member.nesting === "set" ? undefined : others.get(place);
    return [place, isObject(object) ? change(object, isObject(counterpart) ? counterpart : undefined) : object];
  });
  if (Array.isArray(value)) return changed.map(([, object]) => object);
  return member.nesting === "map" ? (Object.fromEntries(changed) as Attributes) : (changed[0]?.[1] ?? null);
}

/** Defaults, and unknown for what only the platform can say: of everything that is new. */
function fill(
  members: readonly Member[],
  behaviour: Behaviour,
  proposed: Attributes,
  prior: Attributes | undefined,
): Attributes {
  const filled = { ...proposed };
  for (const member of members) {
    const value = proposed[member.name] ?? null;
    const before = prior?.[member.name];
    if (value === null) {
      const fallback = behaviour.defaultOf(member.path);
      if (fallback !== undefined) filled[member.name] = fallback;
      else if (member.computed && prior === undefined) filled[member.name] = new Unknown();
    } else if (member.members.length > 0) {
      const known = member.nesting === "set" ? knownElements(member, before) : undefined;
      filled[member.name] = changeObjects(member, value, before, (object, counterpart) => {
        const old = known?.get(canonical({ ...member, nesting: "single" }, object)) ?? counterpart;
        return fill(member.members, behaviour, object, old);
      });
    }
  }
  return filled;
}

/** Elements of a set have no place: one that was there before is known by being the same. */
function knownElements(member: Member, before: Value | undefined): Map<string, Attributes> {
  const objects = objectsIn(member, before)
    .map(([, object]) => object)
    .filter(isObject);
  return new Map(objects.map((object) => [canonical({ ...member, nesting: "single" }, object), object]));
}

/** The plugin framework at a change in place: what is computed and not written becomes unknown. */
function forget(
  members: readonly Member[],
  behaviour: Behaviour,
  planned: Attributes,
  config: Attributes,
  prior: Attributes | undefined,
): Attributes {
  const result = { ...planned };
  for (const member of members) {
    const { name, path } = member;
    if (member.computed && (config[name] ?? null) === null && behaviour.defaultOf(path) === undefined) {
      const before = prior?.[name] ?? null;
      result[name] = behaviour.remembers(path) && before !== null ? before : new Unknown();
    } else if (member.members.length > 0 && member.nesting !== "set") {
      const configs = new Map(objectsIn(member, config[name]));
      const priors = new Map(objectsIn(member, prior?.[name]));
      const places = objectsIn(member, planned[name])
        .map(([place]) => place)
        .values();
      result[name] = changeObjects(member, planned[name] ?? null, undefined, (object) => {
        const place = places.next().value;
        const [written, before] = [configs.get(place), priors.get(place)];
        if (!isObject(written)) return object;
        return forget(member.members, behaviour, object, written, isObject(before) ? before : undefined);
      });
    }
  }
  return result;
}

/** Paths whose change replaces the resource and that do change; unknown counts as changed. */
function replacements(
  members: readonly Member[],
  behaviour: Behaviour,
  prior: Attributes,
  planned: Attributes,
  at: Path = [],
): Path[] {
  return members.flatMap((member): Path[] => {
    const [before, after] = [prior[member.name] ?? null, planned[member.name] ?? null];
    const path = [...at, member.name];
    const changed = canonical(member, before) !== canonical(member, after);
    if (!changed) return [];
    if (behaviour.replaces(member.path)) return [path];
    if (member.members.length === 0) return [];
    // Elements of a set can't be named, and an unknown has none: the whole is what changed.
    if (member.nesting === "set" || before instanceof Unknown || after instanceof Unknown)
      return anyReplaces(member, behaviour) ? [path] : [];
    const [old, now] = [new Map(objectsIn(member, before)), new Map(objectsIn(member, after))];
    return [...new Set([...old.keys(), ...now.keys()])].flatMap((place) =>
      replacements(
        member.members,
        behaviour,
        asObject(old.get(place)),
        asObject(now.get(place)),
        place === undefined ? path : [...path, place],
      ),
    );
  });
}

const asObject = (value: Value | undefined): Attributes => (isObject(value) ? value : {});

const anyReplaces = (member: Member, behaviour: Behaviour): boolean =>
  member.members.some((inner) => behaviour.replaces(inner.path) || anyReplaces(inner, behaviour));

/** A handler said something else than what was planned: a mistake of the stand-in, never of who uses it. */
export class ContradictsPlan extends Error {}

/**
 * The state after an apply: what was planned, with what the platform decided in place of the unknown. An attribute that the
 * handler does not know becomes null: nothing is invented.
 */
export function settle(members: readonly Member[], planned: Attributes, given: Attributes, at = ""): Attributes {
  return Object.fromEntries(
    members.map((member) => [
      member.name,
      settleMember(member, planned[member.name] ?? null, given[member.name], `${at}${member.name}`),
    ]),
  );
}

function settleMember(member: Member, planned: Value, given: Value | undefined, at: string): Value {
  if (planned instanceof Unknown) return given ?? (member.block && isMany(member) ? [] : null);
  if (given === undefined) return withoutUnknown(planned);
  if (member.nesting === "list" && Array.isArray(planned) && Array.isArray(given) && planned.length === given.length) {
    return planned.map((item, index) => settleObject(member, item, given[index], `${at}[${index}].`));
  }
  if (member.nesting === "single" && isObject(planned)) return settleObject(member, planned, given, `${at}.`);
  if (hasUnknown(planned)) return given;
  const [wanted, made] = [canonical(member, planned), canonical(member, given)];
  if (wanted === made) return planned;
  throw new ContradictsPlan(`${at}: planned ${wanted}, made ${made}`);
}

function settleObject(member: Member, planned: Value, given: Value | undefined, at: string): Value {
  if (planned instanceof Unknown) return given ?? null;
  if (!isObject(planned)) return planned;
  return settle(member.members, planned, isObject(given) ? given : {}, at);
}

const isMany = ({ nesting }: Member): boolean => nesting === "list" || nesting === "set";

function withoutUnknown(value: Value): Value {
  if (value instanceof Unknown) return null;
  if (Array.isArray(value)) return value.map(withoutUnknown);
  return isObject(value) ? mapObject(value, withoutUnknown) : value;
}
