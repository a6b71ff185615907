/** Programs that a test puts on the PATH in place of real ones. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

const folders: string[] = [];
afterAll(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** A folder that is gone after the tests. */
export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), "ops-test-"));
  folders.push(folder);
  return folder;
}

/** An environment whose PATH has these shell scripts, this test's node, then the folders of `rest`, and nothing else. */
export function withPrograms(
  scripts: Readonly<Record<string, string>>,
  rest: readonly string[] = [],
): NodeJS.ProcessEnv {
  const folder = scratch();
  for (const [name, script] of Object.entries({ node: `exec '${process.execPath}' "$@"`, ...scripts })) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  return { PATH: [folder, ...rest].join(delimiter) };
}
