/** One changed line in the pipeline file changes exactly the file it should, on the host it should. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hostExec } from "../../../sandbox/hosts";
import { PEERS } from "../../../sandbox/network";
import { projectRoot, sandboxPath } from "../../../sandbox/paths";
import { deliveredHosts, deploy } from "../../../sandbox/rehearsal/deploy";
import { publicAddress, reachedFrom, rehearsedPlan, stateOf } from "./support";

jest.setTimeout(400_000);

const plan = rehearsedPlan();
/** Beside the original: the paths in it start from its folder. */
const changed = "pipeline.e2e.yaml";
const crontab = "/etc/cron.d/aws2ncp-event_log";
const firewall = "/etc/aws2ncp/firewall.nft";

const everyOtherMinute = ['schedule: "* * * * *" # every minute', 'schedule: "*/2 * * * *" #'] as const;
const oneMoreAdmin = [
  "admin_cidrs: [198.51.100.1/32]",
  `admin_cidrs: [198.51.100.1/32, ${PEERS.outsider.address}/32]`,
] as const;

let asItWas = true;

/** Deploys the example with texts replaced. */
async function deployWith(...replacements: (readonly [string, string])[]): Promise<void> {
  const original = readFileSync(join(projectRoot(), "pipeline.yaml"), "utf8");
  const text = replacements.reduce((source, [from, to]) => {
    if (source.split(from).length !== 2) throw new Error(`pipeline.yaml has not once: ${from}`);
    return source.replace(from, to);
  }, original);
  writeFileSync(join(projectRoot(), changed), text);
  asItWas = false;
  await deploy(() => undefined, sandboxPath("log", "e2e-change.log"), `node dist/main.js ${changed}`);
  asItWas = replacements.length === 0;
}

/** Files that the last delivery changed, by host. */
const filesChanged = (): Record<string, string[]> =>
  Object.fromEntries(
    deliveredHosts(plan).map(({ name, changedTasks }) => [name, changedTasks.flatMap(({ files = [] }) => files)]),
  );

const serverNumbers = (): string[] => stateOf(plan, "transfer", "ncloud_server").map(({ id }) => String(id));
const schedule = async (): Promise<string | undefined> =>
  (await hostExec("sync-1", ["cat", crontab])).stdout
    .split("\n")
    .find((line) => line.includes("aws2ncp-sync") && !line.includes("--full"));
const outsiderReaches = (): string[] => reachedFrom(PEERS.outsider.netns, [publicAddress(plan)], [22]);

const before = serverNumbers();

afterAll(async () => {
  if (!asItWas) await deployWith();
  rmSync(join(projectRoot(), changed), { force: true });
});

afterEach(() => {
  expect(serverNumbers()).toEqual(before);
});

it("delivers a dataset's new schedule to sync-1's crontab and to no other file", async () => {
  await deployWith(everyOtherMinute);
  expect(filesChanged()).toEqual({ "proxy-1": [], "sync-1": [crontab] });
  expect(await schedule()).toMatch(/^\*\/2 \* \* \* \* /);
});

it("delivers one more operator's address to proxy-1's firewall only, and he gets in", async () => {
  expect(outsiderReaches()).toEqual([]);
  await deployWith(everyOtherMinute, oneMoreAdmin);
  expect(filesChanged()).toEqual({ "proxy-1": [firewall], "sync-1": [] });
  expect(outsiderReaches()).toEqual([`${publicAddress(plan)}:22`]);
});

it("takes both back the same way", async () => {
  await deployWith();
  expect(filesChanged()).toEqual({ "proxy-1": [firewall], "sync-1": [crontab] });
  expect(await schedule()).toMatch(/^\* \* \* \* \* /);
  expect(outsiderReaches()).toEqual([]);
});
