/** Late and failed runs are told to the webhook, once per change; an emptied source changes nothing. */
import { mkdirSync, renameSync, rmSync } from "node:fs";
import { hostExec } from "../../../sandbox/hosts";
import { PEERS, receivedAlerts } from "../../../sandbox/network";
import { hashBucket } from "../../../sandbox/object-storage";
import { sandboxPath } from "../../../sandbox/paths";
import { run } from "../../../sandbox/run";
import { readSecret } from "../../../sandbox/secrets";
import { deployedConfig, instant, OwnDataset } from "./own-dataset";
import { curl, datasetNamed, hostNamed, rehearsedPlan, until } from "./support";

jest.setTimeout(300_000);

const plan = rehearsedPlan();
const HOUR = 3_600_000;
const BUSY = 75;

interface Told {
  readonly host: string;
  readonly dataset: string;
  readonly state: string;
  readonly reason: string;
}

/** What the webhook has taken about a dataset since a number of messages, as "STATE: REASON". */
const toldSince = (count: number, dataset: string): string[] =>
  receivedAlerts()
    .slice(count)
    .map(({ body }) => body as Told)
    .filter((told) => told.dataset === dataset)
    .map(({ state, reason }) => `${state}: ${reason}`);

/** Runs something on sync-1 as the job's user; again while cron's own run of it is under way. */
const onSync = (...argv: string[]): Promise<{ code: number; stderr: string; stdout: string }> =>
  until(`${argv.join(" ")} has its turn`, 60, async () => {
    const result = await hostExec("sync-1", ["sudo", "-u", "aws2ncp", ...argv], { allowFail: true });
    return result.code === BUSY ? undefined : result;
  });

const watch = async (...options: string[]): Promise<void> => {
  const { code, stderr } = await onSync("aws2ncp-sync-watch", ...options);
  expect([code, stderr]).toEqual([0, ""]);
};

describe("an emptied source", () => {
  const name = "api_log";
  const { source, target } = datasetNamed(plan, name);
  // The server keeps objects as files: out of the way and back again in one step each.
  const there = sandboxPath("s3", "aws", source.bucket, source.prefix);
  const away = sandboxPath("s3", "aws-e2e-emptied");
  let emptied = false;

  /** Beside what may have come meanwhile. */
  async function restore(): Promise<void> {
    mkdirSync(there, { recursive: true });
    await run("cp", ["--archive", `${away}/.`, there]);
    rmSync(away, { recursive: true });
    emptied = false;
  }

  afterAll(async () => {
    if (emptied) await restore();
  });

  it("changes nothing at the target, fails with words, and is told once; once more when it is back", async () => {
    await watch();
    const before = receivedAlerts().length;
    const copied = await hashBucket("ncp", target.bucket, target.prefix);

    renameSync(there, away);
    emptied = true;
    const failed = await onSync("aws2ncp-sync", name);
    expect(failed.code).toBe(1);
    expect(failed.stderr).toContain("nothing there, not one folder; nothing was changed");
    await watch();
    await onSync("aws2ncp-sync", name);
    await watch();
    expect(toldSince(before, name)).toEqual(["failed: the source is empty: nothing was changed"]);
    expect(await hashBucket("ncp", target.bucket, target.prefix)).toEqual(copied);

    await restore();
    expect(await onSync("aws2ncp-sync", name)).toMatchObject({ code: 0 });
    await watch();
    await watch();
    expect(toldSince(before, name)).toEqual([
      "failed: the source is empty: nothing was changed",
      "ok: the last run was good",
    ]);
  });
});

describe("a dataset without a good run for too long", () => {
  const dataset = new OwnDataset("e2e_late");
  const settings = `${dataset.folder}/../alerts.json`;

  beforeAll(async () => {
    await dataset.configure(await deployedConfig("event_log"));
    const { stdout } = await hostExec("sync-1", ["cat", "/etc/aws2ncp/alerts.json"]);
    const own = { ...(JSON.parse(stdout) as object), memory_file: `${dataset.folder}/../memory.json` };
    await hostExec("sync-1", ["tee", settings], { input: JSON.stringify(own) });
  });

  afterAll(() => dataset.remove());

  const lastGood = (hoursAgo: number): Promise<void> => {
    const finished = instant(Date.now() - hoursAgo * HOUR);
    return dataset.lastRun({ ok: true, finished, lastGood: finished });
  };
  const watchIt = (): Promise<void> => watch("--config", settings, "--config-folder", dataset.folder);

  it("is told as late once, and as well again once", async () => {
    const before = receivedAlerts().length;
    await lastGood(2);
    await watchIt();
    expect(toldSince(before, dataset.name)).toEqual([]);
    await lastGood(4);
    await watchIt();
    await watchIt();
    expect(toldSince(before, dataset.name)).toEqual(["late: no good run within 3 hours"]);
    await lastGood(0);
    await watchIt();
    await watchIt();
    expect(toldSince(before, dataset.name)).toEqual(["late: no good run within 3 hours", "ok: the last run was good"]);
  });
});

describe("the webhook", () => {
  const proxy = hostNamed(plan, "proxy-1");
  const post = (url: string): Promise<{ connect: number; answer: number }> =>
    curl("sync-1", [
      ...["--proxy", `http://${proxy.address}:${plan.proxy.portB}`, "--cacert", "/etc/aws2ncp/secrets/trust.pem"],
      ...["--header", "Content-Type: application/json", "--data", "{}", url],
    ]);

  it("takes nothing without its secret path, and nobody reaches it but through the proxy", async () => {
    const before = receivedAlerts().length;
    const host = `https://${PEERS.alerts.hostName}`;
    expect(await post(`${host}/hooks/guessed`)).toMatchObject({ connect: 200, answer: 404 });
    expect(await curl("sync-1", [`${host}/hooks/guessed`])).toMatchObject({ answer: 0 });
    expect(receivedAlerts()).toHaveLength(before);
    expect(await readSecret("alert-webhook")).toMatch(/^https:\/\/alerts\.ncp\.test\/hooks\/\w{32}$/);
  });
});
