#!/usr/bin/env node
/**
 * How long a review of 2,000 resources and 500 rendered files takes, beside the synth of as many: node scripts/bench-review.mjs. Needs a build.
 * Both sides are the example's synth, many times over under other names, and the head has changes in every copy. Exit code 1 where the review takes 2 s
 * of processor time or more: what else runs on the machine is not the review's fault.
 */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const RESOURCES = 2000;
const FILES = 500;
const LIMIT_SECONDS = 2;

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);
const compiled = (path) => require(join(root, "dist", path));
const home = mkdtempSync(join(tmpdir(), "bench-review-"));

/** Processor and wall-clock seconds of a piece of work, and what it gave. */
function timed(work) {
  const [cpu, wall] = [process.cpuUsage(), performance.now()];
  const result = work();
  const { user, system } = process.cpuUsage(cpu);
  return { result, cpu: (user + system) / 1e6, wall: (performance.now() - wall) / 1e3 };
}

/** The example's pipeline file with a key, and with texts replaced. */
function pipeline(name, changes) {
  const folder = join(home, name);
  mkdirSync(folder);
  cpSync(join(root, "test", "fixtures", "deploy.pub"), join(folder, "deploy.pub"));
  cpSync(join(root, "examples", "jobs"), join(folder, "examples", "jobs"), { recursive: true });
  let text = readFileSync(join(root, "pipeline.yaml"), "utf8").replace("out/sandbox/secrets/deploy.pub", "deploy.pub");
  for (const [from, to] of changes) {
    if (!text.includes(from)) throw new Error(`pipeline.yaml does not hold ${from}`);
    text = text.replaceAll(from, to);
  }
  writeFileSync(join(folder, "pipeline.yaml"), text);
  return join(folder, "pipeline.yaml");
}

/** Runs the compiled program in this process, its modules loaded already from the second time on. */
function synth(file, outdir) {
  process.env.CDKTF_OUTDIR = outdir;
  process.argv[2] = file;
  delete require.cache[join(root, "dist", "main.js")];
  compiled("main.js");
  if (process.exitCode) throw new Error(`${file} does not synthesize`);
}

const readJson = (path) => JSON.parse(readFileSync(path, "utf8"));
const writeJson = (path, value) => writeFileSync(path, JSON.stringify(value, null, 2));
const count = (stack) => Object.values(stack.resource ?? {}).reduce((sum, named) => sum + Object.keys(named).length, 0);

/** The same stacks again and again, as stacks and hosts of other names, until there are enough. */
function multiplied(from, to) {
  const manifest = readJson(join(from, "manifest.json"));
  const all = { resources: 0, files: 0, copies: 0, stacks: {} };
  mkdirSync(join(to, "stacks"), { recursive: true });
  for (; all.resources < RESOURCES || all.files < FILES; all.copies++)
    for (const name of readdirSync(join(from, "stacks"))) {
      if (all.resources >= RESOURCES && all.files >= FILES) break;
      const [copy, source] = [`${name}-${all.copies}`, join(from, "stacks", name)];
      const folder = join(to, "stacks", copy);
      cpSync(source, folder, { recursive: true });
      all.stacks[copy] = { ...manifest.stacks[name], name: copy, synthesizedStackPath: `stacks/${copy}/cdk.tf.json` };
      all.resources += count(readJson(join(folder, "cdk.tf.json")));
      if (all.files < FILES) all.files += renamedHosts(join(folder, "artifacts"), all.copies);
      else rmSync(join(folder, "artifacts"), { recursive: true, force: true });
    }
  writeJson(join(to, "manifest.json"), { ...manifest, stacks: all.stacks });
  cpSync(join(from, "plan.json"), join(to, "plan.json"));
  return all;
}

/** Gives the hosts of a stack's artifacts other names; the number of its files. */
function renamedHosts(artifacts, number) {
  let manifest;
  try {
    manifest = readJson(join(artifacts, "manifest.json"));
  } catch {
    return 0;
  }
  let files = 0;
  for (const host of manifest.hosts) {
    const name = `${host.name}-${number}`;
    cpSync(join(artifacts, host.name), join(artifacts, name), { recursive: true });
    rmSync(join(artifacts, host.name), { recursive: true });
    host.name = name;
    files += host.files.length;
  }
  writeJson(join(artifacts, "manifest.json"), manifest);
  return files;
}

const row = (what, { cpu, wall }) =>
  console.log(`${what.padEnd(34)} ${cpu.toFixed(2).padStart(7)} s ${wall.toFixed(2).padStart(9)} s`);

try {
  const CHANGES = [
    ["admin_cidrs: [198.51.100.1/32]", "admin_cidrs: [198.51.100.0/28]"],
    ["time_servers: [time.ncp.test]", "time_servers: [clock.ncp.test]"],
    ["spec: s2-g3", "spec: s4-g3"],
  ];
  const [base, head] = [pipeline("base", []), pipeline("head", CHANGES)];
  synth(base, join(home, "base-out")); // loads everything
  const one = timed(() => synth(base, join(home, "base-out")));
  synth(head, join(home, "head-out"));
  const { resources, files, copies } = multiplied(join(home, "base-out"), join(home, "many-base"));
  multiplied(join(home, "head-out"), join(home, "many-head"));

  const { loadSynth } = compiled("review/input/load.js");
  const { reviewOf } = compiled("review/review.js");
  const loaded = timed(() => [loadSynth(join(home, "many-base")), loadSynth(join(home, "many-head"))]);
  const reviewed = timed(() => reviewOf(...loaded.result));
  const markdown = timed(() => compiled("review/render/markdown.js").renderMarkdown(reviewed.result));
  const html = timed(() => compiled("review/html/page.js").renderHtml(reviewed.result));

  const { findings, stacks, files: changed } = reviewed.result;
  console.log(
    `${resources} resources and ${files} rendered files on each side; ${stacks.length} stacks and ${changed.length} files change, ${findings.length} findings\n`,
  );
  console.log(`${"".padEnd(34)} processor      clock`);
  row(`synth of both sides (2 x ${copies}, as one)`, { cpu: one.cpu * copies * 2, wall: one.wall * copies * 2 });
  row("reading both sides", loaded);
  row("review", reviewed);
  row("as Markdown", markdown);
  row("as a page", html);
  const total = ["cpu", "wall"].map((key) => [loaded, reviewed, markdown].reduce((sum, each) => sum + each[key], 0));
  row("review from reading to Markdown", { cpu: total[0], wall: total[1] });
  if (total[0] >= LIMIT_SECONDS) process.exitCode = 1;
} finally {
  rmSync(home, { recursive: true, force: true });
}
