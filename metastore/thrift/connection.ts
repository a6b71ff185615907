/** One connection to a metastore: a call at a time, each waits for its answer. */
import type { Duplex } from "node:stream";
import {
  Incoming,
  MESSAGE,
  NotThrift,
  readMessage,
  writeMessage,
  type Message,
  type StructValue,
  type Value,
} from "./protocol";
import { CALLS, type Call, type CallName, type Fields, type ThriftType } from "./structs";

/** The metastore's own refusal of a call. */
export class MetastoreRefused extends Error {
  constructor(
    readonly call: CallName,
    /** Its exception: "NoSuchObjectException". */
    readonly kind: string,
    readonly text: string,
  ) {
    super(`the metastore refused ${call}: ${kind}: ${text}`);
  }
}

/** The connection is gone; what was asked may or may not have been done. */
export class ConnectionLost extends Error {}

/** Longest wait for one answer: a cascade over 20,000 partitions takes minutes. */
const ANSWER_MS = 30 * 60_000;

const FAILURE: ThriftType = { struct: "Failure" };

function resultFields({ result, failures }: Call): Fields {
  const declared = Object.keys(failures).map((id) => [`failure${id}`, [Number(id), FAILURE]] as const);
  return { ...(result === undefined ? {} : { success: [0, result] as const }), ...Object.fromEntries(declared) };
}

export class Connection {
  private readonly incoming = new Incoming();
  private sequence = 0;
  private lost: ConnectionLost | undefined;
  private wake: () => void = () => undefined;
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly stream: Duplex,
    /** For errors: "hdp-2:9083". */
    private readonly where: string,
  ) {
    const end = (why: string) => (): void => this.lose(why);
    stream
      .on("data", (chunk: Buffer) => {
        this.incoming.push(chunk);
        this.wake();
      })
      .on("error", (error: Error) => this.lose(error.message))
      .on("end", end("it was closed by the other side"))
      .on("close", end("it was closed"));
  }

  private lose(why: string): void {
    this.lost ??= new ConnectionLost(`the connection to the metastore at ${this.where} was lost: ${why}`);
    this.wake();
  }

  /** @throws MetastoreRefused, ConnectionLost */
  call(name: CallName, args: StructValue): Promise<Value | undefined> {
    const answer = this.last.then(() => this.ask(name, args));
    this.last = answer.catch(() => undefined);
    return answer;
  }

  private async ask(name: CallName, args: StructValue): Promise<Value | undefined> {
    if (this.lost !== undefined) throw this.lost;
    const call: Call = CALLS[name];
    const sequence = ++this.sequence;
    this.stream.write(writeMessage(name, MESSAGE.call, sequence, call.args, args));
    const timer = setTimeout(() => {
      this.lose(`${name} was not answered within ${ANSWER_MS / 60_000} min`);
      this.stream.destroy();
    }, ANSWER_MS);
    try {
      const message = await this.answer(resultFields(call));
      if (message.name !== name || message.sequence !== sequence)
        throw new NotThrift(`an answer to ${message.name} ${message.sequence}, not to ${name} ${sequence}`);
      return resultOf(name, call, message);
    } catch (error) {
      if (!(error instanceof NotThrift)) throw error;
      this.lose(`it sent ${error.message}`);
      this.stream.destroy();
      throw this.lost ?? error;
    } finally {
      clearTimeout(timer);
    }
  }

  private async answer(fields: Fields): Promise<Message> {
    const reading = readMessage(this.incoming, () => fields);
    for (;;) {
      const more = new Promise<void>((wake) => (this.wake = wake));
      const step = reading.next();
      if (step.done === true) return step.value;
      if (this.lost !== undefined) throw this.lost;
      await more;
    }
  }

  close(): void {
    this.lose("it was closed here");
    this.stream.destroy();
  }
}

const textOf = (message: Value | undefined): string => (message as string | undefined) ?? "without a reason";

function resultOf(name: CallName, call: Call, { kind, value }: Message): Value | undefined {
  if (kind === MESSAGE.exception) throw new MetastoreRefused(name, "TApplicationException", textOf(value["message"]));
  for (const [id, exception] of Object.entries(call.failures)) {
    const failure = value[`failure${id}`] as StructValue | undefined;
    if (failure !== undefined) throw new MetastoreRefused(name, exception, textOf(failure["message"]));
  }
  if (call.result !== undefined && value["success"] === undefined)
    throw new MetastoreRefused(name, "MetaException", "an answer without a result");
  return value["success"];
}
