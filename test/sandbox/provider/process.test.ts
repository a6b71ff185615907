import { spawn } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { selfSigned } from "../../../sandbox/provider/certificate";
import { attributePath, diagnosticOf, parsePath } from "../../../sandbox/provider/diagnostics";
import { exclusive } from "../../../sandbox/provider/lock";
import { serviceOf } from "../../../sandbox/provider/protocol";
import { ObjectStore } from "../../../sandbox/provider/store";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "stand-in-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("certificate", () => {
  it("is one for localhost that its own key has signed, every time", () => {
    for (let i = 0; i < 50; i++) {
      const { pem, der, key } = selfSigned();
      const certificate = new X509Certificate(pem);
      expect(certificate.verify(certificate.publicKey)).toBe(true);
      expect(certificate.subjectAltName).toBe("DNS:localhost");
      expect(certificate.raw.equals(der)).toBe(true);
      expect(key).toContain("PRIVATE KEY");
    }
  });

  it("is good for Terraform's client: TLS 1.3 with both sides shown", async () => {
    const [server, client] = [selfSigned(), selfSigned()];
    const { connect, createServer } = await import("node:tls");
    const listening = createServer({ key: server.key, cert: server.pem, ca: client.pem, requestCert: true });
    await new Promise<void>((resolve) => listening.listen(join(folder, "socket"), resolve));
    const seen = new Promise((resolve) => listening.once("secureConnection", (socket) => resolve(socket.authorized)));
    const socket = connect({
      path: join(folder, "socket"),
      key: client.key,
      cert: client.pem,
      ca: server.pem,
      servername: "localhost",
    });
    await new Promise<void>((resolve, reject) => socket.once("secureConnect", resolve).once("error", reject));
    expect(socket.authorized).toBe(true);
    expect(await seen).toBe(true);
    socket.destroy();
    listening.close();
  });
});

describe("store", () => {
  interface Named {
    readonly id: string;
    readonly name: string;
  }

  it("lists objects in the order in which they were made, and forgets what is deleted", async () => {
    const store = new ObjectStore(folder);
    for (const name of ["b", "a"]) await store.exclusive(() => store.put<Named>("thing", { id: store.nextId(), name }));
    store.put<Named>("thing", { id: "10000001:10.0.0.0/8", name: "c" });
    expect(store.list<Named>("thing").map(({ name }) => name)).toEqual(["b", "a", "c"]);
    store.delete("thing", "10000001");
    expect(store.get("thing", "10000001")).toBeUndefined();
    expect(store.get<Named>("thing", "10000001:10.0.0.0/8")?.name).toBe("c");
  });

  it("gives an id once, also to two who ask at the same time, and never again after a deletion", async () => {
    const [one, two] = [new ObjectStore(folder), new ObjectStore(folder)];
    const take = (store: ObjectStore) => store.exclusive(() => store.nextId());
    const ids = await Promise.all(Array.from({ length: 20 }, (_, i) => take(i % 2 === 0 ? one : two)));
    expect(new Set(ids).size).toBe(20);
    one.delete("thing", ids[19] as string);
    expect(Number(await take(one))).toBe(10_000_021);
  });

  it("waits for another process, and not for one that was killed", async () => {
    // Holds the lock's socket as another provider would.
    const holder = spawn(process.execPath, [
      "-e",
      `const { createHash } = require("node:crypto");
       const name = createHash("sha256").update(${JSON.stringify(folder)}).digest("hex").slice(0, 32);
       require("node:net").createServer().listen("\\0aws2ncp-" + name, () => console.log("held"));`,
    ]);
    await new Promise((resolve) => holder.stdout.once("data", resolve));
    let done = false;
    const waiting = exclusive(folder, () => (done = true));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(done).toBe(false);
    holder.kill("SIGKILL");
    await waiting;
    expect(done).toBe(true);
  });
});

describe("protocol", () => {
  it("is HashiCorp's own file, with its licence, and speaks version 6", () => {
    const proto = readFileSync("sandbox/provider/tfplugin6.proto", "utf8");
    expect(proto).toMatch(/^\/\/ Copyright \(c\) HashiCorp, Inc\.\n\/\/ SPDX-License-Identifier: MPL-2\.0\n/);
    const { PlanResourceChange } = serviceOf("tfplugin6.Provider");
    const message = {
      planned_state: { msgpack: Buffer.from([0xc0]) },
      requires_replace: [attributePath(["a", 1, "b"])],
    };
    const bytes = PlanResourceChange?.responseSerialize(message) as Buffer;
    expect(PlanResourceChange?.responseDeserialize(bytes)).toEqual({
      planned_state: { msgpack: Buffer.from([0xc0]) },
      requires_replace: [{ steps: [{ attribute_name: "a" }, { element_key_int: 1 }, { attribute_name: "b" }] }],
    });
  });

  it("tells a problem as a headline with the type, the rest below, and the attribute", () => {
    const problem = { message: "size 15 is no multiple of 10\n  allowed: 10", path: parsePath("disk[0].size") };
    expect(diagnosticOf(problem, "ncloud_server")).toEqual({
      severity: "ERROR",
      summary: "ncloud_server: size 15 is no multiple of 10",
      detail: "allowed: 10",
      attribute: { steps: [{ attribute_name: "disk" }, { element_key_int: 0 }, { attribute_name: "size" }] },
    });
  });
});
