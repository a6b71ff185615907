/**
 * Removes everything that a sandbox made on this machine, whatever state it is in and whether or not Terraform's state is
 * still there: each part takes its own down first, then what still carries the sandbox's names is swept.
 */
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { sandboxEnv } from "../env";
import { hostsDown } from "../hosts";
import { networkDown } from "../network";
import { storageDown } from "../object-storage";
import { sandboxHome, sandboxPath } from "../paths";
import { run, stopDetached } from "../run";
import type { Note, Step } from "./steps";

/** Kept for reading afterwards. */
const KEPT = new Set(["log", "summary.json"]);

export function downSteps(): Step[] {
  return [
    { name: "provider", run: stopProviders },
    { name: "hosts", run: (note) => tried(note, "hosts", hostsDown) },
    { name: "object_storage", run: (note) => tried(note, "object storage", storageDown) },
    { name: "processes", run: stopProcesses },
    { name: "network", run: (note) => tried(note, "network", networkDown) },
    { name: "sweep", run: sweep, look: "podman ps -a; ip netns; losetup -a; findmnt" },
    { name: "files", run: removeFiles },
  ];
}

/** A part that fails to take itself down does not keep the others from it: the sweep has the last word. */
async function tried(note: Note, what: string, down: () => Promise<void>): Promise<void> {
  await down().catch((error: unknown) => note(`${what}: ${(error as Error).message.split("\n")[0]}; sweeping instead`));
}

/**
 * A provider whose Terraform was killed finishes what it was making, as a platform would: it must not make a host while the
 * others go.
 */
async function stopProviders(): Promise<void> {
  const { AWS2NCP_PROVIDER: program } = sandboxEnv();
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => ""); // it may have ended
    if (command.split("\0")[1] === program) killIfThere(Number(pid));
  }
}

async function stopProcesses(): Promise<void> {
  const folder = sandboxPath("run");
  const files = existsSync(folder) ? readdirSync(folder) : [];
  for (const file of files) if (file.endsWith(".pid")) await stopDetached(file.slice(0, -".pid".length));
  // Those whose record is lost, while the namespaces that tell whose they are still stand.
  for (const name of sandboxNames((await run("ip", ["netns", "list"])).stdout)) await killAllIn(name);
}

async function killAllIn(netns: string): Promise<void> {
  const { stdout } = await run("ip", ["netns", "pids", netns], { allowFail: true });
  for (const pid of lines(stdout)) killIfThere(Number(pid));
}

const lines = (text: string): string[] => text.split("\n").filter((line) => line.trim() !== "");

/** Namespaces of the sandbox in the output of `ip netns list`: "a2n-sync-1 (id: 4)". */
export function sandboxNames(list: string): string[] {
  return lines(list)
    .map((line) => line.trim().split(" ")[0] as string)
    .filter((name) => name.startsWith("a2n-"));
}

/** Mount points below a folder in the text of /proc/self/mounts, innermost first. */
export function mountsBelow(mounts: string, folder: string): string[] {
  return lines(mounts)
    .map((line) => (line.split(" ")[1] as string).replace(/\\040/g, " "))
    .filter((point) => point.startsWith(`${folder}/`))
    .sort((a, b) => b.length - a.length);
}

/** What still carries the sandbox's names, in the order in which it lets go. */
async function sweep(): Promise<void> {
  const containers = await run("podman", ["ps", "--all", "--format={{.Names}}"], { allowFail: true });
  for (const name of sandboxNames(containers.stdout)) await run("podman", ["rm", "--force", "--time=0", name]);
  for (const point of mountsBelow(readFileSync("/proc/self/mounts", "utf8"), sandboxHome()))
    await run("umount", ["--lazy", point]);
  await detachLoops();
  for (const name of sandboxNames((await run("ip", ["netns", "list"])).stdout)) {
    await killAllIn(name);
    await run("ip", ["netns", "delete", name]);
    rmSync(`/etc/netns/${name}`, { recursive: true, force: true });
  }
  const links = await run("ip", ["-json", "link", "show"]);
  for (const { ifname } of JSON.parse(links.stdout) as { ifname: string }[])
    if (ifname.startsWith("a2n-")) await run("ip", ["link", "delete", ifname], { allowFail: true }); // its other end may have taken it along
  const left = [
    ...sandboxNames((await run("podman", ["ps", "--all", "--format={{.Names}}"], { allowFail: true })).stdout),
    ...sandboxNames((await run("ip", ["netns", "list"])).stdout),
  ];
  if (left.length > 0) throw new Error(`still there: ${left.join(", ")}\n  try: aws2ncp sandbox down, again`);
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended with the part it belonged to.
  }
}

async function detachLoops(): Promise<void> {
  const { stdout } = await run("losetup", ["--list", "--json", "--output=NAME,BACK-FILE"]);
  const { loopdevices } = JSON.parse(stdout.trim() || '{"loopdevices":[]}') as {
    loopdevices: { name: string; "back-file": string | null }[];
  };
  for (const { name, "back-file": file } of loopdevices)
    if (file?.startsWith(`${sandboxHome()}/`)) await run("losetup", ["--detach", name], { allowFail: true });
}

async function removeFiles(): Promise<void> {
  if (!existsSync(sandboxHome())) return;
  for (const name of readdirSync(sandboxHome()))
    if (!KEPT.has(name)) rmSync(sandboxPath(name), { recursive: true, force: true });
}
