/** A folder for secrets while a hook runs; only this user may look in, and it is gone when the hook is, however it ends. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { packageFolder, writeWhole } from "../files";

const PREFIX = "aws2ncp-";

export class PrivateFolder {
  private constructor(
    readonly path: string,
    private readonly guard: ChildProcess,
  ) {}

  /** Makes it, and starts its guard. */
  static create(env: NodeJS.ProcessEnv = process.env): PrivateFolder {
    // A user's runtime folder lies in memory, where there is one.
    const runtime = env["XDG_RUNTIME_DIR"];
    const path = mkdtempSync(join(runtime !== undefined && existsSync(runtime) ? runtime : tmpdir(), PREFIX));
    const script = join(packageFolder(), "hooks", "deliver", "guard.sh");
    const guard = spawn("/bin/sh", [script, path], { detached: true, stdio: ["pipe", "ignore", "ignore"], cwd: "/" });
    guard.stdin.on("error", () => undefined); // a guard that was ended misses nothing: `remove` does its work
    guard.unref();
    return new PrivateFolder(path, guard);
  }

  /** Removes one that a dead hook left, whose guard died with it, as in a power cut. @returns whether there was one */
  static removeLeft(path: string): boolean {
    if (!basename(path).startsWith(PREFIX) || !existsSync(path)) return false;
    rmSync(path, { recursive: true, force: true });
    return true;
  }

  /** Writes a file that only this user can read. */
  write(name: string, content: string): string {
    const path = join(this.path, name);
    writeWhole(path, content, 0o600);
    return path;
  }

  folder(name: string): string {
    const path = join(this.path, name);
    mkdirSync(path, { recursive: true, mode: 0o700 });
    return path;
  }

  /** A process group works for the hook: it ends with it. */
  began(group: number): void {
    this.guard.stdin!.write(`+ ${group}\n`);
  }

  ended(group: number): void {
    this.guard.stdin!.write(`- ${group}\n`);
  }

  /** Removes it with all that is in it. */
  async remove(): Promise<void> {
    if (this.guard.exitCode === null && this.guard.signalCode === null) {
      this.guard.ref();
      const exit = once(this.guard, "exit");
      this.guard.stdin!.end();
      await exit;
    }
    rmSync(this.path, { recursive: true, force: true });
  }
}
