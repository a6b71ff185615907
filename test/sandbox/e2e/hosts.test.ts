/** One real server in a network namespace of its own, from its first boot to nothing left. Needs root and podman, not a sandbox that is up. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import type { Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  attachVolume,
  createHost,
  createVolume,
  deleteVolume,
  destroyHost,
  detachVolume,
  ensurePackages,
  hostExec,
  hostExists,
  hostPid,
  startHost,
  stopHost,
  waitForHost,
} from "../../../sandbox/hosts";
import { packageServer } from "../../../sandbox/hosts/package-server";
import { run } from "../../../sandbox/run";

jest.setTimeout(10 * 60_000);

const NAME = "e2e-hosts";
const NETNS = `a2n-${NAME}`;
const OUTSIDE = "169.254.77.1";
const INSIDE = "169.254.77.2";
const initScript = "#!/bin/bash\nset -eu\necho ran >> /root/init-ran\nuseradd --create-home deploy\necho the end\n";

let home: string;
let packages: Server;
const before = process.env["AWS2NCP_SANDBOX"];

async function removeNetwork(): Promise<void> {
  await run("ip", ["link", "delete", "a2n-e2e"], { allowFail: true });
  await run("ip", ["netns", "delete", NETNS], { allowFail: true });
}

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "aws2ncp-e2e-"));
  process.env["AWS2NCP_SANDBOX"] = home;
  await destroyHost(NAME);
  await removeNetwork();
  await run("ip", ["netns", "add", NETNS]);
  const inside = (...args: string[]): Promise<unknown> => run("ip", ["-n", NETNS, ...args]);
  await run("ip", ["link", "add", "a2n-e2e", "type", "veth", "peer", "name", "eth0", "netns", NETNS]);
  await run("ip", ["address", "add", `${OUTSIDE}/30`, "dev", "a2n-e2e"]);
  await run("ip", ["link", "set", "a2n-e2e", "up"]);
  await inside("link", "set", "lo", "up");
  await inside("address", "add", `${INSIDE}/30`, "dev", "eth0");
  await inside("link", "set", "eth0", "up");
  packages = packageServer(await ensurePackages(), () => undefined);
  await new Promise<void>((resolve) => packages.listen(80, OUTSIDE, resolve));
});

afterAll(async () => {
  packages.close();
  await destroyHost(NAME);
  await removeNetwork();
  if (before === undefined) delete process.env["AWS2NCP_SANDBOX"];
  else process.env["AWS2NCP_SANDBOX"] = before;
  rmSync(home, { recursive: true, force: true });
});

const create = (script: string): Promise<void> =>
  createHost({
    name: NAME,
    fqdn: `${NAME}.aws2ncp.internal`,
    netns: `/run/netns/${NETNS}`,
    nameServer: OUTSIDE,
    initScript: script,
  });

/** What a shell on the server prints. */
async function on(script: string): Promise<string> {
  return (await hostExec(NAME, ["bash", "-ec", script])).stdout.trim();
}

async function reboot(): Promise<void> {
  const first = await hostPid(NAME);
  await hostExec(NAME, ["systemctl", "reboot"], { allowFail: true });
  for (let tries = 0; tries < 240; tries++) {
    const now = await hostPid(NAME);
    if (now !== undefined && now !== first) break;
    await sleep(250);
  }
  await waitForHost(NAME);
  expect(await hostPid(NAME)).not.toBe(first);
}

const loops = async (): Promise<string[]> =>
  (await run("losetup", ["--list", "--noheadings", "--output=BACK-FILE"])).stdout
    .split("\n")
    .filter((line) => line.includes(home));

it("reports an init script that fails with the end of its log", async () => {
  await expect(create("#!/bin/sh\necho about to fail\nexit 7\n")).rejects.toThrow(
    /server e2e-hosts: its init script ended with 7; \/var\/log\/aws2ncp-init\.log ends with\n {4}about to fail\n/,
  );
  await expect(create(initScript)).rejects.toThrow("the container a2n-e2e-hosts exists already");
  await destroyHost(NAME);
});

it("boots like a server: systemd, ssh with host keys of its own, names, the init script", async () => {
  await create(initScript);
  expect(await on("systemctl is-system-running")).toBe("running");
  expect(await on("ps -o comm= -p 1")).toBe("systemd");
  expect(await on("cat /root/init-ran /var/log/aws2ncp-init.log; id -un deploy")).toBe("ran\nthe end\ndeploy");
  expect((await hostExec(NAME, ["cat", "/var/lib/platform/init-script"])).stdout).toBe(initScript);
  expect(await on("hostname; hostname -f")).toBe(`${NAME}\n${NAME}.aws2ncp.internal`);
  expect((await run("ssh-keyscan", ["-T", "5", "-t", "ed25519", INSIDE])).stdout).toContain(`${INSIDE} ssh-ed25519 `);
});

it("lets files under /etc be replaced, as Ansible does", async () => {
  expect(
    await on(
      "for f in hosts hostname resolv.conf; do cp /etc/$f /etc/$f.new; mv /etc/$f.new /etc/$f; done; echo '# mine' >> /etc/hosts; cat /etc/resolv.conf",
    ),
  ).toBe(`nameserver ${OUTSIDE}`);
});

it("has no right to set the clock, neither from inside nor by hostExec", async () => {
  const setsClock = (capEff: string): boolean => ((BigInt(`0x${capEff}`) >> 25n) & 1n) === 1n;
  expect(setsClock(await on("awk '/^CapEff/ { print $2 }' /proc/1/status"))).toBe(false);
  expect(setsClock(await on("awk '/^CapEff/ { print $2 }' /proc/self/status"))).toBe(false);
});

it("sees no disk of the outer machine", async () => {
  expect(await on("find /dev -type b")).toBe("");
});

it("installs packages from the repository, and chronyd leaves the clock alone", async () => {
  await on(
    `echo '${OUTSIDE} packages.ncp.test' >> /etc/hosts; apt-get update -qq; DEBIAN_FRONTEND=noninteractive apt-get install -qq -y chrony logrotate >/dev/null 2>&1`,
  );
  expect(await on("systemctl is-active chrony; ps -o args= -C chronyd | head -n 1")).toBe(
    "active\n/usr/sbin/chronyd -F 1 -x",
  );
});

it("keeps files, address, host keys and a volume over a reboot, and runs the init script only once", async () => {
  await createVolume("1", 1);
  expect(await attachVolume("1", NAME)).toEqual({ device: "/dev/vdb" });
  await on(
    'mkfs.ext4 -q /dev/vdb; mkdir /data; echo "UUID=$(blkid -s UUID -o value /dev/vdb) /data ext4 defaults 0 2" >> /etc/fstab; systemctl daemon-reload; mount /data; echo kept > /data/file',
  );
  const facts =
    "cat /data/file /etc/hosts /root/init-ran; findmnt -no SOURCE /data; ip -4 -o address show eth0 | awk '{ print $4 }'; ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key";
  const first = await on(facts);
  expect(first).toContain("kept\n");
  expect(first).toContain(`/dev/vdb\n${INSIDE}/30\n`);
  await reboot();
  expect(await on(facts)).toBe(first);
});

it("does not detach or delete a volume in use", async () => {
  await expect(detachVolume("1")).rejects.toThrow(`volume 1 is mounted on ${NAME}: /dev/vdb at /data`);
  await expect(deleteVolume("1")).rejects.toThrow(
    `volume 1 is attached to ${NAME} as /dev/vdb: its data is not deleted`,
  );
  await on("umount /data; sed -i '/ \\/data /d' /etc/fstab; systemctl daemon-reload");
  await detachVolume("1");
  expect(await on("find /dev -type b")).toBe("");
  expect(await loops()).toEqual([]);
});

it("stops and starts with its volume under the same name", async () => {
  await attachVolume("1", NAME);
  await stopHost(NAME);
  expect(await hostPid(NAME)).toBeUndefined();
  await startHost(NAME);
  expect(await on("find /dev -type b")).toBe("/dev/vdb");
});

it("leaves nothing when destroyed but the volume, which another server can take", async () => {
  await destroyHost(NAME);
  expect(await hostExists(NAME)).toBe(false);
  expect(await loops()).toEqual([]);
  await create(initScript);
  await attachVolume("1", NAME);
  expect(await on("mount /dev/vdb /mnt; cat /mnt/file; umount /mnt")).toBe("kept");
  await destroyHost(NAME);
  await deleteVolume("1");
  expect(existsSync(join(home, "hosts/volumes/1.img"))).toBe(false);
  await removeNetwork();
  expect(existsSync(`/run/netns/${NETNS}`)).toBe(false);
  expect((await run("grep", ["-l", home, "/proc/self/mountinfo"], { allowFail: true })).stdout).toBe("");
});
