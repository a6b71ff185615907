/** Each change of the tables gives exactly the findings that stand beside it, there and back. */
import { reviewOf } from "../../review/review";
import { PRODUCTION, WHOLE, type Change } from "./changes/change";
import { aws } from "./changes/aws";
import { cluster } from "./changes/cluster";
import { data } from "./changes/data";
import { harmless } from "./changes/harmless";
import { network } from "./changes/network";
import { queries } from "./changes/queries";
import { rights } from "./changes/rights";
import { secrets } from "./changes/secrets";
import { securePath } from "./changes/secure-path";
import { sync } from "./changes/sync";
import { versions } from "./changes/versions";
import { inWords, sidesOf, Workshop } from "./workshop";

// Each is quick; a loaded machine is not.
jest.setTimeout(120_000);

const workshop = new Workshop();
afterAll(() => workshop.close());

const tables: readonly (readonly [theme: string, file: string, changes: readonly Change[]])[] = [
  ["data", PRODUCTION, data],
  ["network", PRODUCTION, network],
  ["secure path", PRODUCTION, securePath],
  ["rights", PRODUCTION, rights],
  ["AWS", PRODUCTION, aws],
  ["queries", WHOLE, queries],
  ["secrets", PRODUCTION, secrets],
  ["sync", PRODUCTION, sync],
  ["cluster", WHOLE, cluster],
  ["versions", PRODUCTION, versions],
  ["harmless", PRODUCTION, harmless],
];

describe.each(tables)("%s", (_theme, file, changes) => {
  it.each(changes.map((change, index) => [change.name, change, index] as const))("%s", async (_name, change, index) => {
    const [before, after] = await sidesOf(workshop, file, change);
    // The other process synthesizes the next one while this one compares.
    const next = changes[index + 1];
    if (next !== undefined) void sidesOf(workshop, file, next).catch(() => undefined);
    expect({
      there: reviewOf(before, after).findings.map(inWords),
      back: reviewOf(after, before).findings.map(inWords),
    }).toEqual({ there: change.there, back: change.back });
  });
});
