/** What the copies do: what they may delete, how far they look back, in which zone, when, from where to where. */
import { cronJobs } from "../files/cron";
import type { FilePair } from "../files/delivered";
import type { Finding, Json, Severity } from "../report";
import { at, brief, objectOf, type JsonObject, textOf } from "../values/json";
import { finding, hostsOf, placeOfFile, type Comparison, type Rule, type Verdict } from "./comparison";

const SYNC = /^\/etc\/aws2ncp\/sync\/([^/]+)\.json$/;
const CRON = /^\/etc\/cron\.d\/aws2ncp-([a-z][a-z0-9_]*)$/;

/** A value of a dataset's file; how two compare, and what that means. */
interface Row {
  readonly key: string;
  /** Above 0: the second is the more dangerous. */
  readonly danger: (before: Json | undefined, after: Json | undefined) => number;
  readonly worse: Verdict;
  readonly better: Verdict;
}

const deletes = (severity: Severity, consequence: string): Pick<Row, "worse" | "better"> => ({
  worse: { severity, kind: "sync-deletes", consequence },
  better: { severity: "info", kind: "sync-keeps", consequence: "a run deletes less at the target" },
});
const window = (consequence: string): Pick<Row, "worse" | "better"> => ({
  worse: { severity: "high", kind: "sync-window-narrowed", consequence },
  better: {
    severity: "info",
    kind: "sync-window-widened",
    consequence: "more is listed and copied: it takes longer and costs more",
  },
});
const moved = (kind: "sync-zone" | "sync-source", consequence: string): Pick<Row, "worse" | "better"> => {
  const verdict: Verdict = { severity: "high", kind, consequence };
  return { worse: verdict, better: verdict };
};

const text = (value: Json | undefined): string => (value === undefined || value === null ? "" : textOf(value));
const limit = (value: Json | undefined): number => (typeof value === "number" ? value : Infinity);
const another = (before: Json | undefined, after: Json | undefined): number => (text(before) === text(after) ? 0 : 1);

/** Flags of rclone that delete or let it delete. */
const deleting = (value: Json | undefined): number =>
  Array.isArray(value)
    ? value.filter((word) => /^--(delete|max-delete|track-renames|delete-excluded)/.test(textOf(word))).length
    : 0;

const ROWS: readonly Row[] = [
  {
    key: "mode",
    danger: (before, after) => Number(after === "sync") - Number(before === "sync"),
    ...deletes("critical", "what is gone at the source is deleted at the target at the next run"),
  },
  {
    key: "max_delete",
    danger: (before, after) => Math.sign((limit(after) === limit(before) ? 0 : limit(after) - limit(before)) || 0),
    ...deletes("high", "an emptied source may empty more of the target in one run"),
  },
  {
    key: "replaced",
    danger: (before, after) =>
      text(after) === ""
        ? Number(text(before) !== "")
        : another(before, after) === 0
          ? 0
          : text(before) === ""
            ? -1
            : 0.5,
    ...deletes("high", "what a run overwrites or deletes lies elsewhere than before, or nowhere"),
  },
  {
    key: "rclone",
    danger: (before, after) => Math.sign(deleting(after) - deleting(before)),
    ...deletes("high", "rclone deletes by its flags"),
  },
  {
    key: "lateness_hours",
    danger: (before, after) => Math.sign(Number(before) - Number(after)) || 0,
    ...window("objects that arrive later than that wait for the weekly run"),
  },
  {
    key: "start",
    danger: (before, after) => Math.sign(Date.parse(text(after)) - Date.parse(text(before))) || 0,
    ...window("what lies before the start is no longer copied"),
  },
  {
    key: "before_start",
    danger: (before, after) => Number(before === "copy") - Number(after === "copy"),
    ...window("folders from before the start stay at the source"),
  },
  {
    key: "prefix_zone",
    danger: another,
    ...moved("sync-zone", "the window's folders are others: hours around midnight may be missed or copied late"),
  },
  {
    key: "layout",
    danger: another,
    ...moved("sync-source", "folders are named by another rule: the window finds none under the old one"),
  },
  { key: "source", danger: another, ...moved("sync-source", "another place is copied from") },
  {
    key: "target",
    danger: another,
    ...moved("sync-source", "another place is copied to: the old copy stays as it is"),
  },
];

export const datasets: Rule = (comparison) =>
  concerned(comparison, SYNC).flatMap(({ pair, name }): Finding[] => {
    if (pair.after === undefined) {
      const verdict: Verdict = {
        severity: "high",
        kind: "sync-removed",
        consequence: "what arrives at the source stays there",
      };
      return [finding(verdict, placeOfFile(pair), `${name} is no longer copied`)];
    }
    const now = parsed(pair.after.text);
    if (pair.before === undefined) return added(pair, name, now);
    const old = parsed(pair.before.text);
    return ROWS.flatMap((row) => {
      if (row.key === "max_delete" && (old["mode"] !== "sync" || now["mode"] !== "sync")) return [];
      const danger = row.danger(at(old, row.key), at(now, row.key));
      if (danger === 0 || Number.isNaN(danger)) return [];
      return [
        finding(
          danger > 0 ? row.worse : row.better,
          placeOfFile(pair),
          `${row.key} of ${name}: ${brief(at(old, row.key))} becomes ${brief(at(now, row.key))}`,
        ),
      ];
    });
  });

/** A new dataset is told as such, and as dangerous where it deletes from its first run on. */
function added(pair: FilePair, name: string, now: JsonObject): Finding[] {
  const verdict: Verdict = { severity: "info", kind: "sync-added", consequence: "it is copied from the next run on" };
  const findings = [
    finding(verdict, placeOfFile(pair), `${name} is copied from ${brief(now["source"])} to ${brief(now["target"])}`),
  ];
  const mode = ROWS[0] as Row;
  return now["mode"] === "sync"
    ? [...findings, finding(mode.worse, placeOfFile(pair), `${name} is copied with mode sync`)]
    : findings;
}

/** When a copy runs. A dataset without a table of cron runs on demand. */
export const schedules: Rule = (comparison) =>
  concerned(comparison, CRON).flatMap(({ pair, name }): Finding[] => {
    const [old, now] = [pair.before, pair.after].map((side) => (side === undefined ? [] : cronJobs(side.text)));
    const told = (jobs: typeof old): string =>
      (jobs ?? []).map(({ when, command }) => `${when}${command.includes("--full") ? " (full)" : ""}`).join(", ");
    const [before, after] = [told(old), told(now)];
    if (before === after) return [];
    // With its dataset gone or new, it follows from that.
    if (
      comparison.files.some(
        ({ path, host, before: left, after: right }) =>
          SYNC.exec(path)?.[1] === name && host === pair.host && (left === undefined || right === undefined),
      )
    )
      return [];
    const verdict: Verdict =
      after === ""
        ? { severity: "high", kind: "sync-schedule", consequence: "it runs only when somebody starts it" }
        : { severity: "low", kind: "sync-schedule", consequence: "it runs at other times (UTC)" };
    return [
      finding(
        verdict,
        placeOfFile(pair),
        `schedule of ${name}: ${before === "" ? "none" : before} becomes ${after === "" ? "none" : after}`,
      ),
    ];
  });

function concerned(
  { before, after, files }: Comparison,
  pattern: RegExp,
): { readonly pair: FilePair; readonly name: string }[] {
  const [left, right] = [hostsOf(before), hostsOf(after)];
  return files.flatMap((pair) => {
    const name = pattern.exec(pair.path)?.[1];
    const changed = pair.before?.text !== pair.after?.text;
    // A host that goes takes its copies with it: they are gone unless another host has them.
    const elsewhere =
      !right.has(pair.host) && files.some((other) => other.path === pair.path && other.after !== undefined);
    const arrived =
      !left.has(pair.host) && files.some((other) => other.path === pair.path && other.before !== undefined);
    return name === undefined || !changed || elsewhere || arrived ? [] : [{ pair, name }];
  });
}

function parsed(content: string): JsonObject {
  try {
    return objectOf(JSON.parse(content));
  } catch {
    return {};
  }
}
