import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { knownHostsOf, Pins } from "../../../hooks/ssh/pins";

let state: string;
beforeEach(() => void (state = mkdtempSync(join(tmpdir(), "pins-"))));
afterEach(() => rmSync(state, { recursive: true }));

it("gathers the hosts that the deliveries of all stacks have met", () => {
  Pins.load(join(state, "pins", "transfer.json")).pin("proxy-1", "1", { "ssh-rsa": "AAAA1", "ssh-ed25519": "AAAA2" });
  Pins.load(join(state, "pins", "batch-cluster.json")).pin("hdp-3", "2", { "ssh-ed25519": "AAAA3" });
  expect(knownHostsOf(state)).toBe("hdp-3 ssh-ed25519 AAAA3\nproxy-1 ssh-ed25519 AAAA2\nproxy-1 ssh-rsa AAAA1\n");
});

it("knows nobody before the first delivery", () => {
  expect(knownHostsOf(state)).toBe("");
});

it("does not pass over pins that nobody can read", () => {
  mkdirSync(join(state, "pins"));
  writeFileSync(join(state, "pins", "transfer.json"), "{");
  expect(() => knownHostsOf(state)).toThrow("pins/transfer.json: the pinned host keys can't be read");
});
