/** Presto's REST interface on loopback: a statement is answered in pages of one row. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Presto } from "../../metastore/presto";

export class FakePresto {
  readonly statements: string[] = [];
  readonly logins: (string | undefined)[] = [];
  /** Rows of a statement, or the text of its failure. */
  answer: (sql: string) => readonly (readonly unknown[])[] | string = () => [];
  /** Statuses that the next requests get instead. */
  readonly statuses: number[] = [];
  private rows: readonly (readonly unknown[])[] | string = [];
  private readonly server: Server = createServer((asked, answer) => {
    const parts: Buffer[] = [];
    asked.on("data", (part: Buffer) => parts.push(part));
    asked.on("end", () => {
      this.logins.push(asked.headers.authorization);
      const status = this.statuses.shift();
      if (status !== undefined) {
        answer.writeHead(status).end();
        return;
      }
      const sql = Buffer.concat(parts).toString();
      if (asked.method === "POST") {
        this.statements.push(sql);
        this.rows = this.answer(sql);
        answer.end(JSON.stringify({ id: "1", nextUri: "http://presto-1.elsewhere:8443/v1/statement/1?page=0" }));
        return;
      }
      const at = Number(new URL(asked.url ?? "", "http://fake").searchParams.get("page"));
      answer.end(JSON.stringify(this.page(at)));
    });
  });

  private page(at: number): object {
    if (typeof this.rows === "string") return { error: { message: this.rows, errorName: "HIVE_ERROR" } };
    const more = at + 1 < this.rows.length;
    return {
      ...(at < this.rows.length ? { data: [this.rows[at]] } : {}),
      ...(more ? { nextUri: `http://presto-1.elsewhere:8443/v1/statement/1?page=${at + 1}` } : {}),
    };
  }

  async start(): Promise<this> {
    await new Promise<void>((done) => this.server.listen(0, "127.0.0.1", done));
    return this;
  }

  get client(): Presto {
    const { port } = this.server.address() as AddressInfo;
    return new Presto({ url: `http://127.0.0.1:${port}`, catalog: "hive", user: "batch" });
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }
}
