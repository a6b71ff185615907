/**
 * A node's server is lost, its volume kept: the next deploy makes another, everything runs there again, and HDFS has what it had,
 * from the blocks on that volume.
 */
import { createHash, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { hostExec } from "../../../sandbox/hosts";
import { sandboxPath } from "../../../sandbox/paths";
import { lookAtCluster } from "../../../sandbox/rehearsal/cluster";
import { ambariChanged, deploy, deployLog } from "../../../sandbox/rehearsal/deploy";
import type { Summary } from "../../../sandbox/rehearsal/summary";
import { loseServer } from "./lost";
import { rehearsedPlan, until } from "./support";

jest.setTimeout(600_000);

const plan = rehearsedPlan();
const summary = JSON.parse(readFileSync(sandboxPath("summary.json"), "utf8")) as Summary;
const NODE = "hdp-3";
/** Its only replica is on the node. */
const FILE = "/user/batch/e2e-node";

const hdfs = (args: readonly string[], input?: Buffer) =>
  hostExec(NODE, ["runuser", "-u", "batch", "--", "hdfs", "dfs", ...args], input === undefined ? {} : { input });

it("is replaced, with all that ran there and the blocks on its volume", async () => {
  const content = randomBytes(2_000_000);
  await hdfs(["-D", "dfs.replication=1", "-put", "-f", "-", FILE], content);
  await loseServer(NODE);
  await deploy(() => undefined, deployLog("e2e-node"), { stack: "batch-cluster" });
  expect(readFileSync(deployLog("e2e-node"), "utf8")).toMatch(/hdp-3\S* is on another server: installs \d+ components/);
  expect(ambariChanged(plan)).toBe(true);

  expect(await lookAtCluster(plan, () => undefined)).toEqual(summary.cluster);
  const read = await until("the block's report", 120, async () => {
    const sum = `runuser -u batch -- hdfs dfs -cat ${FILE} | sha256sum`;
    const { stdout, code } = await hostExec(NODE, ["bash", "-c", `set -o pipefail; ${sum}`], { allowFail: true });
    return code === 0 ? stdout.split(" ")[0] : undefined;
  });
  expect(read).toBe(createHash("sha256").update(content).digest("hex"));
  await hdfs(["-rm", "-skipTrash", FILE]);
});
