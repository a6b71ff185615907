/** Two scenes laid over each other: what is in one only, or differs, is marked. */
import { markOfParts, type Mark } from "./marks";
import type { Box, Edge, Line, Port, Scene } from "./scene";

/** Marks that the plans don't show, by key of a line or id of a box: a server replaced, a host whose files change. */
export type KnownMarks = ReadonlyMap<string, Mark>;

/** Things of both sides by their key: those of after in their order, then those that are gone. */
function overlay<T>(
  before: readonly T[],
  after: readonly T[],
  keyOf: (thing: T) => string,
  join: (old: T | undefined, now: T | undefined) => T,
): T[] {
  const find = (things: readonly T[], key: string): T | undefined => things.find((thing) => keyOf(thing) === key);
  const gone = before.filter((thing) => find(after, keyOf(thing)) === undefined);
  return [...after.map((now) => join(find(before, keyOf(now)), now)), ...gone.map((old) => join(old, undefined))];
}

const presence = (old: unknown, now: unknown): Mark =>
  old === undefined ? "added" : now === undefined ? "removed" : "same";

const same = (a: readonly string[], b: readonly string[]): boolean => a.join("\n") === b.join("\n");

/** The words of a text that another one lacks. */
function otherWords(text: string, other: string): string {
  const known = other.split(" ");
  return text
    .split(" ")
    .filter((word) => !known.includes(word))
    .join(" ");
}

function joinLines(known: KnownMarks): (old: Line | undefined, now: Line | undefined) => Line {
  return (old, now) => {
    const line = (now ?? old) as Line;
    const mark = presence(old, now);
    if (mark !== "same" || old === undefined || now === undefined) return { ...line, mark };
    const was = [
      ...(old.text === now.text ? [] : [`was ${otherWords(old.text, now.text)}`]),
      ...old.details.filter((detail) => !now.details.includes(detail)).map((detail) => `was ${detail}`),
    ];
    const differs = old.text !== now.text || !same(old.details, now.details);
    return {
      ...now,
      details: [...now.details, ...was],
      mark: known.get(now.key) ?? (differs ? "changed" : "same"),
    };
  };
}

function joinBoxes(known: KnownMarks): (old: Box | undefined, now: Box | undefined) => Box {
  const join = (old: Box | undefined, now: Box | undefined): Box => {
    const box = (now ?? old) as Box;
    const differs = old !== undefined && now !== undefined && (old.title !== now.title || old.detail !== now.detail);
    const mark = presence(old, now);
    return {
      ...box,
      detail: differs && old.detail !== "" ? `${box.detail} (was ${old.detail})` : box.detail,
      mark: mark !== "same" ? mark : (known.get(box.id) ?? (differs ? "changed" : "same")),
      lines: overlay(old?.lines ?? [], now?.lines ?? [], ({ key }) => key, joinLines(known)),
      children: overlay(old?.children ?? [], now?.children ?? [], ({ id }) => id, join),
    };
  };
  return join;
}

const joinPorts = (old: Port | undefined, now: Port | undefined): Port => {
  const port = (now ?? old) as Port;
  const differs = old !== undefined && now !== undefined && (old.text !== now.text || old.why !== now.why);
  return { ...port, mark: differs ? "changed" : presence(old, now) };
};

function joinEdges(old: Edge | undefined, now: Edge | undefined): Edge {
  const ports = overlay(old?.ports ?? [], now?.ports ?? [], ({ key }) => key, joinPorts);
  return { ...((now ?? old) as Edge), ports, mark: markOfParts(ports.map(({ mark }) => mark)) };
}

/** Both scenes as one. */
export function compareScenes(before: Scene, after: Scene, known: KnownMarks = new Map()): Scene {
  return {
    title: after.title,
    frame: after.frame,
    bands: after.bands.map((band, index) => overlay(before.bands[index] ?? [], band, ({ id }) => id, joinBoxes(known))),
    edges: overlay(before.edges, after.edges, ({ from, to }) => `${from} ${to}`, joinEdges),
  };
}
