/**
 * Thrift's binary protocol, driven by the tables of structs.ts: a writer, and a reader that can wait in the middle of a
 * value for bytes that have not come yet. Source: thrift/doc/specs/thrift-binary-protocol.md.
 */
import { STRUCTS, type Fields, type ThriftType } from "./structs";

export type Value = string | boolean | number | bigint | readonly Value[] | ReadonlyMap<Value, Value> | StructValue;
export interface StructValue {
  readonly [field: string]: Value | undefined;
}

const STOP = 0;
const CODE = { bool: 2, i16: 6, i32: 8, i64: 10, string: 11, struct: 12, map: 13, list: 15 } as const;
/** Bytes of the types that have a fixed size, for fields that are skipped: bool, byte, double, i16, i32, i64. */
const FIXED: Readonly<Record<number, number>> = { 2: 1, 3: 1, 4: 8, 6: 2, 8: 4, 10: 8 };
const SET = 14;
const VERSION_1 = 0x80010000;
export const MESSAGE = { call: 1, reply: 2, exception: 3 } as const;

function codeOf(type: ThriftType): number {
  if (typeof type === "string") return CODE[type];
  return "list" in type ? CODE.list : "map" in type ? CODE.map : CODE.struct;
}

/** Collects the bytes of a message. */
class Writer {
  private buffer = Buffer.allocUnsafe(4096);
  private at = 0;

  private room(bytes: number): void {
    if (this.at + bytes <= this.buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.at + bytes));
    this.buffer.copy(larger, 0, 0, this.at);
    this.buffer = larger;
  }

  byte(value: number): void {
    this.room(1);
    this.at = this.buffer.writeUInt8(value, this.at);
  }

  i16(value: number): void {
    this.room(2);
    this.at = this.buffer.writeInt16BE(value, this.at);
  }

  i32(value: number): void {
    this.room(4);
    this.at = this.buffer.writeInt32BE(value | 0, this.at);
  }

  i64(value: bigint): void {
    this.room(8);
    this.at = this.buffer.writeBigInt64BE(value, this.at);
  }

  text(value: string): void {
    const bytes = Buffer.byteLength(value);
    this.i32(bytes);
    this.room(bytes);
    this.at += this.buffer.write(value, this.at);
  }

  struct(fields: Fields, value: StructValue): void {
    for (const [name, [id, type]] of Object.entries(fields)) {
      const held = value[name];
      if (held === undefined) continue;
      this.byte(codeOf(type));
      this.i16(id);
      this.value(type, held);
    }
    this.byte(STOP);
  }

  private value(type: ThriftType, value: Value): void {
    if (type === "string") this.text(value as string);
    else if (type === "bool") this.byte(value === true ? 1 : 0);
    else if (type === "i16") this.i16(value as number);
    else if (type === "i32") this.i32(value as number);
    else if (type === "i64") this.i64(value as bigint);
    else if ("struct" in type) this.struct(STRUCTS[type.struct], value as StructValue);
    else if ("list" in type) {
      const items = value as readonly Value[];
      this.byte(codeOf(type.list));
      this.i32(items.length);
      for (const item of items) this.value(type.list, item);
    } else {
      const [key, held] = type.map;
      const entries = value as ReadonlyMap<Value, Value>;
      this.byte(codeOf(key));
      this.byte(codeOf(held));
      this.i32(entries.size);
      for (const [each, its] of entries) {
        this.value(key, each);
        this.value(held, its);
      }
    }
  }

  get bytes(): Buffer {
    return this.buffer.subarray(0, this.at);
  }
}

/** A call as it goes over the wire. */
export function writeMessage(name: string, kind: number, sequence: number, fields: Fields, value: StructValue): Buffer {
  const writer = new Writer();
  writer.i32(VERSION_1 | kind);
  writer.text(name);
  writer.i32(sequence);
  writer.struct(fields, value);
  return writer.bytes;
}

/** Bytes that have come and were not read yet. */
export class Incoming {
  private chunks: Buffer[] = [];
  private length = 0;
  private current = Buffer.alloc(0);
  private at = 0;

  push(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.length += chunk.length;
  }

  has(bytes: number): boolean {
    return this.current.length - this.at + this.length >= bytes;
  }

  /** The next bytes; only after `has` has said so. */
  take(bytes: number): Buffer {
    if (this.current.length - this.at < bytes) {
      this.current = Buffer.concat([this.current.subarray(this.at), ...this.chunks]);
      this.chunks = [];
      this.length = 0;
      this.at = 0;
    }
    return this.current.subarray(this.at, (this.at += bytes));
  }
}

/** Yields where it must wait for more bytes. */
type Reading<T> = Generator<void, T, void>;

/** What no metastore answers with: something else listens there, or the stream is out of step. */
export class NotThrift extends Error {}

const MAX_TEXT = 256 * 1024 * 1024;

function* taken(from: Incoming, bytes: number): Reading<Buffer> {
  if (bytes < 0 || bytes > MAX_TEXT) throw new NotThrift(`a length of ${bytes} bytes`);
  while (!from.has(bytes)) yield;
  return from.take(bytes);
}

function* text(from: Incoming): Reading<string> {
  const length = (yield* taken(from, 4)).readInt32BE();
  return (yield* taken(from, length)).toString("utf8");
}

function* value(from: Incoming, type: ThriftType): Reading<Value> {
  if (type === "string") return yield* text(from);
  if (type === "bool") return (yield* taken(from, 1))[0] === 1;
  if (type === "i16") return (yield* taken(from, 2)).readInt16BE();
  if (type === "i32") return (yield* taken(from, 4)).readInt32BE();
  if (type === "i64") return (yield* taken(from, 8)).readBigInt64BE();
  if ("struct" in type) return yield* struct(from, STRUCTS[type.struct]);
  if ("list" in type) {
    const head = yield* taken(from, 5);
    const [code, count] = [head[0], head.readInt32BE(1)];
    if (count > 0 && code !== codeOf(type.list)) throw new NotThrift(`a list of type ${code}`);
    const items: Value[] = [];
    for (let index = 0; index < count; index++) items.push(yield* value(from, type.list));
    return items;
  }
  const count = (yield* taken(from, 6)).readInt32BE(2);
  const entries = new Map<Value, Value>();
  for (let index = 0; index < count; index++) {
    const key = yield* value(from, type.map[0]);
    entries.set(key, yield* value(from, type.map[1]));
  }
  return entries;
}

function* struct(from: Incoming, fields: Fields): Reading<StructValue> {
  const known = new Map(Object.entries(fields).map(([name, [id, type]]) => [id, { name, type }]));
  const found: Record<string, Value> = {};
  for (;;) {
    const code = (yield* taken(from, 1))[0]!;
    if (code === STOP) return found;
    const field = known.get((yield* taken(from, 2)).readInt16BE());
    if (field === undefined || code !== codeOf(field.type)) yield* skip(from, code);
    else found[field.name] = yield* value(from, field.type);
  }
}

/** Reads over a value that nobody asked for: newer servers send more. */
function* skip(from: Incoming, code: number): Reading<void> {
  const fixed = FIXED[code];
  if (fixed !== undefined) yield* taken(from, fixed);
  else if (code === CODE.string) yield* text(from);
  else if (code === CODE.struct) yield* struct(from, {});
  else if (code === CODE.list || code === SET) {
    const head = yield* taken(from, 5);
    for (let left = head.readInt32BE(1); left > 0; left--) yield* skip(from, head[0]!);
  } else if (code === CODE.map) {
    const head = yield* taken(from, 6);
    for (let left = head.readInt32BE(2); left > 0; left--) {
      yield* skip(from, head[0]!);
      yield* skip(from, head[1]!);
    }
  } else throw new NotThrift(`a field of type ${code}`);
}

export interface Message {
  readonly name: string;
  readonly kind: number;
  readonly sequence: number;
  readonly value: StructValue;
}

/** Thrift's own exception, such as a call that the server does not know. */
const APPLICATION_EXCEPTION: Fields = { message: [1, "string"], type: [2, "i32"] };

/** Reads a whole message; `fieldsOf` says by the name of the call what its value holds. */
export function* readMessage(from: Incoming, fieldsOf: (name: string) => Fields): Reading<Message> {
  const version = (yield* taken(from, 4)).readUInt32BE();
  if ((version & 0xffff0000) >>> 0 !== VERSION_1) throw new NotThrift(`a message that begins with ${version}`);
  const kind = version & 0xff;
  const name = yield* text(from);
  const sequence = (yield* taken(from, 4)).readInt32BE();
  const fields = kind === MESSAGE.exception ? APPLICATION_EXCEPTION : fieldsOf(name);
  return { name, kind, sequence, value: yield* struct(from, fields) };
}
