/** The compiled hook in a process of its own, on a small stack whose two hosts are sshd processes on loopback. */
import { spawn, type ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { transformFileSync } from "@swc/core";
import type { Manifest, ManifestHost } from "../../pipeline/manifest";
import type { DeliveryResult } from "../../hooks/deliver/results";
import { freePort, LOGIN_USER, makeKey, startSshd, type Sshd } from "./sshd";

const ROOT = join(__dirname, "..", "..");

/** Compiles what the hook is made of, so that the test never meets a stale `dist`. */
export function compileHook(): string {
  // Below the package, where the program finds what is not compiled; each worker of jest has its own.
  const out = join(ROOT, "out", "test", `hook-program-${process.env["JEST_WORKER_ID"] ?? "0"}`);
  for (const folder of ["hooks", "pipeline"])
    for (const file of readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })) {
      if (!file.endsWith(".ts")) continue;
      const { code } = transformFileSync(join(ROOT, folder, file), {
        swcrc: false,
        jsc: { target: "es2022", parser: { syntax: "typescript" } },
        module: { type: "commonjs" },
      });
      const target = join(out, folder, file.replace(/\.ts$/, ".js"));
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, code);
    }
  return join(out, "hooks", "deliver", "main.js");
}

export interface HookEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

const ADDRESSES = { "proxy-1": "127.0.0.2", "sync-1": "127.0.0.3" } as const;
export type HostName = keyof typeof ADDRESSES;

export class HookStack {
  readonly folder = mkdtempSync(join(tmpdir(), "aws2ncp-hook-"));
  readonly stackFolder = join(this.folder, "root", "cdktf.out", "stacks", "transfer");
  /** Where the hook makes its private folder. */
  readonly runtime = join(this.folder, "runtime");
  private readonly sshds = new Map<HostName, Sshd>();
  private readonly key = makeKey(this.folder, "deploy");
  /** Content of delivered files by path below /etc, the same on both hosts. */
  files: Record<string, string> = { "a.conf": "a = 1\n", "b.conf": "b = 1\n" };
  roles: string[] = ["sample"];
  vars: Record<string, unknown> = {};
  secretValue = "the-secret-of-aws-0123456789";
  port = 0;

  constructor(private readonly program: string) {
    mkdirSync(this.runtime);
    mkdirSync(join(this.folder, "root"));
    cpSync(join(__dirname, "fixtures", "ansible-templates"), join(this.folder, "root", "ansible-templates"), {
      recursive: true,
    });
    for (const host of Object.keys(ADDRESSES) as HostName[])
      mkdirSync(join(this.onHost(host), "etc"), { recursive: true });
  }

  /** The part of this machine's files that plays the root of a host. */
  onHost(host: HostName, path = ""): string {
    return join(this.folder, "hosts", host, path);
  }

  async start(...hosts: HostName[]): Promise<void> {
    if (this.port === 0) this.port = await freePort(...Object.values(ADDRESSES));
    for (const host of hosts)
      this.sshds.set(
        host,
        await startSshd({
          address: ADDRESSES[host],
          port: this.port,
          authorizedKey: this.key.publicKey,
          keys: ["ed25519"],
        }),
      );
  }

  async stop(...hosts: HostName[]): Promise<void> {
    for (const host of hosts) await this.sshds.get(host)?.stop();
  }

  async remove(): Promise<void> {
    await this.stop("proxy-1", "sync-1");
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Synth of this stack: files and manifest. */
  render(change: (manifest: Manifest) => object = (manifest) => manifest): void {
    const artifacts = join(this.stackFolder, "artifacts");
    rmSync(artifacts, { recursive: true, force: true });
    const hosts = (Object.keys(ADDRESSES) as HostName[]).map((host) => this.hostOf(host, artifacts));
    const manifest: Manifest = {
      version: 1,
      stack: "transfer",
      root: "../../../..",
      stateFolder: "state",
      bastion: "proxy-1",
      bastionStack: "transfer",
      ssh: { user: LOGIN_USER, key: "deploy_ssh_key" },
      ansibleCore: "2.19.14",
      secrets: [
        { name: "aws_secret_access_key", from: "env:HOOK_TEST_SECRET", version: 1 },
        { name: "deploy_ssh_key", from: "file:../deploy", version: 1 },
      ],
      hosts,
    };
    writeFileSync(join(artifacts, "manifest.json"), JSON.stringify(change(manifest)));
  }

  private hostOf(host: HostName, artifacts: string): ManifestHost {
    const common = { owner: "root", group: "root", role: this.roles[0]! };
    const files = Object.entries(this.files).map(([name, content]) => {
      const path = this.onHost(host, `etc/${name}`);
      const rendered = join(artifacts, host, path);
      mkdirSync(dirname(rendered), { recursive: true });
      writeFileSync(rendered, content);
      const sha256 = createHash("sha256").update(content).digest("hex");
      return { path, ...common, mode: "0644", sha256, notify: [] };
    });
    return {
      name: host,
      fqdn: `${host}.aws2ncp.internal`,
      role: host === "proxy-1" ? "proxy" : "sync",
      address: ADDRESSES[host],
      family: "debian",
      roles: this.roles,
      // Discovery would find whatever Python a developer's PATH begins with.
      vars: { ansible_python_interpreter: "/usr/bin/python3", sample_noted: this.onHost(host, "noted"), ...this.vars },
      files,
      secretFiles: [
        {
          path: this.onHost(host, "etc/credentials"),
          ...common,
          mode: "0600",
          parts: [{ text: "secret = " }, { secret: "aws_secret_access_key" }],
          notify: [],
        },
      ],
    };
  }

  environment(over: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
    return {
      ...process.env,
      XDG_RUNTIME_DIR: this.runtime,
      HOOK_TEST_SECRET: this.secretValue,
      AWS2NCP_SERVERS: JSON.stringify({ "proxy-1": 1001, "sync-1": "1002" }),
      AWS2NCP_BASTION_ADDRESS: ADDRESSES["proxy-1"],
      AWS2NCP_SSH_PORT: String(this.port),
      ...over,
    };
  }

  spawn(over: NodeJS.ProcessEnv = {}): ChildProcess {
    return spawn(process.execPath, [this.program, "artifacts/manifest.json"], {
      cwd: this.stackFolder,
      env: this.environment(over),
    });
  }

  /** As Terraform may run it: a shell in between, that stays. */
  get shellCommand(): string {
    return `"${process.execPath}" "${this.program}" artifacts/manifest.json; exit $?`;
  }

  run(over: NodeJS.ProcessEnv = {}): Promise<HookEnd> {
    return endOf(this.spawn(over));
  }

  results(): DeliveryResult {
    return JSON.parse(
      readFileSync(join(this.folder, "root", "state", "results", "transfer.json"), "utf8"),
    ) as DeliveryResult;
  }

  /** Every path below the state folder. */
  state(): string[] {
    const folder = join(this.folder, "root", "state");
    return existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: "utf8" }).sort() : [];
  }

  /** Commands of the processes that were started for this stack and still run. */
  processes(): string[] {
    return this.running().map(({ command }) => command);
  }

  /** Pids of those that have a text in their command. */
  pids(text: string): number[] {
    return this.running()
      .filter(({ command }) => command.includes(text))
      .map(({ pid }) => pid);
  }

  private running(): { readonly pid: number; readonly command: string }[] {
    return readdirSync("/proc")
      .filter((pid) => /^\d+$/.test(pid))
      .flatMap((pid) => {
        try {
          const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
          return command.includes(this.runtime) ? [{ pid: Number(pid), command }] : [];
        } catch {
          return [];
        }
      });
  }
}

export function endOf(child: ChildProcess): Promise<HookEnd> {
  let stdout = "";
  let stderr = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  return new Promise((done) => child.on("close", (code, signal) => done({ code, signal, stdout, stderr })));
}

/** Waits until it holds. */
export async function until(what: string, holds: () => boolean, limitMs = 15_000): Promise<void> {
  for (const end = Date.now() + limitMs; !holds(); await new Promise((done) => setTimeout(done, 50)))
    if (Date.now() > end) throw new Error(`waited ${limitMs / 1000} s for: ${what}`);
}
