/** Real ssh2 against real sshd processes: a bastion, and a private host reached through it. */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Client } from "ssh2";
import { Bastion } from "../../../hooks/ssh/bastion";
import { openTcp } from "../../../hooks/ssh/connect";
import { Pins } from "../../../hooks/ssh/pins";
import { reach, type Patience, type Reach, type SshHost } from "../../../hooks/ssh/reach";
import { openTunnel } from "../../../hooks/ssh/tunnel";
import { Stopped } from "../../../hooks/errors";
import { freePort, LOGIN_USER, makeKey, startSshd, type Sshd } from "../sshd";

const BASTION = "127.0.0.2";
const PRIVATE = "127.0.0.3";
const SHORT: Patience = { answerMs: 300, loginMs: 300, pauseMs: 50, longestPauseMs: 100 };

let folder: string;
let key: ReturnType<typeof makeKey>;
let port: number;
let bastionSshd: Sshd;
let privateSshd: Sshd;
let said: string[];
let stop: AbortController;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "aws2ncp-test-"));
  key = makeKey(folder, "deploy");
  port = await freePort(BASTION, PRIVATE);
  bastionSshd = await startSshd({ address: BASTION, port, authorizedKey: key.publicKey });
  privateSshd = await startSshd({ address: PRIVATE, port, authorizedKey: key.publicKey, keys: ["ed25519"] });
});

afterAll(async () => {
  await Promise.all([bastionSshd.stop(), privateSshd.stop()]);
  rmSync(folder, { recursive: true });
});

beforeEach(() => {
  said = [];
  stop = new AbortController();
});

const pinsFile = (): string => join(folder, `${expect.getState().currentTestName!.replace(/\W+/g, "-")}.json`);

function reachOptions(over: Partial<Reach> = {}): Reach {
  return {
    pins: Pins.load(pinsFile()),
    login: { user: LOGIN_USER, privateKey: key.privateKey },
    patience: SHORT,
    again: "npx cdktf deploy transfer",
    say: (line) => said.push(line),
    signal: stop.signal,
    ...over,
  };
}

const proxy1 = (over: Partial<SshHost> = {}): SshHost => ({
  name: "proxy-1",
  address: BASTION,
  port,
  server: "1001",
  ...over,
});
const sync1 = (over: Partial<SshHost> = {}): SshHost => ({
  name: "sync-1",
  address: PRIVATE,
  port,
  server: "1002",
  through: "proxy-1",
  ...over,
});
const direct = (host: SshHost): ReturnType<typeof openTcp> => openTcp(host.address, host.port);

async function messageOf(promise: Promise<Client>): Promise<string> {
  return promise.then(
    (client) => {
      client.end();
      throw new Error("it was let in");
    },
    (error: Error) => error.message,
  );
}

function run(client: Client, command: string): Promise<string> {
  return new Promise((done, fail) =>
    client.exec(command, (error, channel) => {
      if (error !== undefined) return fail(error);
      let out = "";
      channel.setEncoding("utf8").on("data", (text: string) => (out += text));
      channel.on("close", () => done(out));
    }),
  );
}

describe("host keys", () => {
  it("pins every key of the host at the first contact", async () => {
    const o = reachOptions();
    (await reach(proxy1(), direct(proxy1()), o)).end();
    expect(JSON.parse(readFileSync(pinsFile(), "utf8"))).toEqual({
      "proxy-1": {
        server: "1001",
        keys: {
          "ecdsa-sha2-nistp256": bastionSshd.publicKey("ecdsa"),
          "ssh-ed25519": bastionSshd.publicKey("ed25519"),
          "ssh-rsa": bastionSshd.publicKey("rsa"),
        },
      },
    });
    expect(said[0]).toMatch(/^first contact with server 1001, its host keys are pinned: /);
    for (const kind of ["ed25519", "ecdsa", "rsa"] as const) expect(said[0]).toContain(bastionSshd.fingerprint(kind));
  });

  it("lets a host with its pinned key in, and says nothing", async () => {
    (await reach(proxy1(), direct(proxy1()), reachOptions())).end();
    said = [];
    (await reach(proxy1(), direct(proxy1()), reachOptions())).end();
    expect(said).toEqual([]);
  });

  it("refuses a host key that changed under the same server number", async () => {
    const o = reachOptions();
    o.pins.pin("proxy-1", "1001", { "ssh-ed25519": privateSshd.publicKey("ed25519") });
    expect(await messageOf(reach(proxy1(), direct(proxy1()), o))).toBe(
      `proxy-1 (${BASTION}:${port}, server 1001): another host key than the one pinned for this server: someone may be in between, or its keys were made anew
  pinned:  ${privateSshd.fingerprint("ed25519")}
  offered: ${bastionSshd.fingerprint("ed25519")}
  pins:    ${pinsFile()}
  try: compare on the server's console: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub; only if it shows the offered key, remove "proxy-1" from the pins and run: npx cdktf deploy transfer`,
    );
  });

  it("refuses a host that has no key of the pinned types any more", async () => {
    const o = reachOptions();
    o.pins.pin("sync-1", "1002", { "ssh-rsa": bastionSshd.publicKey("rsa") });
    const message = await messageOf(reach(sync1(), direct(sync1()), o));
    expect(message).toContain(`\n  pinned:  ${bastionSshd.fingerprint("rsa")}\n  offered: no key of a pinned type\n`);
  });

  it("takes another key under a new server number as a first contact", async () => {
    const o = reachOptions();
    o.pins.pin("proxy-1", "1001", { "ssh-ed25519": privateSshd.publicKey("ed25519") });
    (await reach(proxy1({ server: "1007" }), direct(proxy1()), o)).end();
    const pins = JSON.parse(readFileSync(pinsFile(), "utf8")) as Record<
      string,
      { server: string; keys: Record<string, string> }
    >;
    expect(pins["proxy-1"]!.server).toBe("1007");
    expect(pins["proxy-1"]!.keys["ssh-ed25519"]).toBe(bastionSshd.publicKey("ed25519"));
  });

  it("says what to do about pins that can't be read", () => {
    writeFileSync(pinsFile(), '{"proxy-1": {"server": "1001", "keys": {}}}');
    expect(() => Pins.load(pinsFile())).toThrow("a host lacks its server number or its keys");
  });
});

describe("waiting", () => {
  it("waits for a host whose ssh does not answer yet", async () => {
    const late = await freePort(BASTION);
    const host = proxy1({ port: late });
    const reached = reach(host, direct(host), reachOptions({ patience: { ...SHORT, answerMs: 20_000 } }));
    await new Promise((done) => setTimeout(done, 120));
    const sshd = await startSshd({ address: BASTION, port: late, authorizedKey: key.publicKey, keys: ["ed25519"] });
    (await reached).end();
    await sshd.stop();
    expect(said[0]).toBe(`waits for ssh on ${BASTION}:${late}: connection refused (0 s of 20 s at most)`);
  });

  it("gives up at the limit, naming host, reason and next step", async () => {
    const host = proxy1({ port: await freePort(BASTION) });
    const message = await messageOf(reach(host, direct(host), reachOptions()));
    expect(message.replace(/attempts: \d+/, "attempts: N")).toBe(
      `proxy-1 (${BASTION}:${host.port}, server 1001): ssh did not answer within 0 s: connection refused
  attempts: N
  try: see that the server runs, and that this machine's address is in network.admin_cidrs of the pipeline file; then run: npx cdktf deploy transfer`,
    );
  });

  it("gives up on a refused key, after waiting for the init script of a first contact", async () => {
    const stranger = makeKey(folder, "stranger");
    const o = reachOptions({ login: { user: LOGIN_USER, privateKey: stranger.privateKey } });
    const message = await messageOf(reach(proxy1(), direct(proxy1()), o));
    expect(said.length).toBeGreaterThan(0);
    expect(message.replace(/\d+ attempts in \d+ s/, "N attempts in N s")).toBe(
      `proxy-1 (${BASTION}:${port}, server 1001): ssh answers and refuses the key of ${LOGIN_USER} (N attempts in N s)
  allowed: the private key whose public key is in /home/${LOGIN_USER}/.ssh/authorized_keys on proxy-1
  try: compare secrets.deploy_ssh_key with the operators' public keys in the pipeline file; look at the init script's log on the server's console; then run: npx cdktf deploy transfer`,
    );
  });

  it("does not wait for a refused key of a host that let us in before", async () => {
    (await reach(proxy1(), direct(proxy1()), reachOptions())).end();
    said = [];
    const stranger = makeKey(folder, "stranger2");
    const o = reachOptions({
      login: { user: LOGIN_USER, privateKey: stranger.privateKey },
      patience: { ...SHORT, loginMs: 60_000 },
    });
    expect(await messageOf(reach(proxy1(), direct(proxy1()), o))).toContain("(1 attempts in 0 s)");
    expect(said).toEqual([]);
  });

  it("pins nothing of a host that refused the key", async () => {
    const stranger = makeKey(folder, "stranger3");
    const o = reachOptions({ login: { user: LOGIN_USER, privateKey: stranger.privateKey } });
    await messageOf(reach(proxy1(), direct(proxy1()), o));
    expect(o.pins.keysOf("proxy-1", "1001")).toBeUndefined();
  });

  it("ends at once when told to stop", async () => {
    const host = proxy1({ port: await freePort(BASTION) });
    const reached = messageOf(
      reach(host, direct(host), reachOptions({ patience: { ...SHORT, answerMs: 60_000, pauseMs: 30_000 } })),
    );
    setTimeout(() => stop.abort(new Stopped("got SIGTERM", 143)), 50);
    expect(await reached).toBe("stopped: got SIGTERM");
  });
});

describe("through the bastion", () => {
  it("reaches a private host", async () => {
    const o = reachOptions();
    const bastion = new Bastion(proxy1(), o);
    const client = await reach(sync1(), bastion.opener(PRIVATE, port), o);
    // sshd tells who connected: the bastion's address, not this test's.
    expect(await run(client, "echo from $SSH_CONNECTION")).toMatch(
      new RegExp(`^from 127\\.0\\.0\\.\\d+ \\d+ ${PRIVATE} ${port}\n$`),
    );
    client.end();
    bastion.close();
  });

  it("connects again after the connection to the bastion broke", async () => {
    const o = reachOptions();
    const bastion = new Bastion(proxy1(), o);
    const first = await bastion.connect();
    first.destroy();
    await new Promise<void>((done) => first.once("close", () => done()));
    (await reach(sync1(), bastion.opener(PRIVATE, port), o)).end();
    bastion.close();
  });

  it("names the bastion when the host behind it does not answer", async () => {
    const o = reachOptions();
    const bastion = new Bastion(proxy1(), o);
    await bastion.connect();
    const host = sync1({ port: await freePort(PRIVATE) });
    const message = await messageOf(reach(host, bastion.opener(PRIVATE, host.port), o));
    expect(message.replace(/attempts: \d+/, "attempts: N")).toBe(
      `sync-1 (${PRIVATE}:${host.port}, server 1002, through proxy-1): ssh did not answer within 0 s: connection refused
  attempts: N
  try: see on the platform's console that the server runs, and that proxy-1 may reach its port ${host.port}; then run: npx cdktf deploy transfer`,
    );
    bastion.close();
  });

  it("says so when the bastion is down", async () => {
    const o = reachOptions();
    const down = proxy1({ port: await freePort(BASTION) });
    const bastion = new Bastion(down, o);
    const message = await messageOf(reach(sync1(), bastion.opener(PRIVATE, port), o));
    expect(message.split("\n")[0]).toBe(
      `proxy-1 (${BASTION}:${down.port}, server 1001): ssh did not answer within 0 s: connection refused`,
    );
  });

  it("says so when the bastion forbids the jump", async () => {
    const closedPort = await freePort(BASTION);
    const closed = await startSshd({
      address: BASTION,
      port: closedPort,
      authorizedKey: key.publicKey,
      keys: ["ed25519"],
      forwarding: false,
    });
    const o = reachOptions();
    const bastion = new Bastion(proxy1({ port: closedPort }), o);
    expect(await messageOf(reach(sync1(), bastion.opener(PRIVATE, port), o))).toBe(
      `sync-1 (${PRIVATE}:${port}, server 1002, through proxy-1): proxy-1 does not pass the connection on: open failed
  allowed: AllowTcpForwarding yes (or local) for ${LOGIN_USER} in sshd_config of proxy-1
  try: correct it there, then run: npx cdktf deploy transfer`,
    );
    bastion.close();
    await closed.stop();
  });

  it("carries OpenSSH over the tunnel, which finds the pinned key by the host's name", async () => {
    const o = reachOptions();
    const bastion = new Bastion(proxy1(), o);
    const open = bastion.opener(PRIVATE, port);
    (await reach(sync1(), open, o)).end();
    const knownHosts = join(folder, "known_hosts");
    writeFileSync(knownHosts, o.pins.knownHosts());
    const tunnel = await openTunnel(open, stop.signal, (line) => said.push(line));
    const ssh = (alias: string): Promise<{ stdout: string }> =>
      promisify(execFile)("ssh", [
        ...[
          "-F",
          "/dev/null",
          "-i",
          key.file,
          "-p",
          String(tunnel.port),
          "-o",
          `HostKeyAlias=${alias}`,
          "-o",
          "BatchMode=yes",
        ],
        ...[
          "-o",
          "StrictHostKeyChecking=yes",
          "-o",
          `UserKnownHostsFile=${knownHosts}`,
          "-o",
          "GlobalKnownHostsFile=/dev/null",
        ],
        ...[`${LOGIN_USER}@127.0.0.1`, "head -c 300000 /dev/zero | wc -c"],
      ]);
    expect((await ssh("sync-1")).stdout).toBe("300000\n");
    await expect(ssh("proxy-1")).rejects.toThrow("Host key verification failed");
    await tunnel.close();
    bastion.close();
  });
});
