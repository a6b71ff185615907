import { readFileSync } from "node:fs";
import { join } from "node:path";
import { spawnSync } from "node:child_process";
import { olderThan, programs, programsIn } from "../../../../ops/doctor/checks/programs";
import { projectRoot } from "../../../../sandbox/paths";
import { examplePlan } from "../../../fixtures/plan";
import { withPrograms } from "../../programs";
import { saidBy } from "../context";

const plan = { ...examplePlan(), ansibleCore: "2.19.14" };

const GOOD = {
  python3: 'case "$1" in --version) echo "Python 3.11.2" ;; -c) echo 3.11 ;; esac',
  terraform: 'printf "Terraform v1.11.4\\non linux_amd64\\n"',
  openssl: 'echo "OpenSSL 3.0.19 27 Jan 2026"',
};

const briefly = async (scripts: Partial<typeof GOOD>): Promise<string[]> => {
  const present = Object.entries({ ...GOOD, ...scripts }).filter(([, script]) => script !== "");
  const said = await saidBy(programs, { plan, env: withPrograms(Object.fromEntries(present)) });
  return said.map(({ severity, place, found }) => `${severity} ${place}: ${found}`);
};

const NODE = `ok node: ${process.versions.node}`;

it("tells what it finds", async () => {
  expect(await briefly({})).toEqual([
    NODE,
    "ok python3: 3.11.2",
    "ok terraform: 1.11.4",
    "ok openssl: 3.0.19",
    "ok Python for ansible-core 2.19.14: python3 is 3.11",
    "ok cdktf: installed in this clone",
  ]);
});

it("tells what is missing, too old and too new, with what will do", async () => {
  const env = withPrograms({
    python3: 'case "$1" in --version) echo "Python 3.9.2" ;; -c) echo 3.9 ;; esac',
    terraform: 'echo "Terraform v2.0.0"',
  });
  const said = await saidBy(programs, { plan, env });
  expect(said.filter(({ severity }) => severity !== "ok")).toEqual([
    {
      severity: "error",
      place: "python3",
      found: "3.9.2 is too old",
      allowed: "3.11 or newer",
      try: "Debian 12: apt-get install python3 python3-venv.",
    },
    {
      severity: "error",
      place: "terraform",
      found: "2.0.0 is too new",
      allowed: "1.9 or newer, older than 2",
      try: "Install Terraform from HashiCorp's packages and put it on the PATH.",
    },
    {
      severity: "error",
      place: "openssl",
      found: "is not on the PATH",
      allowed: "1.1.1 or newer",
      try: "Debian: apt-get install openssl.",
    },
    {
      severity: "error",
      place: "Python for ansible-core 2.19.14",
      found: "none on the PATH runs it and has the modules venv and ensurepip",
      meaning: "the deploy makes an environment of its own for Ansible",
      allowed: "Python 3.11 to 3.13",
      try: "Debian 12: apt-get install python3 python3-venv",
    },
  ]);
});

it("a Python without venv is none for Ansible; another one on the PATH is found", async () => {
  const env = withPrograms({
    ...GOOD,
    python3: 'case "$1" in --version) echo "Python 3.11.2" ;; -c) exit 1 ;; esac',
    "python3.12": "echo 3.12",
  });
  const said = await saidBy(programs, { plan, env });
  expect(said[4]).toEqual({
    severity: "ok",
    place: "Python for ansible-core 2.19.14",
    found: "python3.12 is 3.12",
  });
});

it.each([
  ["1.9", "1.11", true],
  ["1.11", "1.9", false],
  ["1.9.0", "1.9", false],
  ["1", "1.0.1", true],
])("%s is older than %s: %s", (a, b, older) => expect(olderThan(a, b)).toBe(older));

it("reads the table that scripts/prerequisites reads", () => {
  const table = programsIn(readFileSync(join(projectRoot(), "scripts", "programs"), "utf8"));
  expect(table.map(({ name, from, below }) => [name, from, below])).toEqual([
    ["node", "20.12", undefined],
    ["python3", "3.11", undefined],
    ["terraform", "1.9", "2"],
    ["openssl", "1.1.1", undefined],
  ]);
});

it.each([
  ["Terraform v1.8.5", "too old: terraform 1.8.5; 1.9 or newer is needed. Install Terraform"],
  ["Terraform v2.0.0", "too new: terraform 2.0.0; older than 2 is needed. Install Terraform"],
  ["", "missing: terraform 1.9 or newer. Install Terraform"],
])("scripts/prerequisites judges by the same rows: %j", (tells, says) => {
  const { PATH } = withPrograms({ terraform: `echo "${tells}"` }, (process.env["PATH"] ?? "").split(":"));
  const { status, stderr } = spawnSync(join(projectRoot(), "scripts", "prerequisites"), {
    env: { PATH },
    encoding: "utf8",
  });
  expect(stderr).toContain(says);
  expect(stderr.trim().split("\n")).toHaveLength(1);
  expect(status).toBe(1);
});
