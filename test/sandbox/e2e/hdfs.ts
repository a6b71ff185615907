/** HDFS as the account of the batch jobs has it, from a node with the clients. */
import { createHash } from "node:crypto";
import { hostExec } from "../../../sandbox/hosts";
import type { RunResult } from "../../../sandbox/run";

const asBatch = ["runuser", "-u", "batch", "--", "hdfs", "dfs"];

/** @param input what `-put -f -` writes */
export const hdfs = (host: string, args: readonly string[], input?: Buffer): Promise<RunResult> =>
  hostExec(host, [...asBatch, ...args], input === undefined ? {} : { input });

/** SHA-256 of a file's content; undefined when not all of it can be read. */
export async function sha256InHdfs(host: string, file: string): Promise<string | undefined> {
  const script = `set -o pipefail; ${asBatch.join(" ")} -cat ${file} | sha256sum`;
  const { stdout, code } = await hostExec(host, ["bash", "-c", script], { allowFail: true });
  return code === 0 ? stdout.split(" ")[0] : undefined;
}

export const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");
