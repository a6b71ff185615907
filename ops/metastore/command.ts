/** `aws2ncp metastore rebuild`: tables of the metastore, made again from the data in Object Storage, and proved by Presto. */
import { dirname, join, resolve } from "node:path";
import { Command } from "commander";
import { HookError } from "../../hooks/errors";
import { takeLock } from "../../hooks/lock";
import { ACCESS_SECRETS, accessThroughTunnels } from "../../metastore/access";
import { PrestoAway } from "../../metastore/presto";
import { impossible, rebuild, type Rebuilt } from "../../metastore/rebuild";
import { keepEvidence, metastoreServer, rebuildLock } from "../../metastore/result";
import { ConnectionLost } from "../../metastore/thrift/connection";
import { loadPipeline } from "../../pipeline/load";
import { planOf } from "../../pipeline/plan";
import type { Plan } from "../../pipeline/plan-types";
import { Interrupted, interrupted } from "../../sandbox/rehearsal";
import { WrongUse } from "../errors";
import { progress } from "../progress";
import { demandSecrets } from "../secrets";
import { inWords } from "./report";

interface Options {
  readonly pipeline: string;
  readonly dryRun?: boolean;
  readonly removeVanished?: boolean;
  readonly countLines?: boolean;
  readonly json?: boolean;
}

const again = (tables: readonly string[], { pipeline, removeVanished, countLines }: Options): string =>
  [
    "npx aws2ncp metastore rebuild",
    ...tables,
    ...(pipeline === "pipeline.yaml" ? [] : [`--pipeline ${pipeline}`]),
    ...(removeVanished === true ? ["--remove-vanished"] : []),
    ...(countLines === true ? ["--count-lines"] : []),
  ].join(" ");

async function run(plan: Plan, root: string, tables: readonly string[], options: Options): Promise<Rebuilt> {
  const state = join(root, plan.stateFolder);
  const secrets = await demandSecrets(plan, ACCESS_SECRETS, root, interrupted);
  const watcher = progress("metastore");
  const signal = interrupted;
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const access = await accessThroughTunnels({ plan, secrets, state, again: again(tables, options), say, signal });
  try {
    return await rebuild({
      sets: plan.tables,
      only: tables,
      storage: access.storage,
      metastore: access.metastore,
      ...(access.presto === undefined ? {} : { presto: access.presto }),
      state,
      dryRun: options.dryRun ?? false,
      removeVanished: options.removeVanished ?? false,
      countLines: options.countLines ?? false,
      progress: watcher,
      signal,
    });
  } finally {
    watcher.stop();
    access.close();
  }
}

/** What stopped a run half-way, and what to do. */
function explained(error: unknown, tables: readonly string[], options: Options): unknown {
  const next = `\n  try: ${again(tables, options)} (it goes on where it was)`;
  if (interrupted.aborted) return new Interrupted(`interrupted${next}`);
  if (error instanceof ConnectionLost || error instanceof PrestoAway) return new Error(error.message + next);
  return error;
}

const noSuchTable = ({ tables }: Plan, names: readonly string[]): WrongUse =>
  new WrongUse(
    `${names.join(", ")}: no such table\n  allowed: ${tables.map(({ name }) => name).join(", ")}, or DATABASE.TABLE of one of them`,
  );

async function rebuildCommand(tables: readonly string[], options: Options): Promise<void> {
  const plan = planOf(loadPipeline(options.pipeline));
  if (plan.tables.length === 0)
    throw new WrongUse(
      `${options.pipeline}: no tables: nothing says what the metastore is rebuilt from\n` +
        "  try: docs/metastore.md, the section tables of the pipeline file",
    );
  const wrong = impossible(plan.tables, tables);
  if (wrong.length > 0) throw noSuchTable(plan, wrong);
  const root = dirname(resolve(options.pipeline));
  const state = join(root, plan.stateFolder);
  const lock = takeLock(rebuildLock(state), "metastore rebuild");
  try {
    const { result, ddl, unknown } = await run(plan, root, tables, options);
    const kept =
      options.dryRun === true
        ? result
        : keepEvidence(state, result, { whole: tables.length === 0, server: metastoreServer(plan, state) ?? "" });
    const text =
      options.json === true
        ? JSON.stringify(options.dryRun === true ? { ...result, ddl } : kept, null, 2)
        : inWords(result, options.dryRun === true ? ddl : undefined);
    process.stdout.write(`${text}\n`);
    if (!result.exact) process.exitCode = 1;
    // What was found beside them is done and told.
    if (unknown.length > 0) throw noSuchTable(plan, unknown);
  } catch (error) {
    if (error instanceof HookError && error.exitCode === 2) throw new WrongUse(error.message);
    throw explained(error, tables, options);
  } finally {
    lock.release();
  }
}

/** The `metastore` command with all its own. */
export function metastoreCommand(): Command {
  const metastore = new Command("metastore").description("Hive's metastore: tables over the data in Object Storage");
  metastore
    .command("rebuild")
    .description(
      "make the tables that the pipeline file names from what lies in Object Storage, and prove by Presto that SQL sees every row; exit code 1 if a table is not well. Begun again after a kill it goes on where it was; what is unchanged is left alone",
    )
    .argument("[table...]", "names under tables of the pipeline file, or DATABASE.TABLE; all without")
    .option("--pipeline <file>", "the pipeline file", "pipeline.yaml")
    .option("--dry-run", "write nothing: print the DDL of what would change")
    .option("--remove-vanished", "forget tables and partitions whose folders hold nothing any more; no file is removed")
    .option("--count-lines", "read JSON lines to their end and count them: without it such tables are not proved")
    .option("--json", "print one JSON document on standard output")
    .addHelpText(
      "after",
      "\nExample:\n  $ npx aws2ncp metastore rebuild --dry-run\n  $ npx aws2ncp metastore rebuild event_log --count-lines",
    )
    .action(rebuildCommand);
  return metastore;
}
