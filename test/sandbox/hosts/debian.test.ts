import { debianSources, KEYRING, packageNames } from "../../../sandbox/hosts/debian";

it("takes Debian's own sources of the release from what apt has, and no other", () => {
  const targets = [
    "Debian|http://mirror.test/debian/|bookworm|main",
    "Debian|http://mirror.test/debian/|bookworm-updates|main",
    "Debian|http://mirror.test/security/|bookworm-security|main",
    "Debian|http://mirror.test/debian/|bookworm|main",
    "Debian|http://mirror.test/debian/|trixie|main",
    "Others|https://others.test/node_20.x/|nodistro|main",
    "",
  ].join("\n");
  expect(debianSources(targets)).toEqual([
    `deb [signed-by=${KEYRING}] http://mirror.test/debian/ bookworm main`,
    `deb [signed-by=${KEYRING}] http://mirror.test/debian/ bookworm-updates main`,
    `deb [signed-by=${KEYRING}] http://mirror.test/security/ bookworm-security main`,
  ]);
});

it("reads a list of packages with comments", () => {
  expect(packageNames("# what roles install\nrclone\n\nchrony  # time\n")).toEqual(["chrony", "rclone"]);
});
