/**
 * Hive 3.1 on a Java newer than 8. Its plans are written by Kryo, which looks into ArrayList.subList's own fields, and two of those
 * have other names since Java 9.
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../run";

const CLASS = "org/apache/hadoop/hive/ql/exec/SerializationUtilities$ArrayListSubListSerializer.class";
const FIELDS: readonly (readonly [string, string])[] = [
  ["parentOffset", "offset"],
  ["parent", "root"],
];

/** A name in a class file: a tag, the length in two bytes, the text. */
const constant = (text: string): Buffer => Buffer.concat([Buffer.from([1, 0, text.length]), Buffer.from(text)]);

/** The class with other names for the fields. @throws if it is not the class that is known */
export function renamed(bytes: Buffer): Buffer {
  return FIELDS.reduce((file, [from, to]) => {
    const at = file.indexOf(constant(from));
    if (at === -1 || file.indexOf(constant(from), at + 1) !== -1)
      throw new Error(`${CLASS} does not name the field ${from} once: it is of another version of Hive than 3.1.3`);
    return Buffer.concat([file.subarray(0, at), constant(to), file.subarray(at + constant(from).length)]);
  }, bytes);
}

/** Puts the class into a folder that stands before hive-exec on class paths. */
export async function patchHive(jar: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await run("python3", [
    "-c",
    "import sys, zipfile; zipfile.ZipFile(sys.argv[1]).extract(sys.argv[2], sys.argv[3])",
    ...[jar, CLASS, folder],
  ]);
  const file = join(folder, CLASS);
  await writeFile(file, renamed(await readFile(file)));
}
