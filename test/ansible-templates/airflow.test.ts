import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { ensureAirflow } from "../../sandbox/python-index";

const folder = join(__dirname, "airflow");

function ran(python: string, args: readonly string[]): string | undefined {
  const result = spawnSync(python, ["-B", ...args], { cwd: folder, encoding: "utf8", timeout: 540_000 });
  if (result.status !== 0) throw new Error(result.stderr);
  return /Ran (\d+) tests/.exec(result.stderr)?.[1];
}

it("what the DAGs are made of, the batch key's program and the query log pass their tests in Python", () => {
  expect(ran("python3", ["-m", "unittest"])).toBe("31");
});

it("the DAGs and the worked examples load and run in the real Airflow", async () => {
  expect(ran(await ensureAirflow(), ["airflow_case.py"])).toBe("11");
}, 900_000);
