import { importedInWords, findingsInWords } from "../../../ops/orphans/report";
import type { Finding } from "../../../ops/orphans/types";

const server: Finding = {
  kind: "orphan",
  stack: "transfer",
  address: "ncloud_server.sync-1_server",
  type: "ncloud_server",
  name: "sync-1",
  ids: ["10000021"],
  importId: "10000021",
  verdict: "import",
};

it("names stack, address, name and number of an orphan, and what can be done", () => {
  expect(findingsInWords([server])).toBe(
    'orphan   transfer  ncloud_server.sync-1_server  "sync-1"  10000021\n  import id: 10000021',
  );
  const { importId: _, ...two } = { ...server, ids: ["10000021", "10000022"] };
  expect(findingsInWords([{ ...two, kind: "refused", verdict: "refuse", note: "several bear this name" }])).toBe(
    'refused  transfer  ncloud_server.sync-1_server  "sync-1"  10000021, 10000022\n  several bear this name',
  );
  expect(findingsInWords([])).toBe(
    "no orphans: everything that the stacks want is in their states, or not on the platform",
  );
});

it("says what became of each import", () => {
  const base = { stack: "network", address: "ncloud_subnet.public", importId: "10000002" };
  expect(importedInWords({ ...base, result: "imported", changes: ["network_acl_no"] })).toBe(
    "imported  network  ncloud_subnet.public  10000002\n  the next deploy changes in place: network_acl_no",
  );
  expect(importedInWords({ ...base, result: "failed", note: "no" })).toBe(
    "FAILED    network  ncloud_subnet.public  10000002\n  no",
  );
  expect(importedInWords({ ...base, result: "waiting" })).toBe(
    "waiting   network  ncloud_subnet.public  10000002\n  not tried, because one before it failed",
  );
});
