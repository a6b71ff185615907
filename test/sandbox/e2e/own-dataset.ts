/** Datasets of a test's own on sync-1: the deployed job with a configuration and a memory that no other test and no cron sees. */
import { hostExec } from "../../../sandbox/hosts";
import type { RunResult } from "../../../sandbox/run";
import type { SyncRun } from "../../../sandbox/rehearsal/cron";

const HOST = "sync-1";
/** On the volume, as the job demands. */
const FOLDER = "/var/lib/aws2ncp/e2e";

/** The job's configuration of a dataset, as far as these tests change it. */
export type JobConfig = Readonly<Record<string, unknown>>;

const asJob = ["sudo", "-u", "aws2ncp"];

/** What was deployed for a dataset of the example. */
export async function deployedConfig(dataset: string): Promise<JobConfig> {
  const { stdout } = await hostExec(HOST, ["cat", `/etc/aws2ncp/sync/${dataset}.json`]);
  return JSON.parse(stdout) as JobConfig;
}

export class OwnDataset {
  readonly folder: string;
  private readonly state: string;
  private readonly log: string;

  constructor(readonly name: string) {
    this.folder = `${FOLDER}/${name}/config`;
    this.state = `${FOLDER}/${name}/state`;
    this.log = `${FOLDER}/${name}/log.jsonl`;
  }

  /** Writes the dataset's configuration: a deployed one, changed. */
  async configure(config: JobConfig): Promise<void> {
    const own = { ...config, dataset: this.name, state_folder: this.state, log_file: this.log };
    await this.asJobWrites(`${this.folder}/${this.name}.json`, own);
  }

  /** Says until when everything has been copied (milliseconds), as a run of then would have. */
  async copiedUntil(time: number): Promise<void> {
    await this.asJobWrites(`${this.state}/progress.json`, { end: instant(time) });
  }

  /** Writes what the last run says of itself. */
  async lastRun(status: object): Promise<void> {
    await this.asJobWrites(`${this.state}/status.json`, status);
  }

  private async asJobWrites(path: string, value: object): Promise<void> {
    await hostExec(HOST, ["install", "-d", "-o", "aws2ncp", "-g", "aws2ncp", FOLDER]);
    const script = 'mkdir -p "$(dirname "$1")" && cat >"$1"';
    await hostExec(HOST, [...asJob, "sh", "-c", script, "sh", path], { input: JSON.stringify(value) });
  }

  /** Runs the job to its end. */
  run(): Promise<RunResult> {
    const argv = [...asJob, "aws2ncp-sync", this.name, "--config-folder", this.folder];
    return hostExec(HOST, argv, { allowFail: true });
  }

  /** What the last run says of itself. */
  async status(): Promise<SyncRun> {
    return JSON.parse((await hostExec(HOST, ["cat", `${this.state}/status.json`])).stdout) as SyncRun;
  }

  async remove(): Promise<void> {
    await hostExec(HOST, ["rm", "-rf", `${FOLDER}/${this.name}`]);
  }
}

/** "2026-11-24T16:05:00Z" */
export const instant = (time: number): string => new Date(time).toISOString().replace(/\.\d+Z$/, "Z");

/** A line of the sync job's log. */
export interface SyncEvent {
  readonly time: string;
  readonly event: string;
  readonly object?: string;
}

/** What a dataset's runs have logged since an instant (milliseconds). */
export async function syncEvents(dataset: string, since: number): Promise<SyncEvent[]> {
  const { stdout } = await hostExec(HOST, ["cat", `/var/log/aws2ncp/sync-${dataset}.jsonl`]);
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as SyncEvent)
    .filter(({ time }) => Date.parse(time) >= since);
}
