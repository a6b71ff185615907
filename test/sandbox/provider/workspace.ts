/** A folder in which the real Terraform runs against the stand-in, with files in place of hosts, network and storage. */
import { execFile, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { readdir, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { transformFile } from "@swc/core";
import { installMirror, sandboxEnv } from "../../../sandbox/env";
import { projectRoot } from "../../../sandbox/paths";
import { type FakeFolder, fakeMachinery } from "../cloud/fake-machinery";
import { ServedProviders, type CloudName } from "./served";

const SOURCES = ["sandbox", "pipeline", "test/sandbox/cloud", "test/sandbox/provider"];

/** Compiles the provider with the tests' entry; returns the program. */
async function compileStandIn(out: string): Promise<string> {
  for (const folder of SOURCES) {
    const files = (await readdir(join(projectRoot(), folder), { recursive: true })).filter(
      (file) => file.endsWith(".ts") && !file.endsWith(".test.ts"),
    );
    await Promise.all(files.map((file) => compile(join(folder, file), out)));
  }
  return join(out, "test", "sandbox", "provider", "fake-stand-in.js");
}

async function compile(file: string, out: string): Promise<void> {
  const { code } = await transformFile(join(projectRoot(), file), {
    swcrc: false,
    jsc: { target: "es2022", parser: { syntax: "typescript" } },
    module: { type: "commonjs", importInterop: "node" },
  });
  const target = join(out, file.replace(/\.ts$/, ".js"));
  mkdirSync(dirname(target), { recursive: true });
  await writeFile(target, code);
}

/** For a file of tests: compiles the provider before, and hands out workspaces that are gone after each test, or the whole file. */
export function standIn(until: "test" | "file" = "test"): {
  /** Terraform starts the providers itself. */
  workspace: () => Workspace;
  /** They run as long as the workspace, and Terraform finds them: many times faster, for what does not depend on it. */
  served: (...clouds: CloudName[]) => Promise<Workspace>;
} {
  let out = "";
  let program = "";
  let open: Workspace[] = [];
  beforeAll(async () => {
    // In the clone, so that it finds its .proto files and libraries; two runs of the tests share nothing.
    mkdirSync(join(projectRoot(), "out", "test"), { recursive: true });
    out = mkdtempSync(join(projectRoot(), "out", "test", "stand-in-"));
    program = await compileStandIn(out);
  });
  (until === "test" ? afterEach : afterAll)(() => {
    open.forEach((workspace) => workspace.remove());
    open = [];
  });
  afterAll(() => rmSync(out, { recursive: true, force: true }));
  const workspace = (): Workspace => {
    const made = new Workspace(program);
    open.push(made);
    return made;
  };
  return {
    workspace,
    served: async (...clouds) => {
      const made = workspace();
      await made.serve(clouds.length === 0 ? ["ncloud"] : clouds);
      return made;
    },
  };
}

export interface Ended {
  readonly code: number;
  /** Both outputs, as a person would read them: boxes and line breaks of diagnostics taken out. */
  readonly output: string;
}

/** Resources by type and name; arguments as in Terraform's JSON. */
export type Resources = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;

export const without = (resources: Resources, ...types: string[]): Resources =>
  Object.fromEntries(Object.entries(resources).filter(([name]) => !types.includes(name)));

/** A file of /proc; empty when the process has ended. */
function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

export class Workspace {
  readonly folder = mkdtempSync(join(tmpdir(), "stand-in-test-"));
  readonly home = join(this.folder, "home");
  readonly fake: FakeFolder;
  /** In which Terraform finds this stand-in. */
  readonly env: NodeJS.ProcessEnv;
  private providersServed?: ServedProviders;

  constructor(private readonly program: string) {
    const before = process.env["AWS2NCP_SANDBOX"];
    process.env["AWS2NCP_SANDBOX"] = this.home;
    installMirror();
    this.env = { ...process.env, ...sandboxEnv(), AWS2NCP_PROVIDER: program, TF_IN_AUTOMATION: "1" };
    if (before === undefined) delete process.env["AWS2NCP_SANDBOX"];
    else process.env["AWS2NCP_SANDBOX"] = before;
    this.fake = fakeMachinery(join(this.home, "fakes"));
    mkdirSync(join(this.home, "cloud"), { recursive: true });
    writeFileSync(join(this.home, "cloud", "login-keys.json"), '["aws2ncp"]');
  }

  /** Starts the providers, for all commands from now on. */
  async serve(clouds: readonly CloudName[]): Promise<void> {
    this.providersServed = await ServedProviders.start(this.program, clouds, this.env);
    Object.assign(this.env, this.providersServed.env);
  }

  /** Writes the configuration of the next command; the first one initialises the folder. */
  async configure(resource: Resources, more: Readonly<Record<string, unknown>> = {}): Promise<void> {
    const config = {
      terraform: { required_providers: { ncloud: { source: "navercloudplatform/ncloud", version: "4.0.5" } } },
      provider: { ncloud: { support_vpc: true, region: "KR" } },
      ...(Object.keys(resource).length === 0 ? {} : { resource }),
      ...more,
    };
    writeFileSync(join(this.folder, "main.tf.json"), JSON.stringify(config, null, 2));
    if (!existsSync(join(this.folder, ".terraform"))) await this.succeed("init", "-backend=false");
  }

  /** Writes the configuration and applies it. */
  async apply(resource: Resources, more: Readonly<Record<string, unknown>> = {}): Promise<string> {
    await this.configure(resource, more);
    return this.succeed("apply", "-auto-approve");
  }

  /** What a plan would do, as "update ncloud_vpc.main", sorted. */
  async plan(resource?: Resources, more: Readonly<Record<string, unknown>> = {}): Promise<string[]> {
    if (resource !== undefined) await this.configure(resource, more);
    const { code, stdout } = await this.run(["plan", "-json"]);
    if (code !== 0) throw new Error(`terraform plan ended with ${code}\n${stdout}`);
    return stdout
      .split("\n")
      .filter((line) => line.includes('"type":"planned_change"'))
      .map((line) => (JSON.parse(line) as { change: { action: string; resource: { addr: string } } }).change)
      .map(({ action, resource: { addr } }) => `${action} ${addr}`)
      .sort();
  }

  async succeed(...args: string[]): Promise<string> {
    const { code, output } = await this.terraform(...args);
    if (code !== 0) throw new Error(`terraform ${args.join(" ")} ended with ${code}\n${output}`);
    return output;
  }

  async terraform(...args: string[]): Promise<Ended> {
    const { code, stdout, stderr } = await this.run([...args, "-no-color"]);
    const output = `${stdout}${stderr}`.replace(/^[╷╵│] ?/gm, "").replace(/\s+/g, " ");
    return { code, output };
  }

  /** Provider processes of this workspace; the platform's own work is none of them. */
  providers(): number[] {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter((pid) => {
        const [command, environment] = ["cmdline", "environ"].map((file) => textOf(`/proc/${pid}/${file}`).split("\0"));
        return (
          command?.[1] === this.env["AWS2NCP_PROVIDER"] &&
          !command?.includes("--make") &&
          environment?.includes(`AWS2NCP_SANDBOX=${this.home}`)
        );
      });
  }

  /** Starts an apply and kills Terraform, and `others` with it, as soon as `when` holds. */
  async killApply(when: () => boolean, others: () => readonly number[] = () => []): Promise<void> {
    const child = spawn("terraform", ["apply", "-auto-approve", "-no-color"], { cwd: this.folder, env: this.env });
    const ended = new Promise((resolve) => child.on("close", resolve));
    while (!when()) {
      if (child.exitCode !== null) throw new Error(`terraform apply ended with ${child.exitCode} before it was killed`);
      await sleep(20);
    }
    const all = [child.pid as number, ...others()];
    for (const pid of all) process.kill(pid, "SIGKILL");
    while (others().length > 0) await sleep(20);
    child.stdout.destroy();
    child.stderr.destroy();
    await ended;
  }

  /** Attributes of a resource in the state. */
  attributes(address: string): Readonly<Record<string, unknown>> {
    const [type, name] = address.split(".");
    const state = JSON.parse(readFileSync(join(this.folder, "terraform.tfstate"), "utf8")) as {
      resources: { type: string; name: string; instances: { attributes: Record<string, unknown> }[] }[];
    };
    // A resource without instances is one that Terraform was about to create.
    const found = state.resources.find((resource) => resource.type === type && resource.name === name)?.instances[0];
    if (found === undefined) throw new Error(`${address} is not in the state`);
    return found.attributes;
  }

  id(address: string): string {
    return String(this.attributes(address)["id"]);
  }

  remove(): void {
    this.providersServed?.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private run(args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
    return new Promise((resolve) => {
      execFile("terraform", args, { cwd: this.folder, env: this.env, maxBuffer: 1e8 }, (error, stdout, stderr) => {
        const code = error?.code;
        resolve({ code: typeof code === "number" ? code : error === null ? 0 : 1, stdout, stderr });
      });
    });
  }
}
