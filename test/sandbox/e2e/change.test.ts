/** One changed line in the pipeline file changes exactly the file it should, on the host it should. */
import { hostExec } from "../../../sandbox/hosts";
import { PEERS } from "../../../sandbox/network";
import { ChangedPipeline, publicAddress, reachedFrom, rehearsedPlan, stateOf } from "./support";

jest.setTimeout(600_000);

const plan = rehearsedPlan();
const crontab = "/etc/cron.d/aws2ncp-event_log";
const firewall = "/etc/aws2ncp/firewall.nft";

const everyOtherMinute = ['schedule: "* * * * *" # every minute', 'schedule: "*/2 * * * *" #'] as const;
const oneMoreAdmin = [
  "admin_cidrs: [198.51.100.1/32]",
  `admin_cidrs: [198.51.100.1/32, ${PEERS.outsider.address}/32]`,
] as const;

const pipeline = new ChangedPipeline(plan, "e2e-change.log");
const serverNumbers = (): string[] => stateOf(plan, "transfer", "ncloud_server").map(({ id }) => String(id));
const schedule = async (): Promise<string | undefined> =>
  (await hostExec("sync-1", ["cat", crontab])).stdout
    .split("\n")
    .find((line) => line.includes("aws2ncp-sync") && !line.includes("--full"));
const outsiderReaches = (): string[] => reachedFrom(PEERS.outsider.netns, [publicAddress(plan)], [22]);

const before = serverNumbers();

afterAll(() => pipeline.restore());

afterEach(() => {
  expect(serverNumbers()).toEqual(before);
});

it("delivers a dataset's new schedule to sync-1's crontab and to no other file", async () => {
  expect(await pipeline.deployWith(everyOtherMinute)).toEqual({ "proxy-1": [], "sync-1": [crontab] });
  expect(await schedule()).toMatch(/^\*\/2 \* \* \* \* /);
});

it("delivers one more operator's address to proxy-1's firewall only, and he gets in", async () => {
  expect(outsiderReaches()).toEqual([]);
  expect(await pipeline.deployWith(everyOtherMinute, oneMoreAdmin)).toEqual({ "proxy-1": [firewall], "sync-1": [] });
  expect(outsiderReaches()).toEqual([`${publicAddress(plan)}:22`]);
});

it("takes both back the same way", async () => {
  expect(await pipeline.deployWith()).toEqual({ "proxy-1": [firewall], "sync-1": [crontab] });
  expect(await schedule()).toMatch(/^\* \* \* \* \* /);
  expect(outsiderReaches()).toEqual([]);
});
