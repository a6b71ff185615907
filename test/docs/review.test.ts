/** docs/review.md: its table of findings is the code's and the tests', and what it refers to is there. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { FINDING_KINDS, type FindingKind, type Theme } from "../../review/findings/kinds";
import { SEVERITIES, type Severity } from "../../review/report";
import { aws } from "../review/changes/aws";
import { cluster } from "../review/changes/cluster";
import { data } from "../review/changes/data";
import { network } from "../review/changes/network";
import { queries } from "../review/changes/queries";
import { rights } from "../review/changes/rights";
import { secrets } from "../review/changes/secrets";
import { securePath } from "../review/changes/secure-path";
import { sync } from "../review/changes/sync";
import { versions } from "../review/changes/versions";

const page = join(__dirname, "..", "..", "docs", "review.md");
const text = readFileSync(page, "utf8");

/** What only a real plan shows: test/review/plan has it. */
const OF_PLANS: readonly string[] = ["medium drift", "critical plan-destroys", "high plan-destroys"];

const told = [aws, cluster, data, network, queries, rights, secrets, securePath, sync, versions]
  .flat()
  .flatMap(({ there, back }) => [...there, ...back])
  .concat(OF_PLANS)
  .map((line) => line.split(" ") as [Severity, FindingKind]);

const severitiesOf = (kind: string): Severity[] =>
  SEVERITIES.filter((severity) => told.some(([each, of]) => of === kind && each === severity));

/** "`data-destroyed` critical, `server-removed` high" */
const listed = (kinds: readonly string[]): string =>
  kinds
    .map((kind) => {
      const loud = severitiesOf(kind).filter((severity) => severity !== "info");
      return [`\`${kind}\``, loud.join(" or ")].join(" ").trim();
    })
    .join(", ");

function rowOf(theme: Theme): string {
  const kinds = Object.entries(FINDING_KINDS).flatMap(([kind, row]) => (row.theme === theme ? [kind] : []));
  const isLoud = (kind: string): boolean => severitiesOf(kind).some((severity) => severity !== "info");
  return `| ${theme} | ${listed(kinds.filter(isLoud))} | ${listed(kinds.filter((kind) => !isLoud(kind)))} |`;
}

it("makes every kind of finding by a change of the tables", () => {
  expect(Object.keys(FINDING_KINDS).filter((kind) => severitiesOf(kind).length === 0)).toEqual([]);
});

it("names each with the severities that it has", () => {
  const themes = [...new Set(Object.values(FINDING_KINDS).map(({ theme }) => theme))];
  const rows = text.split("\n").filter((line) => /^\| .*`[a-z]+-[a-z-]+`|^\| plan /.test(line));
  expect(rows).toEqual(themes.map(rowOf));
});

it("links to what is there", () => {
  const links = [...text.matchAll(/\]\(([^)#]+)[^)]*\)/g)].map(([, link]) => link as string);
  expect(links.length).toBeGreaterThan(2);
  expect(links.filter((link) => !existsSync(join(dirname(page), link)))).toEqual([]);
});
