/** Servers as podman containers with systemd inside: made, entered, stopped and destroyed here. */
import { existsSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { mountedEngines } from "../engines";
import { sandboxPath } from "../paths";
import { run } from "../run";
import { hostExec, hostExists, hostPid, listHosts } from "./enter";
import { ensureImage } from "./image";
import {
  containerName,
  enterArguments,
  type HostOptions,
  platformFiles,
  platformFolder,
  serverFolder,
  startArguments,
} from "./server";
import { releaseLoops, releaseVolumesOf, setUpVolumesOf } from "./volumes";

/** Starts a server and waits until systemd is up and the init script has ended well. */
export async function createHost(o: HostOptions): Promise<void> {
  const image = await ensureImage();
  if (await hostExists(o.name)) {
    throw new Error(
      `server ${o.name}: the container ${containerName(o.name)} exists already, left over from an earlier run\n` +
        `  allowed: one server per name\n  try: aws2ncp sandbox down, or podman rm -f ${containerName(o.name)}`,
    );
  }
  if (!existsSync(o.netns)) {
    throw new Error(
      `server ${o.name}: no network namespace at ${o.netns}; its network interface must be attached first`,
    );
  }
  await rm(serverFolder(o.name), { recursive: true, force: true });
  await mkdir(platformFolder(o.name), { recursive: true });
  for (const [file, text] of Object.entries(platformFiles(o)))
    await writeFile(join(platformFolder(o.name), file), text);
  await run("podman", startArguments(o, image, await mountedEngines()));
  await waitForHost(o.name);
}

/** Destroys a server and its disk. Volumes survive, detached. Does nothing if there is none. */
export async function destroyHost(name: string): Promise<void> {
  await run("podman", ["rm", "--force", "--ignore", "--time=10", containerName(name)]);
  await releaseVolumesOf(name);
  await rm(serverFolder(name), { recursive: true, force: true });
}

/** Shuts a server down; its disk, volumes and network stay. A unit may take its time: squid waits 30 s for its clients. */
export async function stopHost(name: string): Promise<void> {
  await run("podman", ["stop", "--time=60", containerName(name)]);
}

/** Starts a stopped server again, with its volumes. */
export async function startHost(name: string): Promise<void> {
  await setUpVolumesOf(name);
  await run("podman", ["start", containerName(name)]);
  await waitForHost(name);
}

/** Waits until systemd has finished starting; throws if a unit or the init script failed, or after `seconds`. */
export async function waitForHost(name: string, seconds = 300): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  let state = "no systemd yet";
  while (Date.now() < deadline) {
    const pid = await hostPid(name);
    if (pid !== undefined) {
      const answer = await run("nsenter", enterArguments(pid, ["systemctl", "is-system-running"]), { allowFail: true });
      state = answer.stdout.trim() || answer.stderr.trim();
      if (state === "running") return;
      if (state === "degraded" || state === "maintenance") throw await failureOf(name);
    }
    await sleep(250);
  }
  const { stdout } = await run("podman", ["logs", "--tail=15", containerName(name)], { allowFail: true });
  throw new Error(
    `server ${name}: not up after ${seconds} s, systemd says: ${state}\n  ${stdout.trim().split("\n").join("\n  ")}`,
  );
}

/** Says which unit failed and shows the end of its log. */
async function failureOf(name: string): Promise<Error> {
  const list = await hostExec(name, [
    "systemctl",
    "list-units",
    "--state=failed",
    "--plain",
    "--no-legend",
    "--no-pager",
  ]);
  const units = list.stdout
    .split("\n")
    .map((line) => line.split(" ")[0] ?? "")
    .filter((unit) => unit !== "");
  const look = `  look: aws2ncp sandbox shell ${name}`;
  if (units.includes("platform-init.service")) {
    const log = "/var/log/aws2ncp-init.log";
    const code = await hostExec(name, ["cat", "/var/lib/platform/init.exit"], { allowFail: true });
    const tail = await hostExec(name, ["tail", "-n", "20", log], { allowFail: true });
    return new Error(
      `server ${name}: its init script ended with ${code.stdout.trim()}; ${log} ends with\n${indent(tail.stdout)}\n${look}`,
    );
  }
  const tail = await hostExec(name, [
    "journalctl",
    "--no-pager",
    "--boot",
    "--lines=20",
    ...units.map((unit) => `--unit=${unit}`),
  ]);
  return new Error(`server ${name}: failed at boot: ${units.join(", ")}\n${indent(tail.stdout)}\n${look}`);
}

function indent(text: string): string {
  return text
    .trim()
    .split("\n")
    .map((line) => `    ${line}`)
    .join("\n");
}

/** Removes every server and every volume with its data. */
export async function hostsDown(): Promise<void> {
  const names = await listHosts();
  // Nothing on them is kept, so none gets time to shut down.
  if (names.length > 0) await run("podman", ["rm", "--force", "--ignore", "--time=0", ...names.map(containerName)]);
  for (const name of names) await destroyHost(name);
  await releaseLoops();
  await rm(sandboxPath("hosts"), { recursive: true, force: true });
}
