import { Duplex } from "node:stream";
import { MetastoreClient } from "../../metastore/thrift/client";
import { Incoming, MESSAGE, readMessage, writeMessage, type StructValue } from "../../metastore/thrift/protocol";
import type { Fields } from "../../metastore/thrift/structs";

/** All that a message can hold. */
const FIELDS: Fields = {
  text: [1, "string"],
  yes: [2, "bool"],
  small: [3, "i16"],
  number: [4, "i32"],
  big: [5, "i64"],
  list: [6, { list: { struct: "FieldSchema" } }],
  map: [7, { map: ["string", "string"] }],
  struct: [8, { struct: "SerDeInfo" }],
};
const VALUE: StructValue = {
  text: "한글 text",
  yes: true,
  small: -1,
  number: -2_000_000_000,
  big: -9_007_199_254_740_993n,
  list: [{ name: "a", type: "int" }, { name: "b" }],
  map: new Map([["k", "v"]]),
  struct: { serializationLib: "lib", parameters: new Map() },
};

/** Reads a message whose bytes come one by one. */
function slowly(bytes: Buffer, fields: Fields) {
  const incoming = new Incoming();
  const reading = readMessage(incoming, () => fields);
  for (let at = 0; ; at++) {
    const step = reading.next();
    if (step.done === true) return { message: step.value, used: at };
    incoming.push(bytes.subarray(at, at + 1));
  }
}

it("reads what it writes, whatever pieces the bytes come in", () => {
  const bytes = writeMessage("call", MESSAGE.reply, 7, FIELDS, VALUE);
  expect(slowly(bytes, FIELDS)).toEqual({
    message: { name: "call", kind: MESSAGE.reply, sequence: 7, value: VALUE },
    used: bytes.length,
  });
});

it("reads over fields that it does not know", () => {
  const bytes = writeMessage("call", MESSAGE.reply, 1, FIELDS, VALUE);
  const known = { number: FIELDS["number"]! };
  expect(slowly(bytes, known).message.value).toEqual({ number: -2_000_000_000 });
  // A field whose type has changed is none of ours.
  expect(slowly(bytes, { text: [1, "i32"] }).message.value).toEqual({});
});

it("writes a call as the specification has it", () => {
  const bytes = writeMessage("get_all_tables", MESSAGE.call, 1, { db_name: [1, "string"] }, { db_name: "nyc" });
  expect(bytes.toString("hex")).toBe("800100010000000e6765745f616c6c5f7461626c6573000000010b0001000000036e796300");
});

/** A stream whose other side answers each write. */
function answering(answer: (written: Buffer) => Buffer | undefined): Duplex {
  const stream = new Duplex({
    read: () => undefined,
    write(chunk: Buffer, _, done) {
      const said = answer(chunk);
      if (said === undefined) this.destroy();
      else this.push(said);
      done();
    },
  });
  return stream;
}

const exceptionField: Fields = { o1: [1, { struct: "Failure" }] };

it("tells the metastore's exceptions by their names", async () => {
  const stream = answering(() =>
    writeMessage("create_table", MESSAGE.reply, 1, exceptionField, { o1: { message: "Table t already exists" } }),
  );
  const client = new MetastoreClient(stream, "hdp-2:9083");
  const table = { database: "d", name: "t", type: "", owner: "", created: 0, partitionKeys: [], properties: {} };
  const storage = { columns: [], location: "", inputFormat: "", outputFormat: "", serde: "", serdeProperties: {} };
  await expect(client.createTable({ ...table, storage })).rejects.toThrow(
    "the metastore refused create_table: AlreadyExistsException: Table t already exists",
  );
  client.close();
});

it("takes a table that is not there for an answer", async () => {
  const stream = answering(() =>
    writeMessage("get_table", MESSAGE.reply, 1, { o2: [2, { struct: "Failure" }] }, { o2: { message: "no" } }),
  );
  const client = new MetastoreClient(stream, "hdp-2:9083");
  await expect(client.table("d", "t")).resolves.toBeUndefined();
  client.close();
});

it.each<[string, (written: Buffer) => Buffer | undefined, string]>([
  ["is cut", () => undefined, "the connection to the metastore at hdp-2:9083 was lost: it was closed"],
  [
    "speaks something else",
    () => Buffer.from("HTTP/1.1 400 Bad Request\r\n"),
    "the connection to the metastore at hdp-2:9083 was lost: it sent a message that begins with 1213486160",
  ],
  [
    "answers something else",
    () => writeMessage("get_table", MESSAGE.reply, 1, {}, {}),
    "the connection to the metastore at hdp-2:9083 was lost: it sent an answer to get_table 1, not to get_all_databases 1",
  ],
])("ends with its reason when the other side %s", async (_, answer, text) => {
  const client = new MetastoreClient(answering(answer), "hdp-2:9083");
  await expect(client.databases()).rejects.toThrow(text);
  await expect(client.databases()).rejects.toThrow("was lost");
});
