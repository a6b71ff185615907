/** A real Hive 3.1.3 metastore on loopback, with Derby for its database, over a storage of the tests. */
import { spawn, type ChildProcess } from "node:child_process";
import { createWriteStream, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { MetastoreClient } from "../../../../metastore/thrift/client";
import { classPath, ensureEngine } from "../../../../sandbox/engines";
import { freePort } from "../../../hooks/sshd";

const START_MS = 180_000;

export class RealMetastore {
  private constructor(
    private readonly folder: string,
    private readonly process: ChildProcess,
    readonly port: number,
  ) {}

  /** Starts it and waits until it answers. @param storage URL of the storage that s3a:// leads to */
  static async start(storage: string): Promise<RealMetastore> {
    const [java, hive] = [await ensureEngine("java"), await ensureEngine("hive")];
    const folder = mkdtempSync(join(tmpdir(), "metastore-"));
    const port = await freePort("127.0.0.1");
    mkdirSync(join(folder, "conf"));
    writeFileSync(join(folder, "conf", "core-site.xml"), configuration(storageProperties(storage)));
    writeFileSync(join(folder, "conf", "hive-site.xml"), configuration(hiveProperties(folder, port)));
    const path = await classPath(hive, join(folder, "conf"), join(hive, "etc"));
    const options = ["-Xmx320m", "-XX:+UseSerialGC", `-Dderby.stream.error.file=${join(folder, "derby.log")}`];
    const started = spawn(
      join(java, "bin", "java"),
      [...options, "-cp", path, "org.apache.hadoop.hive.metastore.HiveMetaStore", "-p", `${port}`],
      { cwd: folder, stdio: ["ignore", "pipe", "pipe"] },
    );
    const log = createWriteStream(join(folder, "log"));
    started.stdout.pipe(log, { end: false });
    started.stderr.pipe(log, { end: false });
    const metastore = new RealMetastore(folder, started, port);
    await metastore.waitUntilUp().catch(async (error: unknown) => {
      await metastore.stop();
      throw error;
    });
    return metastore;
  }

  private async waitUntilUp(): Promise<void> {
    for (const end = Date.now() + START_MS; Date.now() < end && this.process.exitCode === null; await sleep(250)) {
      const client = this.client();
      const up = await client.databases().catch(() => undefined);
      client.close();
      if (up !== undefined) return;
    }
    throw new Error(`the metastore did not start:\n${readFileSync(join(this.folder, "log"), "utf8").slice(-4_000)}`);
  }

  client(): MetastoreClient {
    return new MetastoreClient(connect(this.port, "127.0.0.1"), `127.0.0.1:${this.port}`);
  }

  async stop(): Promise<void> {
    const ended = new Promise((done) => this.process.once("exit", done));
    if (this.process.exitCode === null && this.process.signalCode === null) {
      this.process.kill("SIGKILL");
      await ended;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const storageProperties = (storage: string): Record<string, string> => ({
  "fs.s3a.endpoint": storage,
  "fs.s3a.endpoint.region": "kr-standard",
  "fs.s3a.path.style.access": "true",
  "fs.s3a.connection.ssl.enabled": "false",
  "fs.s3a.access.key": "key-id",
  "fs.s3a.secret.key": "secret-key",
  "fs.s3a.list.version": "1",
});

const hiveProperties = (folder: string, port: number): Record<string, string> => ({
  "hive.metastore.port": `${port}`,
  "hive.metastore.warehouse.dir": `file:${join(folder, "warehouse")}`,
  "javax.jdo.option.ConnectionURL": `jdbc:derby:${join(folder, "database")};create=true`,
  "javax.jdo.option.ConnectionDriverName": "org.apache.derby.jdbc.EmbeddedDriver",
  "hive.metastore.schema.verification": "false",
  "datanucleus.schema.autoCreateAll": "true",
});

function configuration(properties: Readonly<Record<string, string>>): string {
  const lines = Object.entries(properties).map(
    ([name, value]) => `<property><name>${name}</name><value>${value}</value></property>\n`,
  );
  return `<configuration>\n${lines.join("")}</configuration>\n`;
}
