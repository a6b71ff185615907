/** `aws2ncp sandbox …`: the rehearsal on this machine. */
import { spawn } from "node:child_process";
import { Command } from "commander";
import { sandboxEnv } from "../sandbox/env";
import { hostCommand, listHosts } from "../sandbox/hosts";
import * as rehearsal from "../sandbox/rehearsal";
import { WrongUse } from "./errors";
import { progress, rememberTimings } from "./progress";

interface Options {
  readonly json?: boolean;
}

const print = (text: string): void => void process.stdout.write(`${text}\n`);
const printJson = (value: unknown): void => print(JSON.stringify(value, null, 2));

/** Steps with progress, while this process holds the machine's sandbox. */
async function runClaimed(
  command: string,
  steps: readonly rehearsal.Step[],
  options: Options,
  end: string,
): Promise<void> {
  rehearsal.claim();
  const watcher = progress(command);
  const results: rehearsal.StepResult[] = [];
  let ok = false;
  try {
    await rehearsal.runSteps(steps, watcher, results);
    ok = true;
  } finally {
    watcher.stop();
    rememberTimings(command, results);
    rehearsal.rest();
    if (options.json === true) printJson({ ok, steps: results });
  }
  if (options.json !== true) print(end);
}

async function up(options: Options): Promise<void> {
  await runClaimed(
    "up",
    rehearsal.upSteps(),
    options,
    'the clouds are up. Next: eval "$(npx aws2ncp sandbox env)" && npx cdktf deploy "*"',
  );
}

async function down(options: Options): Promise<void> {
  await runClaimed(
    "down",
    rehearsal.downSteps(),
    options,
    "nothing of the sandbox is left on this machine but its logs; downloads are kept",
  );
  rehearsal.release();
}

async function status(options: Options): Promise<void> {
  const found = await rehearsal.sandboxStatus();
  if (options.json === true) printJson(found);
  else print(rehearsal.statusInWords(found));
  if (found.problems.length > 0) process.exitCode = 1;
}

/** Values in single quotes: what a shell never looks into. */
export function exportLines(variables: Readonly<Record<string, string>>): string {
  return Object.entries(variables)
    .map(([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'`)
    .join("\n");
}

function env(options: Options): void {
  if (options.json === true) printJson(sandboxEnv());
  else print(exportLines(sandboxEnv()));
}

async function shell(host: string, command: readonly string[], options: Options): Promise<void> {
  const hosts = await listHosts();
  if (!hosts.includes(host))
    throw new WrongUse(
      `no host ${host} in the sandbox\n  allowed: ${hosts.join(", ") || "none yet: deploy first"}\n  try: npx aws2ncp sandbox status`,
    );
  const argv = command.length > 0 ? command : ["bash", "--login"];
  const [program, ...args] = await hostCommand(host, argv);
  if (options.json === true && command.length === 0) return printJson({ host, command: [program, ...args] });
  // The shell takes the terminal: ctrl-C is for what runs in it.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.removeAllListeners(signal).on(signal, () => undefined);
  const child = spawn(program, args, { stdio: "inherit" });
  process.exitCode = await new Promise<number>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? 1));
  });
}

async function rehearse(options: Options): Promise<void> {
  rehearsal.claim();
  const watcher = progress("rehearse");
  try {
    await rehearsal.rehearse(watcher, (summary) => {
      watcher.stop();
      rememberTimings("rehearse", summary.steps);
      if (options.json === true) printJson(summary);
      else print(`${rehearsal.summaryInWords(summary)}\n  written to ${rehearsal.summaryFile()}`);
    });
  } finally {
    watcher.stop();
    rehearsal.rest();
  }
}

const JSON_FLAG = ["--json", "print one JSON document on standard output"] as const;

/** The `sandbox` command with all its own. */
export function sandboxCommand(): Command {
  const sandbox = new Command("sandbox").description(
    "the whole pipeline on this machine: both clouds as stand-ins, everything else real (root, Debian 12)",
  );
  const add = (name: string, description: string, example: string): Command =>
    sandbox
      .command(name)
      .description(description)
      .option(...JSON_FLAG)
      .addHelpText("after", `\nExample:\n  $ ${example}`);

  add(
    "up",
    "make the clouds as a deploy finds them: networks, S3 servers, packages, the company's data",
    "npx aws2ncp sandbox up",
  ).action(up);
  add(
    "status",
    "say what is there and whether it is well; exit code 1 if something is not",
    "npx aws2ncp sandbox status --json",
  ).action(status);
  add(
    "shell",
    "a root shell on a host, or one command there",
    "npx aws2ncp sandbox shell sync-1 -- systemctl status cron",
  )
    .argument("<host>", "name of the host, such as sync-1")
    .argument("[command...]", "what to run instead of a shell")
    .action(shell);
  add(
    "env",
    "print the environment in which Terraform and cdktf use the sandbox",
    'eval "$(npx aws2ncp sandbox env)" && npx cdktf diff transfer',
  ).action(env);
  add(
    "rehearse",
    "start from nothing, deploy, wait for cron, prove the copy, probe the proxy, deploy again",
    "npx aws2ncp sandbox rehearse",
  ).action(rehearse);
  add(
    "down",
    "remove everything that the sandbox made, in whatever state it is; downloads are kept",
    "npx aws2ncp sandbox down",
  ).action(down);
  return sandbox;
}
