/** Which servers there are, and running commands on them from the outer machine. */
import { run, type RunOptions, type RunResult } from "../run";
import { containerName, enterArguments, LABEL } from "./server";

export async function hostExists(name: string): Promise<boolean> {
  return (await run("podman", ["container", "exists", containerName(name)], { allowFail: true })).code === 0;
}

/** Names of the servers there are, stopped ones too. */
export async function listHosts(): Promise<string[]> {
  const { stdout } = await run("podman", ["ps", "--all", `--filter=label=${LABEL}`, "--format={{.Names}}"]);
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.slice(containerName("").length))
    .sort();
}

/** Process id of a server's systemd on the outer machine; undefined while it is stopped, restarting or absent. */
export async function hostPid(name: string): Promise<number | undefined> {
  const format = "--format={{.State.Pid}}";
  const { code, stdout } = await run("podman", ["inspect", "--type=container", format, containerName(name)], {
    allowFail: true,
  });
  const pid = Number(stdout.trim());
  return code === 0 && pid > 0 ? pid : undefined;
}

/** Program and arguments that run `argv` on a server as root: for callers that need the terminal. */
export async function hostCommand(name: string, argv: readonly string[]): Promise<[string, ...string[]]> {
  const pid = await hostPid(name);
  if (pid === undefined) {
    const known = (await listHosts()).join(", ") || "none";
    throw new Error(`server ${name} is not running\n  servers: ${known}\n  try: aws2ncp sandbox status`);
  }
  return ["nsenter", ...enterArguments(pid, argv)];
}

/** Runs a command on a server as root, from the outer machine and not over its network. */
export async function hostExec(name: string, argv: readonly string[], opts: RunOptions = {}): Promise<RunResult> {
  const [program, ...args] = await hostCommand(name, argv);
  return run(program, args, opts);
}
