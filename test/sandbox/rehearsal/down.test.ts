import { mountsBelow, sandboxNames } from "../../../sandbox/rehearsal/down";

it("takes only what carries the sandbox's names", () => {
  expect(sandboxNames("a2n-sync-1 (id: 4)\nother\na2n-router\nxa2n-\n")).toEqual(["a2n-sync-1", "a2n-router"]);
});

it("unmounts inner mount points first, and nothing outside the folder", () => {
  const mounts = [
    "/dev/vda / ext4 rw 0 0",
    "/dev/loop0 /srv/clone/out/sandbox/hosts/a ext4 rw 0 0",
    "tmpfs /srv/clone/out/sandbox/hosts/a/run\\040time tmpfs rw 0 0",
    "tmpfs /srv/clone/out/sandbox2 tmpfs rw 0 0",
  ].join("\n");
  expect(mountsBelow(mounts, "/srv/clone/out/sandbox")).toEqual([
    "/srv/clone/out/sandbox/hosts/a/run time",
    "/srv/clone/out/sandbox/hosts/a",
  ]);
});
