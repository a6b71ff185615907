/** Block storage: sparse files behind loop devices, seen by a server as /dev/vdb and on. The data outlives the server. */
import { existsSync } from "node:fs";
import { mkdir, open, readdir, readFile, readlink, rename, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { sandboxPath } from "../paths";
import { run } from "../run";
import { hostExec, hostPid } from "./enter";
import { platformFolder } from "./server";

/** One volume, as its file under hosts/volumes says. */
export interface VolumeRecord {
  readonly id: string;
  readonly sizeGb: number;
  readonly host?: string;
  /** "/dev/vdb"; kept while attached. */
  readonly device?: string;
}

const folder = (): string => sandboxPath("hosts", "volumes");
const imageFile = (id: string): string => join(folder(), `${id}.img`);
const recordFile = (id: string): string => join(folder(), `${id}.json`);

/** First free device name of a server. /dev/vda is its system disk. */
export function nextDevice(taken: readonly string[]): string {
  for (const letter of "bcdefghijklmnopqrstuvwxyz") {
    if (!taken.includes(`/dev/vd${letter}`)) return `/dev/vd${letter}`;
  }
  throw new Error(`no free device name: a server takes 25 volumes, ${taken.length} are attached\n  try: detach one`);
}

/** Mount points of a block device in the text of a mountinfo file. `device` is "MAJOR:MINOR". */
export function mountPoints(mountinfo: string, device: string): string[] {
  return mountinfo
    .split("\n")
    .map((line) => line.split(" "))
    .filter((fields) => fields[2] === device)
    .map((fields) => fields[4] ?? "");
}

/** Makes an empty volume. Its file takes room only as it fills. */
export async function createVolume(id: string, sizeGb: number): Promise<void> {
  if (existsSync(recordFile(id))) throw new Error(`volume ${id} exists already: an id is never used twice`);
  await mkdir(folder(), { recursive: true });
  const file = await open(imageFile(id), "wx");
  await file.truncate(sizeGb * 2 ** 30);
  await file.close();
  await writeRecord({ id, sizeGb });
}

/** Deletes a volume and its data; refuses while it is attached. Does nothing if there is none. */
export async function deleteVolume(id: string): Promise<void> {
  if (!existsSync(recordFile(id))) return;
  const record = await readVolume(id);
  if (record.host !== undefined) {
    throw new Error(
      `volume ${id} is attached to ${record.host} as ${record.device}: its data is not deleted\n  allowed: deleting a detached volume\n  try: detach it first`,
    );
  }
  await rm(imageFile(id), { force: true });
  await rm(recordFile(id), { force: true });
}

let turn: Promise<unknown> = Promise.resolve();

/** One change at a time: Terraform attaches volumes of one server in parallel, and each needs a device name of its own. */
function inTurn<T>(change: () => Promise<T>): Promise<T> {
  const result = turn.then(change);
  turn = result.catch(() => undefined);
  return result;
}

/** Attaches a volume to a server, running or stopped. The device name stays until it is detached. */
export function attachVolume(id: string, host: string): Promise<{ device: string }> {
  return inTurn(() => attach(id, host));
}

/** Takes a volume off its server; refuses while it is mounted. Does nothing if it is not attached. */
export function detachVolume(id: string): Promise<void> {
  return inTurn(() => detach(id));
}

async function attach(id: string, host: string): Promise<{ device: string }> {
  const record = await readVolume(id);
  if (record.host !== undefined && record.host !== host) {
    throw new Error(
      `volume ${id} is attached to ${record.host}: it can't be attached to ${host} too\n  try: detach it first`,
    );
  }
  if (!existsSync(platformFolder(host))) throw new Error(`volume ${id}: there is no server ${host} to attach it to`);
  const taken = (await volumesOf(host)).map((volume) => volume.device ?? "");
  const device = record.device ?? nextDevice(taken);
  await writeRecord({ id, sizeGb: record.sizeGb, host, device });
  await setUpVolumesOf(host);
  await refreshDevices(host);
  return { device };
}

async function detach(id: string): Promise<void> {
  const { host, device, sizeGb } = await readVolume(id);
  if (host === undefined) return;
  const loop = await loopOf(id);
  if (loop !== undefined) {
    const mounted = await mountedAt(await deviceNumber(loop));
    if (mounted.length > 0) {
      throw new Error(
        `volume ${id} is mounted on ${host}: ${device} at ${mounted.join(", ")}\n  allowed: detaching a volume that is not mounted\n` +
          `  try: aws2ncp sandbox shell ${host}, then umount ${mounted[0]}; or stop the server`,
      );
    }
  }
  await writeRecord({ id, sizeGb });
  await setUpVolumesOf(host);
  await refreshDevices(host);
  await releaseLoop(id);
}

/** Gives each volume of a server its loop device, and the server's table their numbers: loop devices don't outlive the outer machine's reboot. */
export async function setUpVolumesOf(host: string): Promise<void> {
  const lines: string[] = [];
  for (const volume of await volumesOf(host)) {
    const loop =
      (await loopOf(volume.id)) ?? (await run("losetup", ["--find", "--show", imageFile(volume.id)])).stdout.trim();
    lines.push(`${volume.device?.replace("/dev/", "")} ${(await deviceNumber(loop)).replace(":", " ")}\n`);
  }
  if (existsSync(platformFolder(host))) await writeFile(join(platformFolder(host), "volumes"), lines.join(""));
}

/** Detaches the volumes of a server that is gone. */
export async function releaseVolumesOf(host: string): Promise<void> {
  for (const { id, sizeGb } of await volumesOf(host)) {
    await writeRecord({ id, sizeGb });
    await releaseLoop(id);
  }
}

/** Frees every loop device of the sandbox. */
export async function releaseLoops(): Promise<void> {
  for (const { id } of await listVolumes()) await releaseLoop(id);
}

/** Volumes of a server in the order of their device names. */
export async function volumesOf(host: string): Promise<VolumeRecord[]> {
  const volumes = (await listVolumes()).filter((volume) => volume.host === host);
  return volumes.sort((a, b) => (a.device ?? "").localeCompare(b.device ?? ""));
}

export async function listVolumes(): Promise<VolumeRecord[]> {
  if (!existsSync(folder())) return [];
  const files = (await readdir(folder())).filter((file) => file.endsWith(".json")).sort();
  return Promise.all(
    files.map(async (file) => JSON.parse(await readFile(join(folder(), file), "utf8")) as VolumeRecord),
  );
}

async function readVolume(id: string): Promise<VolumeRecord> {
  if (!existsSync(recordFile(id))) throw new Error(`there is no volume ${id} in ${folder()}`);
  return JSON.parse(await readFile(recordFile(id), "utf8")) as VolumeRecord;
}

async function writeRecord(record: VolumeRecord): Promise<void> {
  await writeFile(`${recordFile(record.id)}.new`, `${JSON.stringify(record)}\n`);
  await rename(`${recordFile(record.id)}.new`, recordFile(record.id));
}

/** Loop device of a volume, "/dev/loop3". */
async function loopOf(id: string): Promise<string | undefined> {
  const { stdout } = await run("losetup", ["--associated", imageFile(id), "--noheadings", "--output=NAME"]);
  return stdout.trim().split("\n")[0] || undefined;
}

/** A loop device in use is freed by the kernel only later, so ask again afterwards. */
async function releaseLoop(id: string): Promise<void> {
  const loop = await loopOf(id);
  if (loop === undefined) return;
  await run("losetup", ["--detach", loop]);
  if ((await loopOf(id)) !== undefined)
    throw new Error(`volume ${id}: ${loop} is still in use; look: fuser -v ${loop}, grep ${loop} /proc/*/mounts`);
}

/** "7:3" */
async function deviceNumber(loop: string): Promise<string> {
  return (await readFile(`/sys/block/${basename(loop)}/dev`, "utf8")).trim();
}

/** Where a device is mounted, in any mount namespace of this machine: each server has its own. */
async function mountedAt(device: string): Promise<string[]> {
  const found = new Set<string>();
  const seen = new Set<string>();
  for (const pid of (await readdir("/proc")).filter((entry) => /^\d+$/.test(entry))) {
    try {
      const namespace = await readlink(`/proc/${pid}/ns/mnt`);
      if (seen.has(namespace)) continue;
      seen.add(namespace);
      mountPoints(await readFile(`/proc/${pid}/mountinfo`, "utf8"), device).forEach((point) => found.add(point));
    } catch {
      // The process ended while we looked.
    }
  }
  return [...found].sort();
}

/** Lets a running server see its table anew. */
async function refreshDevices(host: string): Promise<void> {
  if ((await hostPid(host)) !== undefined) await hostExec(host, ["/usr/lib/platform/devices"]);
}
