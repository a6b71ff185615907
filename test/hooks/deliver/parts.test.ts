/** Small parts of the delivery, each alone. */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HostRun, parseEvent } from "../../../hooks/deliver/ansible/events";
import { ansibleConfig, inventoryOf } from "../../../hooks/deliver/ansible/playbook";
import { ANSIBLE_FILES } from "../../../hooks/deliver/ansible/environment";
import { PrivateFolder } from "../../../hooks/deliver/private-folder";
import { redactor } from "../../../hooks/deliver/redact";
import { compose } from "../../../hooks/deliver/secrets";
import { isAlive } from "../../../hooks/processes";
import { ANSIBLE_CORES, ansibleCoreFor } from "../../../pipeline/ansible";
import type { SecretFile } from "../../../pipeline/manifest";
import { until } from "../hook-program";

describe("composed files", () => {
  const file = (parts: SecretFile["parts"]): SecretFile => ({
    path: "/etc/x",
    owner: "root",
    group: "root",
    mode: "0600",
    parts,
    role: "rclone",
    notify: [],
  });

  it("join text and secrets in order, and end with a line end", () => {
    const parts = [
      { text: "[aws]\nid = " },
      { secret: "aws_access_key_id" },
      { text: "\nkey = " },
      { secret: "aws_secret_access_key" },
    ] as const;
    expect(
      compose(
        file(parts),
        new Map([
          ["aws_access_key_id", "A"],
          ["aws_secret_access_key", "B"],
        ]),
      ),
    ).toBe("[aws]\nid = A\nkey = B\n");
  });
  it("get no second line end", () => {
    expect(compose(file([{ secret: "proxy_tls_key" }, { text: "\n" }]), new Map([["proxy_tls_key", "K"]]))).toBe("K\n");
  });
});

describe("blackened secrets", () => {
  const redact = redactor([
    "s3cr3t-value",
    "-----BEGIN X-----\nbase64base64\nmore+/more=\n-----END X-----",
    "short",
    'quo"ted-one',
  ]);
  it.each([
    ["id s3cr3t-value!", "id ***!"],
    ["the key's line base64base64 alone", "the key's line *** alone"],
    ["-----BEGIN X-----", "-----BEGIN X-----"],
    ["short words stay", "short words stay"],
    [JSON.stringify({ msg: 'a quo"ted-one' }), '{"msg":"a ***"}'],
  ])("%s", (text, clean) => expect(redact(text)).toBe(clean));
});

describe("events of Ansible", () => {
  const take = (run: HostRun, ...lines: object[]): (string | undefined)[] =>
    lines.map((line) => run.take(parseEvent(JSON.stringify(line))!));
  const on = { host: "sync-1", seconds: 1 };

  it("count tasks, changes and files", () => {
    const run = new HostRun();
    const said = take(
      run,
      { event: "start", host: "sync-1", task: "rclone : Write" },
      { event: "ok", ...on, task: "rclone : Write", changed: true, files: ["/etc/a", "/etc/b"] },
      { event: "start", host: "sync-1", task: "rclone : Install" },
      { event: "ok", ...on, task: "rclone : Install", changed: true, files: [] },
      { event: "start", host: "sync-1", task: "rclone : Look" },
      { event: "ok", ...on, task: "rclone : Look", changed: false, files: [] },
      {
        event: "stats",
        host: "sync-1",
        ok: 3,
        changed: 2,
        failures: 0,
        unreachable: 0,
        skipped: 0,
        rescued: 0,
        ignored: 0,
      },
    );
    expect(said.filter((line) => line !== undefined)).toEqual([
      "changed: rclone : Write (/etc/a, /etc/b)",
      "changed: rclone : Install",
    ]);
    expect(run).toMatchObject({
      tasks: 3,
      changed: 2,
      failed: 0,
      finished: true,
      changedTasks: [{ task: "rclone : Write", files: ["/etc/a", "/etc/b"] }, { task: "rclone : Install" }],
    });
    expect(run.failure).toBeUndefined();
  });

  it("forget failures that were ignored or rescued", () => {
    const run = new HostRun();
    take(
      run,
      { event: "failed", ...on, task: "a", reason: "no", ignored: true },
      { event: "failed", ...on, task: "b", reason: "no", ignored: false },
      {
        event: "stats",
        host: "sync-1",
        ok: 1,
        changed: 0,
        failures: 0,
        unreachable: 0,
        skipped: 0,
        rescued: 1,
        ignored: 1,
      },
    );
    expect(run).toMatchObject({ failed: 0, failure: undefined });
  });

  it("keep the task and the reason of a failure and of a lost connection", () => {
    const run = new HostRun();
    take(run, { event: "failed", ...on, task: "squid : Check", reason: "bad line", ignored: false });
    expect(run.failure).toEqual({ task: "squid : Check", reason: "bad line" });
    take(run, { event: "unreachable", ...on, task: "squid : Start", reason: "timed out" });
    expect(run.failure).toEqual({ task: "squid : Start", reason: "the connection was lost: timed out" });
  });

  it("are told from everything else that is printed", () => {
    expect(parseEvent("[WARNING]: a warning")).toBeUndefined();
    expect(parseEvent('{"event": "ok", cut')).toBeUndefined();
  });
});

describe("the private folder", () => {
  let runtime: string;
  beforeEach(() => (runtime = mkdtempSync(join(tmpdir(), "aws2ncp-runtime-"))));
  afterEach(() => rmSync(runtime, { recursive: true }));

  it("lets only its user in, and is gone when removed", async () => {
    const folder = PrivateFolder.create({ XDG_RUNTIME_DIR: runtime });
    const file = folder.write("secrets/sync-1/etc/key", "secret\n");
    expect(readFileSync(file, "utf8")).toBe("secret\n");
    expect([statSync(folder.path).mode & 0o777, statSync(file).mode & 0o777]).toEqual([0o700, 0o600]);
    await folder.remove();
    expect(existsSync(folder.path)).toBe(false);
  });

  it("ends process groups that still run, and leaves those alone that ended", async () => {
    const folder = PrivateFolder.create({ XDG_RUNTIME_DIR: runtime });
    const [left, ended] = [0, 1].map(() => spawn("sleep", ["60"], { detached: true, stdio: "ignore" }));
    folder.began(left!.pid!);
    folder.began(ended!.pid!);
    folder.ended(ended!.pid!);
    await folder.remove();
    await until("the end of the group", () => !isAlive({ pid: left!.pid! }));
    expect(isAlive({ pid: ended!.pid! })).toBe(true);
    ended!.kill();
  });
});

describe("Ansible's settings", () => {
  it("reach a host by the tunnel, and know its key by its name", () => {
    expect(
      JSON.parse(inventoryOf({ name: "sync-1", way: { port: 40001, user: "deploy" }, vars: { host_roles: ["base"] } })),
    ).toEqual({
      all: {
        hosts: {
          "sync-1": {
            host_roles: ["base"],
            ansible_host: "127.0.0.1",
            ansible_port: 40001,
            ansible_user: "deploy",
            ansible_ssh_common_args: "-o HostKeyAlias=sync-1",
          },
        },
      },
    });
  });

  it("take nothing of the user's own ssh", async () => {
    const folder = PrivateFolder.create();
    const python = join(folder.path, "venv", "bin", "python");
    mkdirSync(join(folder.path, "venv", "lib", "python3.11"), { recursive: true });
    const config = ansibleConfig(folder, "/templates", python);
    expect(config).toContain(`strategy_plugins = ${folder.path}/venv/lib/python3.11/site-packages/ansible_mitogen/`);
    for (const option of [
      "-F /dev/null",
      "StrictHostKeyChecking=yes",
      "IdentitiesOnly=yes",
      "IdentityAgent=none",
      `UserKnownHostsFile=${folder.path}/known_hosts`,
    ])
      expect(config).toContain(option);
    await folder.remove();
  });

  it("pin every file of each version by its hash", () => {
    for (const { version } of ANSIBLE_CORES) {
      const pinned = readFileSync(join(ANSIBLE_FILES, `requirements-${version}.txt`), "utf8");
      const packages = pinned.split(/\n(?=[a-z])/i).slice(1);
      expect(packages[0]!.split(" ")[0]).toBe(`ansible-core==${version}`);
      for (const each of packages) expect(each).toMatch(/^[\w-]+==[\w.]+ .*\\\n {4}--hash=sha256:[0-9a-f]{64}/);
    }
  });

  it.each([
    ["3.6", "2.16.19"],
    ["3.7", "2.16.19"],
    ["3.8", "2.19.14"],
    ["3.10", "2.19.14"],
    ["3.13", "2.19.14"],
  ])("choose for Python %s on hosts ansible-core %s", (python, core) => expect(ansibleCoreFor(python)).toBe(core));
});
