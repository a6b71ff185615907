/**
 * Rows of the source's own files, as another program than the cluster's engines reads them: Parquet by hyparquet, JSON lines by
 * gunzip, both from AWS's side.
 */
import { gunzipSync } from "node:zlib";
import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { DatasetPlan } from "../../pipeline/plan-types";
import { listObjects, s3Client } from "../object-storage";

/** A row by column; partition columns are there too, as the folders name them. */
export type Row = Readonly<Record<string, unknown>>;

export class SourceRows {
  private readonly client: S3Client = s3Client("aws");

  constructor(private readonly datasets: readonly DatasetPlan[]) {}

  close(): void {
    this.client.destroy();
  }

  /** Rows of a table of Hive's, in the files' order. */
  async hive(table: string): Promise<Row[]> {
    const { parquetReadObjects } = await import("hyparquet");
    const rows: Row[] = [];
    for (const { key, body } of await this.objects("tree", `${table}/`)) {
      const partition = Object.fromEntries(
        [...key.matchAll(/([^/]+)=([^/]+)\//g)].map(([, name, value]) => [name, value]),
      );
      const file = new Uint8Array(body).buffer;
      for (const row of await parquetReadObjects({ file })) rows.push({ ...row, ...partition });
    }
    return rows;
  }

  /** Lines of a log's folder: of "2026/11/24/16/" an hour, of "2026/11/24/" a day. */
  async log(layout: "firehose-hourly" | "daily", folder: string): Promise<Row[]> {
    const objects = await this.objects(layout, folder);
    return objects.flatMap(({ body }) =>
      gunzipSync(body)
        .toString()
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line) as Row),
    );
  }

  /** Folders of days of a log that lie wholly in the past, oldest first: "2026/11/24/". */
  async days(layout: "firehose-hourly" | "daily"): Promise<string[]> {
    const { source } = this.dataset(layout);
    const keys = (await listObjects("aws", source.bucket, source.prefix)).map(({ key }) => key);
    const days = new Set(
      keys.map((key) => key.slice(source.prefix.length, source.prefix.length + "2026/11/24/".length)),
    );
    // The last one is still written to.
    return [...days].sort().slice(0, -1);
  }

  private dataset(layout: DatasetPlan["layout"]): DatasetPlan {
    const found = this.datasets.find((dataset) => dataset.layout === layout);
    if (found === undefined) throw new Error(`pipeline.yaml: datasets: none has the layout ${layout}`);
    return found;
  }

  private async objects(layout: DatasetPlan["layout"], below: string): Promise<{ key: string; body: Buffer }[]> {
    const { source } = this.dataset(layout);
    const found = await listObjects("aws", source.bucket, source.prefix + below);
    if (found.length === 0) throw new Error(`${source.bucket}/${source.prefix}${below}: no object at the source`);
    return Promise.all(
      found.map(async ({ key }) => {
        const { Body } = await this.client.send(new GetObjectCommand({ Bucket: source.bucket, Key: key }));
        if (Body === undefined) throw new Error(`${source.bucket}/${key}: no body`);
        return { key, body: Buffer.from(await Body.transformToByteArray()) };
      }),
    );
  }
}
