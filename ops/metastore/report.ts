/** A rebuild in words. */
import type { RebuildResult, TableResult, Verdict } from "../../metastore/result";

const WORDS: Readonly<Record<Verdict, string>> = {
  exact: "exact",
  unproven: "not proved",
  drifted: "DRIFTED",
  unreadable: "UNREADABLE FILES",
  conflicting: "CONFLICT",
  refused: "REFUSED",
  empty: "EMPTY",
};

/** 336776 -> "336,776" */
const number = (value: number): string => value.toLocaleString("en-US");
const count = (value: number, what: string): string => `${number(value)} ${what}${value === 1 ? "" : "s"}`;

function writtenInWords({ written }: TableResult): string {
  if (written === undefined) return "nothing written";
  const did = [
    ...(written.created ? ["created"] : []),
    ...written.changed,
    ...(written.partitionsAdded > 0 ? [`${count(written.partitionsAdded, "partition")} added`] : []),
    ...(written.partitionsChanged > 0 ? [`${count(written.partitionsChanged, "partition")} changed`] : []),
    ...(written.partitionsRemoved > 0 ? [`${count(written.partitionsRemoved, "partition")} removed`] : []),
  ];
  return did.length === 0 ? "unchanged" : did.join(", ");
}

function tableInWords(result: TableResult, dryRun: boolean): string[] {
  const { table, verdict, files, partitions, rows } = result;
  const size = [count(files, "file"), ...(partitions > 0 ? [count(partitions, "partition")] : []), count(rows, "row")];
  const notes = [
    ...result.merged.map(
      ({ column, change, what, file, limit }) =>
        `merged: column ${column} ${change}: ${what}, in ${file}${limit === undefined ? "" : `; ${limit}`}`,
    ),
    ...result.problems,
    ...(result.strayFiles === 0
      ? []
      : [
          `note: ${count(result.strayFiles, "file")} lie in no partition's folder, so nobody reads them: ${result.strays[0]}`,
        ]),
  ];
  const said = dryRun && verdict === "unproven" ? "" : `  ${WORDS[verdict]}`;
  return [
    `${table}${said}  ${size.join(", ")}${dryRun ? "" : `; ${writtenInWords(result)}`}`,
    ...notes.map((line) => `  ${line}`),
  ];
}

/** @param ddl of a dry run */
export function inWords(result: RebuildResult, ddl?: readonly string[]): string {
  const { results, outside, vanishedTables, tables, partitions, rows, exact, seconds } = result;
  const unproven = results.filter(({ verdict }) => verdict === "unproven").length;
  const wrong = results.filter(({ verdict }) => verdict !== "unproven" && verdict !== "exact").length;
  const end = exact
    ? unproven === 0
      ? "all exact"
      : `${count(unproven, "table")} not proved: --count-lines reads their lines`
    : `${count(wrong, "table")} not well`;
  return [
    ...(ddl === undefined ? [] : ddl.length === 0 ? ["-- nothing would change"] : ddl.map((each) => `${each}\n`)),
    ...results.flatMap((each) => tableInWords(each, ddl !== undefined)),
    ...outside.map(
      ({ set, files, first }) => `note: ${set}: ${count(files, "file")} outside every table's folder: ${first}`,
    ),
    ...(vanishedTables.length === 0
      ? []
      : [
          `note: in the metastore, without a file: ${vanishedTables.join(", ")}`,
          "  try: npx aws2ncp metastore rebuild --remove-vanished",
        ]),
    ...(ddl === undefined
      ? [`${count(tables, "table")}, ${count(partitions, "partition")}, ${count(rows, "row")}: ${end}; ${seconds} s`]
      : []),
  ].join("\n");
}
