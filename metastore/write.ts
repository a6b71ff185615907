/** Brings the metastore to what is wanted of one table. Each step is done once however often it is begun. */
import { comparePartitions, compareTable, type PartitionChanges, type TableChange } from "./compare";
import type { MetastoreClient, MetastorePartition } from "./thrift/client";
import { partitionOf, type Wanted } from "./wanted";

/** Partitions of one call. 1,000 take the metastore 3 s; more make a killed call lose more. */
export const PARTITIONS_AT_ONCE = 1_000;

export interface Changes {
  /** Whether the table's database is new, too. */
  readonly newDatabase: boolean;
  readonly table: TableChange;
  readonly partitions: PartitionChanges;
}

export interface WriteOptions {
  readonly removeVanished: boolean;
  /** Told what is going on: "2,000 of 20,000 partitions added". */
  readonly note: (text: string) => void;
  /** Asked before each call. @throws to stop */
  readonly check: () => void;
}

const NO_PARTITIONS: PartitionChanges = { add: [], alter: [], vanished: [], kept: 0 };

/** What there is to change. */
export async function changesOf(metastore: MetastoreClient, wanted: Wanted): Promise<Changes> {
  const { database, name } = wanted.table;
  const known = (await metastore.databases()).includes(database);
  const found = known ? await metastore.table(database, name) : undefined;
  const table = compareTable(wanted, found);
  const changes = { newDatabase: !known, table };
  if (table.kind === "refuse" || wanted.table.partitionKeys.length === 0)
    return { ...changes, partitions: NO_PARTITIONS };
  const has = table.kind === "create" ? [] : await allPartitions(metastore, wanted);
  return { ...changes, partitions: comparePartitions(wanted, has, table.kind === "alter" && table.cascade) };
}

async function allPartitions(metastore: MetastoreClient, { table }: Wanted): Promise<MetastorePartition[]> {
  const names = await metastore.partitionNames(table.database, table.name);
  const found: MetastorePartition[] = [];
  for (const batch of batches(names)) found.push(...(await metastore.partitions(table.database, table.name, batch)));
  return found;
}

/** Makes the changes; what was vanished goes only with `removeVanished`. */
export async function write(
  metastore: MetastoreClient,
  wanted: Wanted,
  { table: change, partitions: { add, alter, vanished } }: Changes,
  o: WriteOptions,
): Promise<void> {
  const { table } = wanted;
  const { database, name } = table;
  o.check();
  if (change.kind === "create") {
    await metastore.createDatabase(database);
    await metastore.createTable(table);
  }
  if (change.kind === "alter") {
    o.note(change.cascade ? "columns change, in every partition, too" : "properties change");
    await metastore.alterTable(change.to, change.cascade);
  }
  const steps = [
    ...batches(add).map((batch) => ({
      size: batch.length,
      run: () =>
        metastore.addPartitions(
          database,
          name,
          batch.map((each) => partitionOf(wanted, each)),
        ),
    })),
    ...batches(alter).map((batch) => ({
      size: batch.length,
      run: () =>
        metastore.alterPartitions(
          database,
          name,
          batch.map(({ wanted: to, found }) => ({ ...found, storage: partitionOf(wanted, to).storage })),
        ),
    })),
    ...batches(o.removeVanished ? vanished : []).map((batch) => ({
      size: batch.length,
      run: () =>
        metastore.dropPartitions(
          database,
          name,
          batch.map((each) => each.name),
        ),
    })),
  ];
  const all = steps.reduce((sum, { size }) => sum + size, 0);
  let done = 0;
  for (const { size, run } of steps) {
    o.check();
    await run();
    o.note(`${(done += size)} of ${all} partitions written`);
  }
}

function batches<T>(items: readonly T[]): (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / PARTITIONS_AT_ONCE) }, (_, at) =>
    items.slice(at * PARTITIONS_AT_ONCE, (at + 1) * PARTITIONS_AT_ONCE),
  );
}
