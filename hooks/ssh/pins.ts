/**
 * Host keys by server number, beside the state. A number that was never met is a first contact, and its keys are pinned;
 * under a known number no other key is accepted.
 */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { HookError } from "../errors";
import { writeJson } from "../files";

/** Public host keys by type, "ssh-ed25519": the key's blob in base64, as in known_hosts. */
export type HostKeys = Readonly<Record<string, string>>;

interface Pin {
  /** Instance number on the platform. */
  readonly server: string;
  readonly keys: HostKeys;
}

/** "ssh-ed25519 SHA256:…", as ssh-keygen -l shows it. */
export function fingerprint(type: string, key: string): string {
  return `${type} SHA256:${createHash("sha256").update(Buffer.from(key, "base64")).digest("base64").replace(/=+$/, "")}`;
}

export class Pins {
  private constructor(
    readonly file: string,
    private readonly pins: Record<string, Pin>,
  ) {}

  /** @throws HookError when the file is there and is not what this program writes. */
  static load(file: string): Pins {
    if (!existsSync(file)) return new Pins(file, {});
    try {
      const pins = JSON.parse(readFileSync(file, "utf8")) as Record<string, Pin>;
      const whole = Object.values(pins).every(
        (pin) => typeof pin.server === "string" && Object.keys(pin.keys).length > 0,
      );
      if (!whole) throw new Error("a host lacks its server number or its keys");
      return new Pins(file, pins);
    } catch (error) {
      throw new HookError(
        `${relative(process.cwd(), file)}: the pinned host keys can't be read: ${(error as Error).message}`,
        ["allowed: what an earlier delivery wrote: {HOST: {server, keys: {TYPE: BASE64}}}"],
        "restore the file from the backup of the state; without it every host is a first contact again",
      );
    }
  }

  /** The keys pinned for this server; nothing for a number never met. */
  keysOf(host: string, server: string): HostKeys | undefined {
    const pin = this.pins[host];
    return pin?.server === server ? pin.keys : undefined;
  }

  /** Pins the keys of a first contact; those of an earlier server of that name go. */
  pin(host: string, server: string, keys: HostKeys): void {
    this.pins[host] = { server, keys: Object.fromEntries(Object.entries(keys).sort(([a], [b]) => (a < b ? -1 : 1))) };
    writeJson(this.file, Object.fromEntries(Object.entries(this.pins).sort(([a], [b]) => (a < b ? -1 : 1))));
  }

  /** Lines of known_hosts; ssh looks hosts up by name (HostKeyAlias). */
  knownHosts(): string {
    return Object.entries(this.pins)
      .flatMap(([host, pin]) => Object.entries(pin.keys).map(([type, key]) => `${host} ${type} ${key}\n`))
      .join("");
  }
}

/** Lines of known_hosts of all hosts that the deliveries of all stacks have met, from the folder of the state. */
export function knownHostsOf(state: string): string {
  const folder = join(state, "pins");
  if (!existsSync(folder)) return "";
  const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
  return files
    .sort()
    .map((name) => Pins.load(join(folder, name)).knownHosts())
    .join("");
}
