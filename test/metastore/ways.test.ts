/** Real ssh to real sshd processes on loopback: a bastion, a private host behind it, and a service that only that one reaches. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createTcpServer, type AddressInfo, type Server } from "node:net";
import { createServer as createTlsServer, get, type Server as TlsServer } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { issueLeaf, makeAuthority, type Pair } from "../../authority/x509";
import { quoted } from "../../hooks/ssh/command";
import { openTcp } from "../../hooks/ssh/connect";
import { Bucket, storageClient } from "../../metastore/storage/bucket";
import { TunnelAgent } from "../../metastore/tunnel-agent";
import { Ways, type WaysOptions } from "../../metastore/ways";
import { freePort, LOGIN_USER, makeKey, startSshd, type Sshd } from "../hooks/sshd";

const [BASTION, PRIVATE] = ["127.0.0.2", "127.0.0.3"];

let folder: string;
let key: ReturnType<typeof makeKey>;
let port: number;
let sshds: Sshd[];
const said: string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "ways-"));
  key = makeKey(folder, "deploy");
  port = await freePort(BASTION, PRIVATE);
  const login = { port, authorizedKey: key.publicKey };
  sshds = [
    await startSshd({ ...login, address: BASTION }),
    await startSshd({ ...login, address: PRIVATE, keys: ["ed25519"] }),
  ];
  const results = (stack: string, name: string, ip: string, server: string): void => {
    mkdirSync(join(folder, "results"), { recursive: true });
    const result = { stack, bastionAddress: BASTION, hosts: [{ name, ip, server }] };
    writeFileSync(join(folder, "results", `${stack}.json`), JSON.stringify(result));
  };
  results("transfer", "proxy-1", "10.20.0.6", "1001");
  results("batch-cluster", "hdp-1", PRIVATE, "1003");
});
afterAll(async () => {
  await Promise.all(sshds.map((each) => each.stop()));
  rmSync(folder, { recursive: true });
});

const host = (name: string, role: string) => ({ name, role }) as WaysOptions["plan"]["hosts"][number];

const ways = (signal = new AbortController().signal): Ways =>
  new Ways({
    plan: {
      deployUser: LOGIN_USER,
      hosts: [host("proxy-1", "proxy"), host("hdp-1", "hdp"), host("presto-1", "presto")],
      proxy: { active: "proxy-1" },
    },
    key: key.privateKey.trimEnd(),
    state: folder,
    again: "npx aws2ncp metastore rebuild",
    say: (line) => said.push(line),
    signal,
    port,
  });

async function listening<T extends Server | TlsServer>(server: T): Promise<number> {
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return (server.address() as AddressInfo).port;
}

it("leads through the bastion and a host to what that host reaches", async () => {
  const service = createTcpServer((socket) => socket.end("from inside"));
  const way = ways();
  try {
    const stream = await way.to("hdp-1", "127.0.0.1", await listening(service))(new AbortController().signal);
    const parts: Buffer[] = [];
    for await (const part of stream) parts.push(part as Buffer);
    expect(Buffer.concat(parts).toString()).toBe("from inside");
    expect(said).toEqual([
      expect.stringContaining("first contact with server 1001"),
      expect.stringContaining("first contact with server 1003"),
    ]);
  } finally {
    way.close();
    service.close();
  }
});

it("says where nothing listens, and which host was never delivered", async () => {
  const way = ways();
  try {
    const closed = await freePort("127.0.0.1");
    await expect(way.to("hdp-1", "127.0.0.1", closed)(new AbortController().signal)).rejects.toThrow(
      `127.0.0.1:${closed}, through hdp-1: connection refused\n` +
        "  try: see that the service there is started; then run: npx aws2ncp metastore rebuild",
    );
    expect(() => way.to("presto-1", "127.0.0.1", 1)).toThrow(
      "presto-1: stack query was never delivered from this machine",
    );
  } finally {
    way.close();
  }
});

describe("a command on a host", () => {
  it("gives its answer, its words and its exit code", async () => {
    const way = ways();
    try {
      expect(await way.run("hdp-1", "echo out; echo err >&2; exit 3")).toEqual({
        code: 3,
        stdout: "out\n",
        stderr: "err\n",
      });
      expect(await way.run("hdp-1", `printf %s ${quoted(`it's "$HOME"`)}`)).toMatchObject({ stdout: `it's "$HOME"` });
      expect(await way.run("hdp-1", "kill -9 $$")).toEqual({ code: undefined, stdout: "", stderr: "" });
    } finally {
      way.close();
    }
  });

  it("has no input to wait for, and no endless answer", async () => {
    const way = ways();
    try {
      expect(await way.run("hdp-1", "cat")).toEqual({ code: 0, stdout: "", stderr: "" });
      await expect(way.run("hdp-1", "yes")).rejects.toThrow("yes: its answer has no end: more than 4 MB");
    } finally {
      way.close();
    }
  });

  it("fails when the connection is cut", async () => {
    const way = ways();
    expect(await way.run("hdp-1", "true")).toMatchObject({ code: 0 });
    const ran = way.run("hdp-1", "sleep 3");
    setImmediate(() => way.close());
    await expect(ran).rejects.toThrow("sleep 3: the connection was cut before it had ended");
  });

  it("is left alone when this program is told to stop", async () => {
    const stop = new AbortController();
    const way = ways(stop.signal);
    try {
      expect(await way.run("hdp-1", "true")).toMatchObject({ code: 0 });
      const ran = way.run("hdp-1", "sleep 3");
      stop.abort(new Error("stopped by this test"));
      await expect(ran).rejects.toThrow("stopped by this test");
    } finally {
      way.close();
    }
  });

  it("names a host that was never delivered", async () => {
    const way = ways();
    await expect(way.run("presto-1", "true")).rejects.toThrow("presto-1: stack query was never delivered");
    way.close();
  });
});

describe("HTTPS over a channel", () => {
  const NAME = "kr.object.private.test";
  let authority: Pair;
  let server: TlsServer;
  let at: number;
  let names: (string | boolean | undefined)[];

  beforeAll(async () => {
    authority = await makeAuthority("test");
    const leaf = await issueLeaf(authority, { cn: NAME, use: "server", names: [`DNS:${NAME}`] });
    names = [];
    server = createTlsServer({ cert: leaf.certificate, key: leaf.key }, (asked, answer) => {
      names.push((asked.socket as unknown as { servername: string }).servername);
      answer.end("<ListBucketResult><Contents><Key>a</Key><Size>1</Size><ETag>e</ETag></Contents></ListBucketResult>");
    });
    at = await listening(server);
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  });

  it("closes a connection that nobody uses before the server does, and opens another for the next request", async () => {
    const open = jest.fn(openTcp("127.0.0.1", at));
    const options = { ca: authority.certificate, timeout: 50 };
    const httpsAgent = new TunnelAgent(open, NAME, new AbortController().signal, options);
    const ask = (): Promise<number | undefined> =>
      new Promise((done, fail) =>
        get({ host: NAME, agent: httpsAgent }, (answer) => answer.resume().on("end", () => done(answer.statusCode))).on(
          "error",
          fail,
        ),
      );
    expect(await ask()).toBe(200);
    while (Object.keys(httpsAgent.freeSockets).length > 0) await new Promise((done) => setTimeout(done, 10));
    expect(await ask()).toBe(200);
    expect(open).toHaveBeenCalledTimes(2);
    httpsAgent.destroy();
  });

  const listThrough = async (name: string, ca: string) => {
    const httpsAgent = new TunnelAgent(openTcp("127.0.0.1", at), name, new AbortController().signal, { ca });
    const client = storageClient({
      endpoint: `https://${NAME}`,
      region: "r",
      keyId: "k",
      secretKey: "s",
      agents: { httpsAgent },
    });
    try {
      return await new Bucket(client, "bucket").list("");
    } finally {
      client.destroy();
    }
  };

  it("asks for the endpoint's own name, whatever the channel leads over", async () => {
    expect(await listThrough(NAME, authority.certificate)).toEqual([{ key: "a", bytes: 1, etag: "e" }]);
    expect([...new Set(names)]).toEqual([NAME]);
  });

  it("trusts the given CA alone, and no other name", async () => {
    const other = await makeAuthority("other");
    await expect(listThrough(NAME, other.certificate)).rejects.toThrow(/certificate/);
    await expect(listThrough("other.test", authority.certificate)).rejects.toThrow(/other\.test/);
  });
});
