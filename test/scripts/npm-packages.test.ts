/** scripts/npm-packages: what npm unpacked once serves the next clone. */
import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folder = mkdtempSync(join(tmpdir(), "npm-packages-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Counts its calls; leaves what npm leaves, or breaks. */
const NPM = `#!/bin/sh
echo called >>${folder}/calls
[ -e ${folder}/broken ] && { mkdir -p node_modules/half; echo "npm error: no such version" >&2; exit 1; }
rm -rf node_modules; mkdir -p node_modules/.bin node_modules/one
echo one >node_modules/one/index.js; ln -s ../one/index.js node_modules/.bin/one
echo '{}' >node_modules/.package-lock.json
`;
mkdirSync(join(folder, "bin"));
writeFileSync(join(folder, "bin", "npm"), NPM, { mode: 0o755 });

function clone(name: string, lock = "{}"): string {
  const root = join(folder, name);
  mkdirSync(join(root, "scripts"), { recursive: true });
  cpSync(join(__dirname, "..", "..", "scripts", "npm-packages"), join(root, "scripts", "npm-packages"));
  writeFileSync(join(root, "package-lock.json"), lock);
  utimesSync(join(root, "package-lock.json"), 1, 1);
  return root;
}

function install(root: string) {
  rmSync(join(folder, "calls"), { force: true });
  const env = { ...process.env, PATH: `${join(folder, "bin")}:${process.env["PATH"]}`, AWS2NCP_CACHE: cache };
  const { status, stderr } = spawnSync(join(root, "scripts", "npm-packages"), { env, encoding: "utf8" });
  return { status, stderr, npm: existsSync(join(folder, "calls")) };
}

const cache = join(folder, "cache");
const kept = (): string[] => (existsSync(join(cache, "node_modules")) ? readdirSync(join(cache, "node_modules")) : []);
const DONE = { status: 0, stderr: "" };

it("asks npm once for a lock file; other clones have a copy of their own, links and all", () => {
  const [first, second] = [clone("first"), clone("second")];
  expect(install(first)).toEqual({ ...DONE, npm: true });
  expect(install(second)).toEqual({ ...DONE, npm: false });
  expect(readFileSync(join(second, "node_modules", ".bin", "one"), "utf8")).toBe("one\n");
  writeFileSync(join(second, "node_modules", "one", "index.js"), "changed");
  expect(install(clone("third"))).toEqual({ ...DONE, npm: false });
  expect(readFileSync(join(folder, "third", "node_modules", "one", "index.js"), "utf8")).toBe("one\n");
  expect(readFileSync(join(first, "node_modules", "one", "index.js"), "utf8")).toBe("one\n");
});

it("does nothing where they are installed, and asks npm for another lock file", () => {
  const root = clone("again");
  install(root);
  writeFileSync(join(root, "node_modules", "mine"), "");
  expect(install(root)).toEqual({ ...DONE, npm: false });
  expect(existsSync(join(root, "node_modules", "mine"))).toBe(true);
  expect(install(clone("other", '{"other":1}'))).toEqual({ ...DONE, npm: true });
  expect(kept()).toHaveLength(2);
});

it("what was copied half is made whole", () => {
  const root = clone("killed");
  mkdirSync(join(root, "node_modules", "half"), { recursive: true });
  expect(install(root)).toEqual({ ...DONE, npm: false });
  expect(readdirSync(join(root, "node_modules")).sort()).toEqual([".bin", ".package-lock.json", "one"]);
});

it("says what npm says when it fails, and keeps nothing", () => {
  const before = kept();
  writeFileSync(join(folder, "broken"), "");
  const failed = install(clone("broken-lock", '{"broken":1}'));
  rmSync(join(folder, "broken"));
  expect(failed).toEqual({
    status: 1,
    stderr: "npm error: no such version\nnpm ci failed; the whole log is in out/setup-npm.log\n",
    npm: true,
  });
  expect(kept()).toEqual(before);
});
