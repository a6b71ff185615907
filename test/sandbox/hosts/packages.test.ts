import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { packageNames } from "../../../sandbox/hosts/debian";
import { poolName, releaseFile, repositoryHash } from "../../../sandbox/hosts/packages";
import { STAND_INS } from "../../../sandbox/hosts/stand-ins";

const root = join(__dirname, "../../..");
const listIn = (file: string): string[] => packageNames(readFileSync(join(root, file), "utf8"));

it("drops the epoch that apt's cache puts into a file name", () => {
  expect(poolName("libcap2-bin_1%3a2.66-4_amd64.deb")).toBe("libcap2-bin_2.66-4_amd64.deb");
  expect(poolName("rclone_1.60.1+dfsg-2+b5_amd64.deb")).toBe("rclone_1.60.1+dfsg-2+b5_amd64.deb");
});

it("makes another repository for another list or another image", () => {
  const hash = repositoryHash(["chrony", "rclone"], "0123");
  expect(hash).toMatch(/^[0-9a-f]{12}$/);
  expect(repositoryHash(["chrony"], "0123")).not.toBe(hash);
  expect(repositoryHash(["chrony", "rclone"], "4567")).not.toBe(hash);
});

it("writes a Release file with the sums of its indexes", () => {
  const indexes = { "main/binary-amd64/Packages": Buffer.from("abc") };
  expect(releaseFile("bookworm", indexes, "amd64", new Date("2026-01-02T03:04:05Z"))).toBe(
    [
      "Origin: aws2ncp sandbox",
      "Label: aws2ncp sandbox",
      "Suite: bookworm",
      "Codename: bookworm",
      "Date: Fri, 02 Jan 2026 03:04:05 UTC",
      "Architectures: amd64",
      "Components: main",
      "SHA256:",
      " ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad 3 main/binary-amd64/Packages",
      "",
    ].join("\n"),
  );
});

describe("sandbox/hosts/packages.txt", () => {
  /** Values of `…_package` and `…_packages` in the Debian variables of every role. */
  const roles = join(root, "ansible-templates/roles");
  const wanted = (existsSync(roles) ? readdirSync(roles, { recursive: true, encoding: "utf8" }) : [])
    .filter((file) => /^[^/]+\/vars\/[^/]*debian[^/]*\.ya?ml$/i.test(file))
    .flatMap((file) =>
      Object.entries((parse(readFileSync(join(roles, file), "utf8")) ?? {}) as Record<string, unknown>),
    )
    .filter(([name]) => /_packages?$/.test(name))
    .flatMap(([, value]) => (Array.isArray(value) ? (value as string[]) : [String(value)]));

  it("has every package that a role installs on Debian, unless the image has it", () => {
    const madeHere = Object.keys(STAND_INS);
    const lists = ["sandbox/hosts/packages.txt", "sandbox/hosts/image/packages.txt"].flatMap(listIn);
    const available = new Set([...madeHere, ...lists]);
    expect(wanted.filter((name) => !available.has(name))).toEqual([]);
  });

  it("names no package twice", () => {
    const names = [...listIn("sandbox/hosts/packages.txt"), ...listIn("sandbox/hosts/image/packages.txt")];
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  });
});
