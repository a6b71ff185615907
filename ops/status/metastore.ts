/** Step five: the tables that the pipeline file names are in the metastore, and Presto has counted every row of them. */
import { holderOf } from "../../hooks/lock";
import {
  metastoreServer,
  readEvidence,
  rebuildLock,
  type Evidence,
  type TableResult,
  type Verdict,
} from "../../metastore/result";
import type { TableSetPlan } from "../../pipeline/plan-types";
import type { DatasetHealth } from "./health";
import { WAIT } from "./infrastructure";
import type { Part, StatusContext } from "./types";
import { count } from "./words";

const BAD: Readonly<Record<Exclude<Verdict, "exact" | "unproven">, string>> = {
  drifted: "Presto counts otherwise than the files say",
  unreadable: "files can't be read",
  conflicting: "no one schema fits its files",
  refused: "the metastore has refused it",
  empty: "no table was found under its prefix",
};

export async function metastore(context: StatusContext): Promise<Part[]> {
  const { plan, state, again } = context;
  const holder = holderOf(rebuildLock(state));
  if (holder !== undefined)
    return [{ name: "rebuild", state: "under way", found: `since ${holder.since}`, try: WAIT(again) }];
  if (plan.cluster?.spec.kerberos !== undefined)
    return [
      {
        name: "rebuild",
        state: "waiting",
        found: "the metastore takes Kerberos logins only, which the rebuild has none of",
        try: "docs/metastore.md, the part on Kerberos",
      },
    ];
  const evidence = readEvidence(state);
  const server = metastoreServer(plan, state);
  const healths = await context.health().catch((): readonly DatasetHealth[] => []);
  return plan.tables.map((set) => setPart(set, evidence, server, copiedAgain(set, context, healths)));
}

/** When the data of a set was last copied by hand: a rebuild that began before has not seen all of it. A schedule is not waited for. */
function copiedAgain(
  { bucket, prefix }: TableSetPlan,
  { plan }: StatusContext,
  healths: readonly DatasetHealth[],
): string | undefined {
  const dataset = plan.datasets.find(({ target }) => target.bucket === bucket && target.prefix === prefix);
  if (dataset?.layout !== "tree" || dataset.schedule !== undefined) return undefined;
  return healths.find((health) => health.dataset === dataset.name)?.lastGood ?? undefined;
}

function setPart(
  { name }: TableSetPlan,
  evidence: Evidence | undefined,
  server: string | undefined,
  copied: string | undefined,
): Part {
  const rebuild = `npx aws2ncp metastore rebuild ${name}`;
  const results = evidence?.results.filter((result) => result.set === name) ?? [];
  const [oldest] = results.map(({ at }) => at).sort();
  if (evidence === undefined || oldest === undefined)
    return { name, state: "waiting", found: "never rebuilt", try: rebuild };
  if (evidence.server !== server)
    return {
      name,
      state: "waiting",
      found: `proved on server ${evidence.server}; the metastore is on ${server ?? "none"} now`,
      try: rebuild,
    };
  const bad = results.find(({ verdict }) => verdict !== "exact" && verdict !== "unproven");
  if (bad !== undefined) return { name, state: "failed", found: badInWords(bad), try: rebuild };
  if (copied !== undefined && Date.parse(copied) > Date.parse(oldest))
    return {
      name,
      state: "waiting",
      found: `rebuilt ${oldest}; its data was copied again, until ${copied}`,
      try: rebuild,
    };
  const unproven = results.filter(({ verdict }) => verdict === "unproven").map(({ table }) => table);
  if (unproven.length > 0)
    return {
      name,
      state: "waiting",
      found: `rows not counted yet: ${unproven.join(", ")}`,
      try: `${rebuild} --count-lines`,
    };
  const rows = results.reduce((sum, each) => sum + each.rows, 0);
  return { name, state: "done", found: `${count(results.length, "table")}, ${count(rows, "row")}, exact; ${oldest}` };
}

const badInWords = ({ table, verdict, problems }: TableResult): string =>
  [`${table}: ${BAD[verdict as keyof typeof BAD]}`, ...problems.slice(0, 1)].join("; ");
