/** What the stacks would make, from a synth of their own: the folder of the last one may be of another file, or missing. */
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { projectRoot } from "../../sandbox/paths";

/** A resource as synth writes it, expressions and all. */
export interface SynthResource {
  readonly stack: string;
  readonly type: string;
  /** Name inside its type, "proxy-1_server". */
  readonly name: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

export interface SynthOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
  /** The compiled app. @default dist/main.js of this clone, as in cdktf.json */
  readonly app?: string;
}

/** @throws with what synth said, when it fails */
export async function synthResources(file: string, options: SynthOptions): Promise<SynthResource[]> {
  const { app = join(projectRoot(), "dist", "main.js") } = options;
  if (!existsSync(app)) throw new Error(`${app} is missing\n  try: npm run build`);
  const folder = mkdtempSync(join(tmpdir(), "aws2ncp-synth-"));
  try {
    await run(app, resolve(file), folder, options);
    return resourcesIn(join(folder, "stacks"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(app: string, file: string, folder: string, { env, signal }: SynthOptions): Promise<void> {
  const ours = { ...env, CDKTF_OUTDIR: join(folder), CHECKPOINT_DISABLE: "1" };
  return new Promise((done, fail) => {
    execFile(
      process.execPath,
      [app, file],
      { env: ours, cwd: projectRoot(), ...(signal === undefined ? {} : { signal }) },
      (error, _, stderr) => {
        if (signal?.aborted === true) fail(signal.reason as Error);
        else if (error === null) done();
        else
          fail(new Error(`synth fails: ${stderr.trim().split("\n").slice(0, 5).join("\n")}\n  try: npx cdktf synth`));
      },
    );
  });
}

interface Synthesized {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
}

/** Resources of every stack in an output folder of synth, in the order of stacks, types and names. */
export function resourcesIn(stacks: string): SynthResource[] {
  return readdirSync(stacks)
    .sort()
    .flatMap((stack) => {
      const { resource = {} } = JSON.parse(readFileSync(join(stacks, stack, "cdk.tf.json"), "utf8")) as Synthesized;
      return Object.entries(resource).flatMap(([type, byName]) =>
        Object.entries(byName).map(([name, attributes]) => ({ stack, type, name, attributes })),
      );
    });
}
