/**
 * Public keys of operators that the pipeline file names and git does not have: the example's are made by the sandbox, and a production's may be kept
 * out. Synth needs them, the review compares what is in git.
 */
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { parse } from "yaml";
import { at, listOf } from "../../review/values/json";

/** A key of nobody's: all its bytes are zero. */
const PLACEHOLDER = `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA${"A".repeat(42)} not-in-git\n`;

/**
 * Puts every missing key into a worktree: the one that lies at the same place in this clone, or one that is nobody's.
 * @returns What was put where, one line each, for people
 */
export function fillKeys(worktree: string, pipeline: string, clone: string): string[] {
  const file = join(worktree, pipeline);
  if (!existsSync(file)) return [];
  return publicKeyFiles(file).flatMap((name) => {
    const wanted = resolve(dirname(file), name);
    const path = relative(worktree, wanted);
    // Outside of git altogether: the same file for both sides.
    if (path.startsWith("..") || existsSync(wanted)) return [];
    mkdirSync(dirname(wanted), { recursive: true });
    const own = join(clone, path);
    if (existsSync(own) && isPublicKey(readFileSync(own, "utf8"))) {
      cpSync(own, wanted);
      return [`${path} is not in git: taken from this clone`];
    }
    writeFileSync(wanted, PLACEHOLDER);
    return [
      `${path} is not in git, and not in this clone: a key of nobody's stands in for it, so a change of it is not seen`,
    ];
  });
}

/** One line that begins as a public key does, so that no private one is ever copied. */
const isPublicKey = (text: string): boolean => /^(ssh-|ecdsa-|sk-)\S+ [A-Za-z0-9+/=]+( [^\n]*)?\n?$/.test(text);

/** Names in a pipeline file; one that is no YAML is told by synth. */
function publicKeyFiles(file: string): string[] {
  try {
    const document: unknown = parse(readFileSync(file, "utf8"));
    return listOf(at(document, "operators")).flatMap((operator) => {
      const name = at(operator, "public_key_file");
      return typeof name === "string" ? [name] : [];
    });
  } catch {
    return [];
  }
}
