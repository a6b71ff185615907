/** How long logs are kept, and who is told when something is late: settings in files, and files that are gone. */
import { textOf } from "../values/json";
import type { Finding } from "../report";
import { finding, hostsOf, placeOfFile, type Rule, type Verdict } from "./comparison";
import { directive, settingsRule, type Settings, type ValueRow } from "./settings";

const kept = (what: string): Pick<ValueRow, "worse" | "better"> => ({
  worse: {
    severity: "high",
    kind: "retention-shortened",
    consequence: `${what} are gone sooner: access to personal data must be provable for a year, for two from 50,000 people on`,
  },
  better: { severity: "info", kind: "retention-lengthened", consequence: `${what} are kept longer` },
});

const UNITS: Readonly<Record<string, number>> = {
  s: 1,
  sec: 1,
  min: 60,
  m: 60,
  h: 3600,
  hour: 3600,
  day: 86400,
  d: 86400,
  week: 604800,
  w: 604800,
  month: 2629800,
  year: 31557600,
  y: 31557600,
};

/** "1year", "400day", "2G" as numbers; one that is not written is 0 of what `otherwise` says. */
export function quantity(text: string | undefined): number | undefined {
  const [, amount, unit = ""] = /^(\d+)\s*([a-z]*)/i.exec(text ?? "") ?? [];
  if (amount === undefined) return undefined;
  const sizes = ["", "K", "M", "G", "T"].indexOf(unit.toUpperCase());
  if (sizes > 0 && unit === unit.toUpperCase()) return Number(amount) * 1024 ** sizes;
  return Number(amount) * (UNITS[unit.toLowerCase().replace(/(?<=\w{3})s$/, "")] ?? 1);
}

const number = (value: string | number | boolean | undefined): number =>
  quantity(value === undefined ? undefined : textOf(value)) ?? 0;
const setting =
  (name: string) =>
  (text: string): string | undefined =>
    new RegExp(`^\\s*${name}\\s*=\\s*(\\S+)`, "m").exec(text)?.[1];

const LOGROTATE = /^\/etc\/logrotate\.d\//;
const JOURNALD = /^\/etc\/systemd\/journald\.conf(\.d\/.*)?$/;

const SETTINGS: Settings = {
  values: [
    { file: LOGROTATE, what: "rotate", read: directive("rotate"), rank: number, ...kept("old logs") },
    {
      file: LOGROTATE,
      what: "maxage",
      read: directive("maxage"),
      rank: (value) => (value === undefined ? Infinity : number(value)),
      ...kept("old logs"),
    },
    {
      file: JOURNALD,
      what: "MaxRetentionSec",
      read: setting("MaxRetentionSec"),
      rank: (value) => (value === undefined ? Infinity : number(value)),
      ...kept("logins and sudo's log"),
    },
    {
      file: JOURNALD,
      what: "SystemMaxUse",
      read: setting("SystemMaxUse"),
      rank: (value) => (value === undefined ? Infinity : number(value)),
      ...kept("logins and sudo's log"),
    },
    {
      file: JOURNALD,
      what: "Storage",
      read: setting("Storage"),
      rank: (value) => (value === "persistent" ? 2 : value === "none" ? 0 : 1),
      ...kept("logins and sudo's log"),
    },
    {
      file: /^\/etc\/aws2ncp\/sync\/[^/]+\.json$/,
      what: "late_after_hours",
      read: (text) => /"late_after_hours":\s*(\d+|null)/.exec(text)?.[1],
      rank: (value) => (value === "null" || value === undefined ? -Infinity : -Number(value)),
      worse: {
        severity: "medium",
        kind: "alerts-removed",
        consequence: "a dataset that stands still is told later, or never",
      },
      better: { severity: "info", kind: "alerts-added", consequence: "a dataset that stands still is told sooner" },
    },
  ],
};

export const retention: Rule = settingsRule(SETTINGS);

/** Files by which a host raises alerts or keeps logs. */
const WATCHERS: readonly { readonly path: RegExp; readonly off: Verdict; readonly on: Verdict }[] = [
  {
    path: /^\/etc\/aws2ncp\/alerts\.json$/,
    off: { severity: "high", kind: "alerts-removed", consequence: "nobody is told of late and failed runs" },
    on: { severity: "info", kind: "alerts-added", consequence: "late and failed runs are told" },
  },
  {
    path: JOURNALD,
    off: {
      severity: "high",
      kind: "retention-shortened",
      consequence: "logins and sudo's log end with the next start of the host",
    },
    on: { severity: "info", kind: "retention-lengthened", consequence: "logins and sudo's log are kept" },
  },
];

export const watchers: Rule = ({ before, after, files }) => {
  const [left, right] = [hostsOf(before), hostsOf(after)];
  return files.flatMap((pair): Finding[] => {
    const row = WATCHERS.find(({ path }) => path.test(pair.path));
    if (
      row === undefined ||
      !left.has(pair.host) ||
      !right.has(pair.host) ||
      (pair.before === undefined) === (pair.after === undefined)
    )
      return [];
    return [
      finding(
        pair.after === undefined ? row.off : row.on,
        placeOfFile(pair),
        `the file is ${pair.after === undefined ? "gone" : "new"}`,
      ),
    ];
  });
};
