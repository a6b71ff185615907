import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  attachVolume,
  createVolume,
  deleteVolume,
  listVolumes,
  mountPoints,
  nextDevice,
} from "../../../sandbox/hosts/volumes";

describe("device names", () => {
  it("start at /dev/vdb and fill the first gap", () => {
    expect(nextDevice([])).toBe("/dev/vdb");
    expect(nextDevice(["/dev/vdb", "/dev/vdc"])).toBe("/dev/vdd");
    expect(nextDevice(["/dev/vdc"])).toBe("/dev/vdb");
  });

  it("end after 25 volumes", () => {
    const all = [..."bcdefghijklmnopqrstuvwxyz"].map((letter) => `/dev/vd${letter}`);
    expect(nextDevice(all.slice(0, 24))).toBe("/dev/vdz");
    expect(() => nextDevice(all)).toThrow("no free device name: a server takes 25 volumes, 25 are attached");
  });
});

it("finds where a device is mounted by its number", () => {
  const mountinfo = [
    "77 50 0:40 / / rw,relatime - overlay overlay rw",
    "90 77 7:3 / /data rw,relatime shared:1 - ext4 /dev/vdb rw",
    "91 77 7:30 / /other rw,relatime - ext4 /dev/vdc rw",
    "92 77 7:3 /sub /srv/data rw,relatime - ext4 /dev/vdb rw",
    "",
  ].join("\n");
  expect(mountPoints(mountinfo, "7:3")).toEqual(["/data", "/srv/data"]);
  expect(mountPoints(mountinfo, "7:4")).toEqual([]);
});

describe("volumes as files", () => {
  const before = process.env["AWS2NCP_SANDBOX"];
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "sandbox-"));
    process.env["AWS2NCP_SANDBOX"] = home;
  });
  afterEach(() => {
    if (before === undefined) delete process.env["AWS2NCP_SANDBOX"];
    else process.env["AWS2NCP_SANDBOX"] = before;
    rmSync(home, { recursive: true });
  });

  it("take no room until they are written", async () => {
    await createVolume("2001", 100);
    const image = statSync(join(home, "hosts/volumes/2001.img"));
    expect(image.size).toBe(100 * 2 ** 30);
    expect(image.blocks).toBe(0);
    expect(await listVolumes()).toEqual([{ id: "2001", sizeGb: 100 }]);
  });

  it("never share an id", async () => {
    await createVolume("2001", 1);
    await expect(createVolume("2001", 1)).rejects.toThrow("volume 2001 exists already");
  });

  it("leave nothing when deleted, and are deleted once", async () => {
    await createVolume("2001", 1);
    await deleteVolume("2001");
    await deleteVolume("2001");
    expect(readdirSync(join(home, "hosts/volumes"))).toEqual([]);
  });

  it("are not attached to a server that there is not", async () => {
    await createVolume("2001", 1);
    await expect(attachVolume("2001", "sync-9")).rejects.toThrow(
      "volume 2001: there is no server sync-9 to attach it to",
    );
    await expect(attachVolume("2002", "sync-9")).rejects.toThrow("there is no volume 2002");
    expect(await listVolumes()).toEqual([{ id: "2001", sizeGb: 1 }]);
  });
});
