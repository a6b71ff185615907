/** Programs on this machine: the table of scripts/prerequisites, the Python that Ansible needs, cdktf. */
import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ANSIBLE_CORES, pythonNames, type AnsibleCore } from "../../../pipeline/ansible";
import { projectRoot } from "../../../sandbox/paths";
import type { Check, DoctorContext, Said } from "../types";

interface Program {
  readonly name: string;
  /** Oldest version that will do, "1.9". */
  readonly from: string;
  /** First version that will not. */
  readonly below?: string;
  /** Argument that makes it tell its version. */
  readonly asks: string;
  readonly remedy: string;
}

/** Rows of `scripts/programs`. */
export function programsIn(table: string): Program[] {
  return table.split("\n").flatMap((line) => {
    const [name, from, below, asks, , ...remedy] = line.trim().split(/\s+/);
    if (name === undefined || name === "" || name.startsWith("#") || from === undefined || asks === undefined)
      return [];
    return [{ name, from, asks, remedy: remedy.join(" "), ...(below === "-" || below === undefined ? {} : { below }) }];
  });
}

/** Whether a version is older than another one, number by number: 1.9 is older than 1.11. */
export function olderThan(version: string, other: string): boolean {
  const [left, right] = [version, other].map((text) => text.split(".").map(Number)) as [number[], number[]];
  const at = Array.from({ length: Math.max(left.length, right.length) }, (_, index) => index);
  const first = at.find((index) => (left[index] ?? 0) !== (right[index] ?? 0));
  return first !== undefined && (left[first] ?? 0) < (right[first] ?? 0);
}

type Asked = Pick<DoctorContext, "env" | "signal">;

/** What a program prints; nothing when it is not there or fails. */
function output(program: string, args: readonly string[], { env, signal }: Asked): Promise<string | undefined> {
  return new Promise((done) =>
    execFile(program, args, { env: { ...env, CHECKPOINT_DISABLE: "1" }, signal }, (error, out) =>
      done(error === null ? out : undefined),
    ),
  );
}

async function examined(program: Program, asked: Asked): Promise<Said> {
  const { name, from, below } = program;
  const version = /\d+(\.\d+)+/.exec((await output(name, [program.asks], asked)) ?? "")?.[0];
  const wrong =
    version === undefined
      ? "is not on the PATH"
      : olderThan(version, from)
        ? `${version} is too old`
        : below !== undefined && !olderThan(version, below)
          ? `${version} is too new`
          : undefined;
  if (wrong === undefined) return { severity: "ok", place: name, found: String(version) };
  const allowed = `${from} or newer${below === undefined ? "" : `, older than ${below}`}`;
  return { severity: "error", place: name, found: wrong, allowed, try: program.remedy };
}

const PYTHON = "import sys, venv, ensurepip; print('%d.%d' % sys.version_info[:2])";

/** As the hook looks for it: the first on the PATH that runs the plan's ansible-core, with what makes an environment. */
async function pythonForAnsible({ version, controllers }: AnsibleCore, asked: Asked): Promise<Said> {
  const place = `Python for ansible-core ${version}`;
  const [oldest, newest] = controllers;
  for (const name of pythonNames(controllers)) {
    const found = (await output(name, ["-c", PYTHON], asked))?.trim();
    const minor = Number(/^3\.(\d+)$/.exec(found ?? "")?.[1]);
    if (minor >= oldest && minor <= newest) return { severity: "ok", place, found: `${name} is ${found}` };
  }
  return {
    severity: "error",
    place,
    found: "none on the PATH runs it and has the modules venv and ensurepip",
    meaning: "the deploy makes an environment of its own for Ansible",
    allowed: `Python 3.${oldest} to 3.${newest}`,
    try: "Debian 12: apt-get install python3 python3-venv",
  };
}

function cdktf(): Said {
  const there = existsSync(join(projectRoot(), "node_modules", ".bin", "cdktf"));
  if (there) return { severity: "ok", place: "cdktf", found: "installed in this clone" };
  return { severity: "error", place: "cdktf", found: "is not installed in this clone", try: "npm ci" };
}

export const programs: Check = {
  name: "programs",
  about: "node, terraform, openssl, cdktf, and a Python that runs the plan's ansible-core, in versions that will do",
  needs: [],
  run: async ({ plan, ...asked }) => {
    const table = programsIn(readFileSync(join(projectRoot(), "scripts", "programs"), "utf8"));
    const core = ANSIBLE_CORES.find(({ version }) => version === plan.ansibleCore) as AnsibleCore;
    return [
      ...(await Promise.all(table.map((program) => examined(program, asked)))),
      await pythonForAnsible(core, asked),
      cdktf(),
    ];
  },
};
