/** The script that makes the data volume's file system, on real block devices. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { randomUUID } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";

const SCRIPT = join(__dirname, "../../ansible-templates/roles/volume/files/aws2ncp-volume");
const folder = mkdtempSync(join(tmpdir(), "volume-"));
const loops: string[] = [];
const uuids: string[] = [];

const sh = (program: string, ...argv: string[]): string => execFileSync(program, argv, { encoding: "utf8" }).trim();

function disk(gigabytes: number): string {
  const file = join(folder, `disk${loops.length}`);
  writeFileSync(file, "");
  truncateSync(file, gigabytes * 2 ** 30);
  const loop = sh("losetup", "--find", "--show", file);
  loops.push(loop);
  return loop;
}

function uuid(): string {
  const made = randomUUID();
  uuids.push(made);
  return made;
}

function volume(id: string, gigabytes: number, ...disks: string[]): { code: number | null; out: string; error: string } {
  const result = spawnSync(SCRIPT, [id, String(gigabytes)], { encoding: "utf8", env: { ...process.env, AWS2NCP_DISKS: disks.join(" ") } });
  return { code: result.status, out: result.stdout.trim(), error: result.stderr };
}

const able = process.getuid?.() === 0 && spawnSync("losetup", ["--find"]).status === 0;

(able ? describe : describe.skip)("the data volume", () => {
  afterAll(() => {
    loops.forEach((loop) => sh("losetup", "--detach", loop));
    uuids.forEach((id) => rmSync(`/dev/disk/by-uuid/${id}`, { force: true }));
    rmSync(folder, { recursive: true, force: true });
  });

  it("is formatted when blank, once", () => {
    const [id, other, blank] = [uuid(), disk(2), disk(1)];
    expect(volume(id, 1, other, blank)).toEqual({ code: 0, out: `made ${blank}`, error: "" });
    expect(sh("blkid", "-p", "-s", "TYPE", "-o", "value", blank)).toBe("ext4");
    expect(volume(id, 1, other, blank)).toEqual({ code: 0, out: `present ${blank}`, error: "" });
  });

  it("keeps what lies on a disk, whatever it is", () => {
    const taken = disk(1);
    sh("mkswap", taken);
    const before = sh("head", "-c", "65536", taken);
    const result = volume(uuid(), 1, taken);
    expect([result.code, result.out]).toEqual([1, ""]);
    expect(result.error).toContain(`0 blank disks of 1 GB; allowed: exactly one\n  ${taken}: 1073741824 bytes, not blank\n  try: lsblk -f;`);
    expect(sh("head", "-c", "65536", taken)).toBe(before);
  });

  it("does not choose between two", () => {
    const [first, second] = [disk(1), disk(1)];
    const result = volume(uuid(), 1, first, second);
    expect(result.code).toBe(1);
    expect(result.error).toContain("2 blank disks of 1 GB; allowed: exactly one");
    for (const each of [first, second]) expect(spawnSync("blkid", ["-p", each]).status).toBe(2);
  });
});
