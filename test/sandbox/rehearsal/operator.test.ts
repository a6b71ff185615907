import { knownHosts } from "../../../sandbox/rehearsal/operator";

it("knows hosts by their short names and the keys that the deploy pinned", () => {
  const pins = {
    "proxy-1": { server: "1", keys: { "ssh-ed25519": "AAAA1", "ssh-rsa": "AAAA2" } },
    "sync-1": { server: "2", keys: { "ssh-ed25519": "AAAA3" } },
  };
  expect(knownHosts(pins)).toBe("proxy-1 ssh-ed25519 AAAA1\nproxy-1 ssh-rsa AAAA2\nsync-1 ssh-ed25519 AAAA3\n");
});
