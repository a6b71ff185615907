/** What the programs of hooks that Terraform runs have in common: inputs, signals, the parent's death, exit codes. */
import { isIP } from "node:net";
import { constants } from "node:os";
import { z } from "zod";
import { HookError, Stopped } from "./errors";
import { watchParent } from "./processes";

export interface HookProgram {
  /** "deliver" */
  readonly name: string;
  /** What --help prints. */
  readonly usage: string;
  /** @returns the exit code @throws HookError, Stopped */
  readonly run: (args: readonly string[], env: NodeJS.ProcessEnv, signal: AbortSignal) => Promise<number>;
}

/** Runs it as this process. Exit codes: 0 done, 1 a found problem, 2 wrong use, 128 + N ended by signal N. */
export function runHook(program: HookProgram): void {
  // Node ends with 0 when nothing is left to wait for: never let that look like a success.
  process.exitCode = 1;
  main(program, process.argv.slice(2), process.env).then(exit, (error: unknown) => {
    const what = error instanceof Error ? error.stack : String(error);
    process.stderr.write(`${program.name}: a mistake in this program: ${what}\n`);
    exit(1);
  });
}

async function main({ usage, run }: HookProgram, args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  if (args.includes("--help") || args.includes("-h")) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  const stop = new AbortController();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.on(name, () =>
      stop.abort(new Stopped(`got ${name}; what was begun is resumed by the next run`, 128 + constants.signals[name])),
    );
  const lostParent = (): void =>
    stop.abort(new Stopped("the process that ran this one has died; the next run resumes", 1));
  // Whoever reads the output is Terraform: when it is gone, so is the reason to go on.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", lostParent);
  const endWatch = watchParent(lostParent);
  try {
    return await run(args, env, stop.signal);
  } catch (error) {
    if (error instanceof Stopped || error instanceof HookError) {
      process.stderr.write(`${error.message}\n`);
      return error.exitCode;
    }
    throw error;
  } finally {
    endWatch();
  }
}

function exit(code: number): void {
  process.exitCode = code;
  // Handles that outlive the work (a channel half closed) must not keep Terraform waiting.
  setTimeout(() => process.exit(code), 1_000).unref();
}

export interface HookInputs {
  /** The one argument. */
  readonly path: string;
  /** Instance numbers of the platform by host name. */
  readonly servers: Readonly<Record<string, string>>;
  /** Public address of the bastion. */
  readonly bastionAddress: string;
  /** Port of sshd on every host. */
  readonly port: number;
}

/** @param argument "the path of one manifest" @throws HookError with all that is wrong */
export function inputsOf(name: string, argument: string, args: readonly string[], env: NodeJS.ProcessEnv): HookInputs {
  const wrong: string[] = [];
  if (args.length !== 1) wrong.push(`arguments: ${args.length === 0 ? "none" : args.join(" ")}; allowed: ${argument}`);
  const bastionAddress = env["AWS2NCP_BASTION_ADDRESS"] ?? "";
  if (isIP(bastionAddress) === 0)
    wrong.push(`AWS2NCP_BASTION_ADDRESS: ${JSON.stringify(bastionAddress)}; allowed: an IP address`);
  const port = Number(env["AWS2NCP_SSH_PORT"] ?? 22);
  if (!Number.isInteger(port) || port < 1 || port > 65535)
    wrong.push(`AWS2NCP_SSH_PORT: ${JSON.stringify(env["AWS2NCP_SSH_PORT"])}; allowed: 1 to 65535`);
  const servers = serversOf(env["AWS2NCP_SERVERS"]);
  if (servers === undefined)
    wrong.push(
      `AWS2NCP_SERVERS: ${JSON.stringify(env["AWS2NCP_SERVERS"] ?? "")}; allowed: JSON like {"proxy-1": "1001"}`,
    );
  if (wrong.length > 0 || servers === undefined)
    throw new HookError(`${name}: wrong use`, wrong, `node dist/hooks/${name}/main.js --help`, 2);
  return { path: args[0]!, servers, bastionAddress, port };
}

function serversOf(text = ""): Record<string, string> | undefined {
  try {
    const number = z.union([z.string().min(1), z.int()]).transform(String);
    return z.record(z.string(), number).parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
