/**
 * The program that Terraform runs last in a stack: `node dist/hooks/deliver/main.js artifacts/manifest.json`.
 * Exit codes: 0 delivered, 1 a found problem, 2 wrong use, 128 + N ended by signal N.
 */
import { constants } from "node:os";
import { isIP } from "node:net";
import { z } from "zod";
import { HookError, Stopped } from "../errors";
import { cacheFolder } from "../files";
import { watchParent } from "../processes";
import { deliver } from "./deliver";

const USAGE = `Delivers a stack's rendered files to its hosts. Terraform runs it at the end of an apply.

  node dist/hooks/deliver/main.js MANIFEST

  AWS2NCP_SERVERS          server numbers by host, JSON: {"proxy-1": "1001", "sync-1": "1002"}
  AWS2NCP_BASTION_ADDRESS  public address of the bastion
  AWS2NCP_SSH_PORT         port of sshd on the hosts; 22 unless set
  AWS2NCP_CACHE            folder for what can be made again; ~/.cache/aws2ncp unless set

Example, by hand, in a stack's folder:
  cd cdktf.out/stacks/transfer
  AWS2NCP_SERVERS='{"proxy-1":"1001"}' AWS2NCP_BASTION_ADDRESS=198.51.100.129 \\
    node ../../../dist/hooks/deliver/main.js artifacts/manifest.json`;

async function main(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  if (args.includes("--help") || args.includes("-h")) {
    process.stdout.write(`${USAGE}\n`);
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
    const result = await deliver({
      ...inputs(args, env),
      cache: cacheFolder(env),
      env,
      print: (line) => process.stdout.write(`${line}\n`),
      signal: stop.signal,
    });
    return result.ok ? 0 : 1;
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

function inputs(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): { manifest: string; servers: Record<string, string>; bastionAddress: string; port: number } {
  const wrong: string[] = [];
  if (args.length !== 1)
    wrong.push(`arguments: ${args.length === 0 ? "none" : args.join(" ")}; allowed: the path of one manifest`);
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
    throw new HookError("deliver: wrong use", wrong, "node dist/hooks/deliver/main.js --help", 2);
  return { manifest: args[0]!, servers, bastionAddress, port };
}

function serversOf(text = ""): Record<string, string> | undefined {
  try {
    const number = z.union([z.string().min(1), z.int()]).transform(String);
    return z.record(z.string(), number).parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

const exit = (code: number): void => {
  process.exitCode = code;
  // Handles that outlive the work (a channel half closed) must not keep Terraform waiting.
  setTimeout(() => process.exit(code), 1_000).unref();
};
// Node ends with 0 when nothing is left to wait for: never let that look like a delivery.
process.exitCode = 1;
main(process.argv.slice(2), process.env).then(exit, (error: unknown) => {
  process.stderr.write(`deliver: a mistake in this program: ${error instanceof Error ? error.stack : String(error)}\n`);
  exit(1);
});
