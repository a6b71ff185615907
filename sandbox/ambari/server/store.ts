/** What the server knows, in one file: a restart loses nothing. */
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { AmbariModel, type ModelState } from "../model";

export interface Store {
  readonly model: AmbariModel;
  /** Writes what has changed, whole or not at all. */
  save(): void;
}

/** @param file made if it is not there; only its owner reads it, since it has passwords (as Ambari's database). */
export function openStore(file: string): Store {
  mkdirSync(dirname(file), { recursive: true });
  const kept = existsSync(file) ? readFileSync(file, "utf8") : undefined;
  const model = kept === undefined ? new AmbariModel() : new AmbariModel(JSON.parse(kept) as ModelState);
  let last = kept;
  return {
    model,
    save: () => {
      const now = JSON.stringify(model.state);
      if (now === last) return;
      writeFileSync(`${file}.tmp`, now, { mode: 0o600 });
      chmodSync(`${file}.tmp`, 0o600);
      renameSync(`${file}.tmp`, file);
      last = now;
    },
  };
}
