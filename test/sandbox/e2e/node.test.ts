/**
 * A node's server is lost, its volume kept: the next deploy makes another, everything runs there again, and HDFS has what it had,
 * from the blocks on that volume.
 */
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { sandboxPath } from "../../../sandbox/paths";
import { lookAtCluster } from "../../../sandbox/rehearsal/cluster";
import { ambariChanged, deploy, deployLog } from "../../../sandbox/rehearsal/deploy";
import type { Summary } from "../../../sandbox/rehearsal/summary";
import { hdfs, sha256, sha256InHdfs } from "./hdfs";
import { loseServer } from "./lost";
import { rehearsedPlan, until } from "./support";

jest.setTimeout(600_000);

const plan = rehearsedPlan();
const summary = JSON.parse(readFileSync(sandboxPath("summary.json"), "utf8")) as Summary;
const NODE = "hdp-3";
/** Its only replica is on the node. */
const FILE = "/user/batch/e2e-node";

it("is replaced, with all that ran there and the blocks on its volume", async () => {
  const content = randomBytes(2_000_000);
  await hdfs(NODE, ["-D", "dfs.replication=1", "-put", "-f", "-", FILE], content);
  await loseServer(NODE);
  await deploy(() => undefined, deployLog("e2e-node"), { stack: "batch-cluster" });
  expect(readFileSync(deployLog("e2e-node"), "utf8")).toMatch(/hdp-3\S* is on another server: installs \d+ components/);
  expect(ambariChanged(plan)).toBe(true);

  expect(await lookAtCluster(plan, () => undefined)).toEqual(summary.cluster);
  const read = await until("the block's report", 120, () => sha256InHdfs(NODE, FILE));
  expect(read).toBe(sha256(content));
  await hdfs(NODE, ["-rm", "-skipTrash", FILE]);
});
