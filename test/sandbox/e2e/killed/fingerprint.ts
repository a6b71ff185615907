/** Everything that a deploy leads to, without what differs from one to the next: numbers of objects. */
import { readdirSync, readFileSync } from "node:fs";
import { hostExec } from "../../../../sandbox/hosts";
import { sandboxPath } from "../../../../sandbox/paths";
import { manifest } from "../support";

export interface Fingerprint {
  /** Objects of the platform, each on a line, by type and name. */
  readonly objects: readonly string[];
  /** By host. */
  readonly hosts: Readonly<Record<string, HostPrint>>;
}

export interface HostPrint {
  readonly mounts: readonly string[];
  /** Every delivered file: hash, mode, owner. */
  readonly files: Readonly<Record<string, string>>;
  /** What roles do beside files. */
  readonly effects: Readonly<Record<string, readonly string[]>>;
}

interface Stored {
  readonly type: string;
  readonly record: Readonly<Record<string, unknown>> & { readonly id: string };
}

/** What the platform has, whatever a state says. */
export function objectsOnPlatform(): Stored[] {
  const types = readdirSync(sandboxPath("cloud")).filter((name) => name.startsWith("ncloud_"));
  return types.flatMap((type) =>
    readdirSync(sandboxPath("cloud", type))
      .filter((file) => file.endsWith(".json"))
      .map((file) => ({ type, record: JSON.parse(readFileSync(sandboxPath("cloud", type, file), "utf8")) })),
  );
}

/** What a person calls it. */
const labelled = ({ id, name, ip }: { readonly id: string; readonly name?: unknown; readonly ip?: unknown }): string =>
  [name, ip].find((each) => typeof each === "string") ?? id;

function objects(): string[] {
  const all = objectsOnPlatform();
  const labels = new Map(all.map(({ type, record }) => [record.id, `<${type} ${labelled(record)}>`]));
  const withoutNumbers = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(withoutNumbers);
    if (typeof value !== "string") return value;
    return value
      .split(":")
      .map((part) => labels.get(part) ?? part)
      .join(":");
  };
  return all
    .map(({ type, record }) => {
      const entries = Object.entries(record).map(([name, value]) => [name, withoutNumbers(value)]);
      return `${type} ${JSON.stringify(Object.fromEntries(entries))}`;
    })
    .sort();
}

/** Commands whose lines are compared, in any order. */
const EFFECTS: Readonly<Record<string, string>> = {
  packages: "dpkg-query --show --showformat='${Package} ${Version} ${db:Status-Status}\\n'",
  accounts: "getent passwd; getent group",
  enabled: "systemctl list-unit-files --state=enabled --plain --no-legend --no-pager",
  // systemd's own come and go with whoever asks them.
  running:
    "systemctl list-units --state=running --type=service --plain --no-legend --no-pager | awk '$1 !~ /^systemd-/ { print $1 }'",
  failed: "systemctl list-units --state=failed --plain --no-legend --no-pager",
  listening: "ss -H -l -n -t -u | awk '{ print $1, $5 }'",
  rules: "nft --stateless list ruleset",
  marks: "ls -d /run/aws2ncp-* 2>/dev/null || true",
};

/** Without what each container has of the kernel's own file systems, and systemd of its early services': one is seen or not by chance. */
const MOUNTS =
  "findmnt --raw --noheadings --output=TARGET,SOURCE,FSTYPE | sed 's/\\[.*\\]//' | awk '$1 !~ /^\\/(sys|proc|dev|run\\/credentials)/'; " +
  "for device in /dev/vd?; do [ ! -b $device ] || blkid --probe --output=export $device; done";

async function linesOf(host: string, script: string): Promise<string[]> {
  const { stdout } = await hostExec(host, ["bash", "-c", script]);
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .sort();
}

async function hostPrint(host: string): Promise<HostPrint> {
  const delivered = manifest().hosts.find(({ name }) => name === host);
  const paths = [...(delivered?.files ?? []), ...(delivered?.secretFiles ?? [])].map(({ path }) => path);
  const hashes = await linesOf(host, `sha256sum ${paths.join(" ")}`);
  const owners = await linesOf(host, `stat --format='%n %a %U %G' ${paths.join(" ")}`);
  const about = (path: string): string =>
    [
      hashes.find((line) => line.endsWith(`  ${path}`))?.split(" ")[0],
      owners.find((line) => line.startsWith(`${path} `))?.slice(path.length + 1),
    ].join(" ");
  const effects = await Promise.all(
    Object.entries(EFFECTS).map(async ([name, script]) => [name, await linesOf(host, script)] as const),
  );
  return {
    mounts: await linesOf(host, MOUNTS),
    files: Object.fromEntries(paths.sort().map((path) => [path, about(path)])),
    effects: Object.fromEntries(effects),
  };
}

export async function fingerprint(): Promise<Fingerprint> {
  // Those of the stack that is killed.
  const hosts = await Promise.all(manifest().hosts.map(async ({ name }) => [name, await hostPrint(name)] as const));
  return { objects: objects(), hosts: Object.fromEntries(hosts) };
}
