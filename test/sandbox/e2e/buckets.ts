/** Objects that tests put into the two object storages, and take away again. */
import { DeleteObjectsCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { listObjects, s3Client, type Which } from "../../../sandbox/object-storage";

export async function put(which: Which, bucket: string, objects: ReadonlyMap<string, Buffer | string>): Promise<void> {
  const client = s3Client(which);
  for (const [Key, Body] of objects) await client.send(new PutObjectCommand({ Bucket: bucket, Key, Body }));
  client.destroy();
}

export async function remove(which: Which, bucket: string, keys: readonly string[]): Promise<void> {
  const client = s3Client(which);
  for (let first = 0; first < keys.length; first += 500) {
    const Objects = keys.slice(first, first + 500).map((Key) => ({ Key }));
    await client.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects } }));
  }
  client.destroy();
}

/** Keys under a prefix, without it, in their order. */
export async function keysUnder(which: Which, bucket: string, prefix: string): Promise<string[]> {
  return (await listObjects(which, bucket, prefix)).map(({ key }) => key.slice(prefix.length));
}

export async function removeAll(which: Which, bucket: string, prefix: string): Promise<void> {
  await remove(
    which,
    bucket,
    (await keysUnder(which, bucket, prefix)).map((key) => prefix + key),
  );
}
