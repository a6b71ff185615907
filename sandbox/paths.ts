/** Where the sandbox keeps things: its home lies in the clone, its downloads outside. */
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";

/** Folder of the clone: the nearest one above this file that holds cdktf.json. The same from `sandbox/` and from `dist/sandbox/`. */
export function projectRoot(): string {
  let folder = __dirname;
  while (!existsSync(join(folder, "cdktf.json"))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error(`no cdktf.json above ${__dirname}: run this from a clone of aws2ncp`);
    folder = parent;
  }
  return folder;
}

/** `out/sandbox` of the clone, or AWS2NCP_SANDBOX: the provider, which Terraform starts elsewhere, finds it by that. */
export function sandboxHome(): string {
  return resolve(process.env["AWS2NCP_SANDBOX"] ?? join(projectRoot(), "out", "sandbox"));
}

export function sandboxPath(...parts: string[]): string {
  return join(sandboxHome(), ...parts);
}

/**
 * What cdktf makes of the rehearsed pipeline, beside the `cdktf.out` of a real one in the same clone: each stack's folder has
 * Terraform's lock file with the provider's hash, and the stand-in's is another.
 */
export const OUTPUT_FOLDER = "cdktf.sandbox";

/** Folder of a stack in it; of all stacks without a name. */
export function outputPath(...parts: string[]): string {
  return join(projectRoot(), OUTPUT_FOLDER, "stacks", ...parts);
}

/** Downloads and images, kept by hash and shared by all clones of a machine. */
export function cacheFolder(): string {
  return resolve(
    process.env["AWS2NCP_CACHE"] ?? join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "aws2ncp"),
  );
}
