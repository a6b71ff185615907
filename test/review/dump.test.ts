import { appendFileSync, writeFileSync } from "node:fs";
import { reviewOf } from "../../review/review";
import { PRODUCTION, WHOLE, type Change } from "./changes/change";
import { cluster } from "./changes/cluster";
import { data } from "./changes/data";
import { harmless } from "./changes/harmless";
import { network } from "./changes/network";
import { rights } from "./changes/rights";
import { secrets } from "./changes/secrets";
import { securePath } from "./changes/secure-path";
import { sync } from "./changes/sync";
import { versions } from "./changes/versions";
import { inWords, sidesOf, Workshop } from "./workshop";
import { existsSync, mkdirSync } from "node:fs";
import { createHash } from "node:crypto";
import { loadSynth } from "../../review/input/load";
const workshop: any = new Workshop();
mkdirSync("/tmp/rv/cache", { recursive: true });
const original = workshop.ask.bind(workshop);
const memory = new Map();
workshop.synth = async (asked: any) => {
  const key = createHash("sha256").update(JSON.stringify(asked)).digest("hex").slice(0, 16);
  const out = "/tmp/rv/cache/" + key;
  if (!memory.has(key)) {
    if (!existsSync(out + "/plan.json")) await original(asked, out);
    memory.set(key, loadSynth(out));
  }
  return memory.get(key);
};
afterAll(() => workshop.close());
const tables: any[] = [
  ["data", PRODUCTION, data],
  ["network", PRODUCTION, network],
  ["secure path", PRODUCTION, securePath],
  ["rights", PRODUCTION, rights],
  ["secrets", PRODUCTION, secrets],
  ["sync", PRODUCTION, sync],
  ["cluster", WHOLE, cluster],
  ["versions", PRODUCTION, versions],
  ["harmless", PRODUCTION, harmless],
];
const only = process.env["ONLY"];
it("dumps", async () => {
  writeFileSync("/tmp/rv/dump.txt", "");
  const all: any = {};
  for (const [theme, file, changes] of tables)
    for (const change of changes as Change[]) {
      if (only && !change.name.includes(only) && theme !== only) continue;
      let text = `\n## ${theme}: ${change.name}\n`;
      try {
        const [b, a] = await sidesOf(workshop, file, change);
        const r: any = { there: reviewOf(b, a), back: reviewOf(a, b) };
        all[`${theme}|${change.name}`] = { there: r.there.findings.map(inWords), back: r.back.findings.map(inWords) };
        for (const side of ["there", "back"])
          text +=
            `${side}: ${r[side].verdict}\n` +
            r[side].findings
              .map((f: any) => `   ${inWords(f)}\n        ${f.reason}\n        -> ${f.consequence}\n`)
              .join("");
      } catch (e: any) {
        text += "ERROR " + e.stack.slice(0, 300) + "\n";
      }
      appendFileSync("/tmp/rv/dump.txt", text);
    }
  writeFileSync("/tmp/rv/dump.json", JSON.stringify(all));
}, 300000);
