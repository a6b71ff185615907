/** The platform's memory and its real things, with the questions that handlers ask. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Refused } from "../provider/diagnostics";
import { exclusive } from "../provider/lock";
import { ObjectStore, type StoredObject } from "../provider/store";
import type { Machinery } from "./machinery";
import { networkModel } from "./network-model";

interface Named extends StoredObject {
  readonly name: string;
}

/** Makes the object of a type that was claimed under an id. */
export type Work = (type: string, id: string) => Promise<void>;

export class Platform {
  readonly store: ObjectStore;
  private refreshing: Promise<void> | undefined;

  constructor(
    private readonly folder: string,
    readonly machinery: Machinery,
    /** How real things are made. @default by whoever asks, who must not be killed then */
    readonly work?: Work,
  ) {
    this.store = new ObjectStore(folder);
  }

  /**
   * Makes the network enforce what the objects say by now. Whoever asks while a refresh waits for its turn shares it: the model
   * is taken when the turn comes.
   */
  refreshNetwork(): Promise<void> {
    this.refreshing ??= exclusive(`${this.folder} network`, async () => {
      this.refreshing = undefined;
      await this.machinery.applyNetwork(networkModel(this.store)).catch((error: Error) => {
        throw new Error(`the sandbox's network does not answer: ${error.message}\n  try: npx aws2ncp sandbox up`);
      });
    });
    return this.refreshing;
  }

  /** An object that another one refers to. */
  need<T extends StoredObject>(kind: string, id: string, what: string): T {
    const found = this.store.get<T>(kind, id);
    if (found === undefined) throw new Refused(`${what} ${JSON.stringify(id)} does not exist`);
    return found;
  }

  /** Names that must be unique are refused as the platform does, also when only a killed Terraform knew of the other. */
  refuseTakenName<T extends Named>(kind: string, name: string, among: (other: T) => boolean = () => true): void {
    const other = this.store.list<T>(kind).find((candidate) => candidate.name === name && among(candidate));
    if (other !== undefined) throw taken(kind, name, other);
  }

  /** Objects of a kind that hold another one back. */
  refuseInUse<T extends StoredObject>(what: string, kind: string, uses: (other: T) => boolean): void {
    const users = this.store.list<T>(kind).filter(uses);
    if (users.length === 0) return;
    const named = users.map((user) => `${kind} ${(user as Partial<Named>).name ?? ""} (${user.id})`.replace("  ", " "));
    throw new Refused(`${what} is in use by ${named.join(", ")}\n  allowed: deleting what nothing uses`);
  }

  /** Names of the login keys that were made on the console. */
  loginKeys(): readonly string[] {
    const file = join(this.folder, "login-keys.json");
    return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as string[]) : [];
  }
}

export function taken(kind: string, name: string, { id, unfinished }: StoredObject): Refused {
  const why =
    unfinished === undefined
      ? `by ${id}, which may stand in no state`
      : `by ${id}, whose ${unfinished === "making" ? "creation" : "removal"} was interrupted`;
  return new Refused(
    `the name "${name}" is taken ${why}\n  allowed: a name that no other ${kind} has\n` +
      `  try: npx aws2ncp orphans, if a deploy of yours was killed: it finds what belongs to you; else another name`,
  );
}
