/** What each host gets, and what else lies among a stack's artifacts, from both sides: one entry a file. */
import type { DeliveredFile, SecretFile } from "../../pipeline/manifest";
import type { Synth } from "../input/synth";
import { sortedUnique } from "../values/json";

/** A file of one side. */
export interface FileSide {
  /** For a file with secrets: its parts, each secret by its name. */
  readonly text: string;
  readonly owner?: string;
  readonly group?: string;
  readonly mode?: string;
  readonly role?: string;
  readonly notify: readonly string[];
  readonly secret: boolean;
}

export interface FilePair {
  readonly stack: string;
  /** Empty: goes to no host. */
  readonly host: string;
  /** On the host; else below the output folder. */
  readonly path: string;
  readonly before?: FileSide;
  readonly after?: FileSide;
}

/** All files of both sides, also those that stay as they are, by path, stack and host. A file that changes its stack is one pair. */
export function filePairs(before: Synth, after: Synth): FilePair[] {
  const [left, right] = [sidesOf(before), sidesOf(after)];
  return sortedUnique([...left.keys(), ...right.keys()]).map((key) => {
    const [old, now] = [left.get(key), right.get(key)];
    const { stack, host, path } = (now ?? old) as Placed;
    return {
      stack,
      host,
      path,
      ...(old === undefined ? {} : { before: old.side }),
      ...(now === undefined ? {} : { after: now.side }),
    };
  });
}

interface Placed {
  readonly stack: string;
  readonly host: string;
  readonly path: string;
  readonly side: FileSide;
}

/** By path and host: a host is delivered to by one stack. */
function sidesOf({ stacks }: Synth): Map<string, Placed> {
  const placed: Placed[] = [...stacks.values()].flatMap(({ name: stack, manifest, artifacts }) => {
    const delivered = new Set<string>();
    const files = (manifest?.hosts ?? []).flatMap(({ name: host, files, secretFiles }): Placed[] => [
      ...files.map((file) => {
        delivered.add(`${host}${file.path}`);
        return {
          stack,
          host,
          path: file.path,
          side: { ...attributesOf(file), text: artifacts.get(`${host}${file.path}`) ?? "", secret: false },
        };
      }),
      ...secretFiles.map((file) => ({
        stack,
        host,
        path: file.path,
        side: { ...attributesOf(file), text: partsOf(file), secret: true },
      })),
    ]);
    const others = [...artifacts].flatMap(([path, text]): Placed[] =>
      delivered.has(path)
        ? []
        : [{ stack, host: "", path: `stacks/${stack}/artifacts/${path}`, side: { text, notify: [], secret: false } }],
    );
    return [...files, ...others];
  });
  return new Map(placed.map((each) => [`${each.path}\0${each.host}`, each]));
}

function attributesOf({
  owner,
  group,
  mode,
  role,
  notify,
}: DeliveredFile | SecretFile): Omit<FileSide, "text" | "secret"> {
  return { owner, group, mode, role, notify };
}

const partsOf = ({ parts }: SecretFile): string =>
  parts.map((part) => ("secret" in part ? `<secret ${part.secret}>` : part.text)).join("");
