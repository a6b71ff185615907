/** Ambari's REST interface over a byte stream: questions are asked until they are answered, wishes are told once. */
import { request } from "node:http";
import { HookError, sleep } from "../errors";
import { SshRefused, type OpenStream } from "../ssh/connect";

export interface Answer {
  readonly status: number;
  /** Parsed; undefined when there is none. */
  readonly body: unknown;
}

/** A wish whose answer never came: whether it was heard is to be seen. */
export class Unanswered extends Error {
  constructor(why: string) {
    super(why);
    this.name = "Unanswered";
  }
}

export interface ApiOptions {
  /** Makes a connection to the interface. */
  readonly open: OpenStream;
  readonly user: string;
  readonly password: string;
  /** How long it may take until it answers, as after a restart of ambari-server. */
  readonly answerMs: number;
  readonly pauseMs: number;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
  /** "Ambari on hdp-1:8080" */
  readonly where: string;
  /** The next step when it never answers. */
  readonly look: string;
}

const QUESTION_MS = 60_000;
/** POST /clusters runs the stack's advisor before it answers. */
const WISH_MS = 300_000;
/** A server that starts, or something before it. */
const NOT_YET = [502, 503, 504];
const LARGEST = 64 * 1024 ** 2;

export class Ambari {
  constructor(private readonly o: ApiOptions) {}

  /** The same server, another password. */
  as(password: string): Ambari {
    return new Ambari({ ...this.o, password });
  }

  /**
   * Asks until an answer comes that is no error of the server: 5xx too is what one that starts says.
   * @param path below /api/v1 @throws HookError when there is none in time, or the login is refused
   */
  async get(path: string): Promise<Answer> {
    const answer = await this.ask(path);
    if (isRefusedLogin(answer)) throw this.refusal("GET", path, answer);
    return answer;
  }

  /** As `get`; a refused login is an answer. */
  async ask(path: string): Promise<Answer> {
    const began = Date.now();
    let told = 0;
    for (;;) {
      const got = await this.once("GET", path, undefined, QUESTION_MS).catch((error: unknown) => this.tolerable(error));
      if (typeof got !== "string" && got.status < 500) return got;
      const why = typeof got === "string" ? got : messageOf(got);
      const waited = Date.now() - began;
      if (waited + this.o.pauseMs > this.o.answerMs) throw this.silent(why, waited);
      if (told === 0 || Date.now() - told > 30_000) {
        told = Date.now();
        this.o.say(`waits for ${this.o.where}: ${why} (${seconds(waited)} of ${seconds(this.o.answerMs)} at most)`);
      }
      await sleep(this.o.pauseMs, this.o.signal);
    }
  }

  /** The items of a list, each as `read` understands it. @throws HookError when it is another answer than 200 */
  async list<T>(path: string, read: (item: unknown) => T): Promise<T[]> {
    const answer = await this.get(path);
    if (answer.status !== 200) throw this.refusal("GET", path, answer);
    return itemsOf(answer.body).map(read);
  }

  /**
   * Tells a wish once.
   * @returns the answer, whatever it is, but for a refused login @throws Unanswered
   */
  async tell(method: "POST" | "PUT", path: string, body: string, contentType = "application/json"): Promise<Answer> {
    let answer: Answer;
    try {
      answer = await this.once(method, path, { text: body, type: contentType }, WISH_MS);
    } catch (error) {
      throw new Unanswered(this.tolerable(error));
    }
    if (isRefusedLogin(answer)) throw this.refusal(method, path, answer);
    if (NOT_YET.includes(answer.status)) throw new Unanswered(messageOf(answer));
    return answer;
  }

  /** What to throw for an answer that nobody hoped for. */
  refusal(method: string, path: string, answer: Answer): HookError {
    if (isRefusedLogin(answer)) return this.loginRefused(answer);
    return new HookError(
      `${this.o.where}: ${method} ${path.split("?")[0]} was answered with ${answer.status}`,
      messageOf(answer).split("\n").slice(0, 20),
      this.o.look,
    );
  }

  private loginRefused(answer: Answer): HookError {
    return new HookError(
      `${this.o.where}: refuses the password of ${this.o.user}`,
      [`answer: ${answer.status} ${messageOf(answer)}`, "allowed: the secret ambari_admin_password"],
      `change it in Ambari to the secret's value (or the secret to its), then run again`,
    );
  }

  private silent(why: string, waited: number): HookError {
    return new HookError(`${this.o.where}: no answer within ${seconds(waited)}: ${why}`, [], this.o.look);
  }

  /** Why there was no answer, if waiting may help. */
  private tolerable(error: unknown): string {
    this.o.signal.throwIfAborted();
    if (error instanceof HookError) throw error;
    if (error instanceof SshRefused && error.why !== "no answer")
      throw new HookError(
        `${this.o.where}: no way there: ${error.message}`,
        ["allowed: sshd on that host permits a tunnel to its own localhost and this port (PermitOpen)"],
        this.o.look,
      );
    return (error as Error).message;
  }

  private once(
    method: string,
    path: string,
    body: { readonly text: string; readonly type: string } | undefined,
    limitMs: number,
  ): Promise<Answer> {
    const { signal } = this.o;
    return new Promise((done, fail) => {
      const call = request({
        method,
        path: `/api/v1${path}`,
        host: "localhost",
        auth: `${this.o.user}:${this.o.password}`,
        headers: {
          "X-Requested-By": "aws2ncp",
          ...(body === undefined ? {} : { "Content-Type": body.type, "Content-Length": Buffer.byteLength(body.text) }),
        },
        createConnection: (_, connected) => {
          this.o.open(signal).then(
            (stream) => connected(null, stream),
            (error: Error) => connected(error, undefined as never),
          );
          return undefined;
        },
      });
      const stop = (): void => void call.destroy(signal.reason as Error);
      const timer = setTimeout(() => call.destroy(new Error(`no answer within ${seconds(limitMs)}`)), limitMs);
      signal.addEventListener("abort", stop, { once: true });
      const end = (): void => {
        clearTimeout(timer);
        signal.removeEventListener("abort", stop);
      };
      call.on("error", (error) => (end(), fail(error)));
      call.on("response", (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (part: string) => {
          text += part;
          if (text.length > LARGEST) call.destroy(new Error("the answer does not end"));
        });
        response.on("error", (error) => (end(), fail(error)));
        response.on("close", () => {
          end();
          if (response.complete) done({ status: response.statusCode ?? 0, body: parsed(text) });
          else fail(new Error("the connection was cut"));
        });
      });
      call.end(body?.text);
    });
  }
}

const isRefusedLogin = ({ status }: Answer): boolean => status === 401 || status === 403;

const seconds = (ms: number): string => `${Math.round(ms / 1000)} s`;

function parsed(text: string): unknown {
  try {
    return text === "" ? undefined : (JSON.parse(text) as unknown);
  } catch {
    return text;
  }
}

type Item = Readonly<Record<string, unknown>>;

const isItem = (value: unknown): value is Item => typeof value === "object" && value !== null && !Array.isArray(value);

/** Ambari's own words in an answer. */
export function messageOf({ status, body }: Answer): string {
  if (isItem(body) && typeof body["message"] === "string") return body["message"];
  return typeof body === "string" && body !== "" ? body.slice(0, 500) : `status ${status}`;
}

function itemsOf(body: unknown): unknown[] {
  const items = isItem(body) ? body["items"] : undefined;
  return Array.isArray(items) ? (items as unknown[]) : [];
}

/** What stands at a path of keys, "Hosts/host_name"; undefined where there is nothing. */
export function at(item: unknown, path: string): unknown {
  return path.split("/").reduce<unknown>((value, key) => (isItem(value) ? value[key] : undefined), item);
}

export const textAt = (item: unknown, path: string): string => {
  const value = at(item, path);
  return typeof value === "string" ? value : "";
};
