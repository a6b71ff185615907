/** Presto's REST interface: a statement, and its rows page by page. Source: prestodb.io, "REST API", client protocol of 0.287. */
import { request as httpRequest, type Agent as HttpAgent } from "node:http";
import { request as httpsRequest, type Agent as HttpsAgent } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";

export interface PrestoOptions {
  /** "https://presto-1.aws2ncp.internal:8443" */
  readonly url: string;
  readonly catalog: string;
  readonly user: string;
  /** Over TLS only. */
  readonly password?: string;
  readonly agent?: HttpAgent | HttpsAgent;
}

/** What Presto itself answers: the statement failed. */
export class PrestoRefused extends Error {}

/** Nobody answers as Presto would. */
export class PrestoAway extends Error {}

interface Page {
  readonly nextUri?: string;
  readonly data?: readonly (readonly unknown[])[];
  readonly error?: { readonly message?: string; readonly errorName?: string };
}

const BUSY = 503;
const BUSY_PAUSE_MS = 100;
const TRIES = 5;
const ANSWER_MS = 120_000;

export class Presto {
  constructor(private readonly o: PrestoOptions) {
    if (o.password !== undefined && !o.url.startsWith("https:"))
      throw new Error(`${o.url}: a password goes over TLS only`);
  }

  /** Rows of a statement. @throws PrestoRefused, PrestoAway */
  async *rows(sql: string): AsyncGenerator<readonly unknown[]> {
    let page = await this.page("POST", "/v1/statement", sql);
    for (;;) {
      if (page.error !== undefined)
        throw new PrestoRefused(`${page.error.errorName ?? "error"}: ${page.error.message ?? "without a reason"}`);
      yield* page.data ?? [];
      if (page.nextUri === undefined) return;
      // The host of the address is what Presto calls itself; the way to it is ours.
      const { pathname, search } = new URL(page.nextUri);
      page = await this.page("GET", pathname + search);
    }
  }

  private async page(method: string, path: string, body?: string): Promise<Page> {
    for (let tries = 1; ; tries++) {
      const { status, text } = await this.ask(method, path, body);
      if (status === 200) return JSON.parse(text) as Page;
      if (status === 401) throw new PrestoAway(`${this.o.url} refuses the login of ${this.o.user}`);
      if (status !== BUSY || tries === TRIES)
        throw new PrestoAway(`${this.o.url} answers ${path} with status ${status}`);
      await sleep(BUSY_PAUSE_MS * tries);
    }
  }

  private ask(method: string, path: string, body?: string): Promise<{ status: number; text: string }> {
    const { url, user, password, catalog, agent } = this.o;
    const request = url.startsWith("https:") ? httpsRequest : httpRequest;
    const headers = {
      "X-Presto-User": user,
      "X-Presto-Source": "aws2ncp",
      "X-Presto-Catalog": catalog,
      ...(password === undefined
        ? {}
        : { Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}` }),
    };
    return new Promise((done, fail) => {
      const away = (error: Error): void => fail(new PrestoAway(`${url} does not answer: ${error.message}`));
      const asked = request(
        new URL(path, url),
        { method, headers, timeout: ANSWER_MS, ...(agent === undefined ? {} : { agent }) },
        (answer) => {
          let text = "";
          answer.setEncoding("utf8").on("data", (part: string) => (text += part));
          answer.on("end", () => done({ status: answer.statusCode ?? 0, text })).on("error", away);
        },
      );
      asked.on("error", away).on("timeout", () => asked.destroy(new Error(`no answer within ${ANSWER_MS / 1000} s`)));
      asked.end(body);
    });
  }
}
