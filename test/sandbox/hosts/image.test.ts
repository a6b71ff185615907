import { chmodSync, cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { importArguments, recipeHash } from "../../../sandbox/hosts/image";

describe("the image's name", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "recipe-"));
    cpSync(join(__dirname, "../../../sandbox/hosts/image"), folder, { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("is the same for the same recipe, wherever the clone lies", async () => {
    expect(await recipeHash(folder)).toBe(await recipeHash());
    expect(await recipeHash(folder)).toMatch(/^[0-9a-f]{12}$/);
  });

  it("changes with a package, with a file and with its x bit", async () => {
    const before = await recipeHash(folder);
    writeFileSync(join(folder, "rootfs/etc/issue"), "hello\n");
    const withFile = await recipeHash(folder);
    chmodSync(join(folder, "rootfs/etc/issue"), 0o755);
    expect(new Set([before, withFile, await recipeHash(folder)]).size).toBe(3);
  });
});

it("starts systemd without the right to set the clock, and stops it by its own signal", () => {
  const args = importArguments("rootfs.tar", "localhost/aws2ncp-host:0123");
  expect(args).toContain('CMD ["setpriv","--bounding-set","-sys_time","/sbin/init"]');
  expect(args).toContain("STOPSIGNAL SIGRTMIN+3");
});
