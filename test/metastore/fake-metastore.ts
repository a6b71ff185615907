/** A metastore in memory, with the calls of the client. What is written is recorded. */
import { partitionName } from "../../metastore/layout";
import type { MetastoreClient, MetastorePartition, MetastoreTable } from "../../metastore/thrift/client";
import { MetastoreRefused } from "../../metastore/thrift/connection";

type Calls = { [K in keyof MetastoreClient]: MetastoreClient[K] };

export class FakeMetastore implements Calls {
  /** "createTable logs.t", "addPartitions logs.t 3", in order. */
  readonly writes: string[] = [];
  /** Asked before each write. @throws to refuse it */
  before: (write: string) => void = () => undefined;
  private readonly made = new Map<
    string,
    Map<string, { table: MetastoreTable; partitions: Map<string, MetastorePartition> }>
  >([["default", new Map()]]);

  private write(what: string): void {
    this.before(what);
    this.writes.push(what);
  }

  private of(database: string, name: string) {
    const found = this.made.get(database)?.get(name);
    if (found === undefined) throw new MetastoreRefused("get_table", "NoSuchObjectException", `${database}.${name}`);
    return found;
  }

  private names({ partitionKeys }: MetastoreTable): string[] {
    return partitionKeys.map(({ name }) => name);
  }

  /** As the client does it: for `as unknown as MetastoreClient`. */
  get client(): MetastoreClient {
    return this as unknown as MetastoreClient;
  }

  async databases() {
    return [...this.made.keys()];
  }

  async createDatabase(name: string) {
    if (this.made.has(name)) return;
    this.write(`createDatabase ${name}`);
    this.made.set(name, new Map());
  }

  async tables(database: string) {
    return [...(this.made.get(database)?.values() ?? [])].map(({ table }) => table);
  }

  async table(database: string, name: string) {
    return this.made.get(database)?.get(name)?.table;
  }

  async createTable(table: MetastoreTable) {
    this.write(`createTable ${table.database}.${table.name}`);
    this.made.get(table.database)!.set(table.name, { table, partitions: new Map() });
  }

  async alterTable(table: MetastoreTable, cascade: boolean) {
    this.write(`alterTable ${table.database}.${table.name}${cascade ? " cascade" : ""}`);
    const found = this.of(table.database, table.name);
    found.table = table;
    if (cascade)
      for (const [name, partition] of found.partitions)
        found.partitions.set(name, {
          ...partition,
          storage: { ...partition.storage, columns: table.storage.columns },
        });
  }

  async dropTable(database: string, name: string) {
    this.write(`dropTable ${database}.${name}`);
    this.made.get(database)!.delete(name);
  }

  async partitionNames(database: string, name: string) {
    return [...this.of(database, name).partitions.keys()];
  }

  async partitions(database: string, name: string, names: readonly string[]) {
    const { partitions } = this.of(database, name);
    return names.flatMap((each) => partitions.get(each) ?? []);
  }

  async addPartitions(database: string, name: string, added: readonly MetastorePartition[]) {
    this.write(`addPartitions ${database}.${name} ${added.length}`);
    const { table, partitions } = this.of(database, name);
    for (const partition of added) {
      const its = partitionName(this.names(table), partition.values);
      if (!partitions.has(its)) partitions.set(its, partition);
    }
  }

  async alterPartitions(database: string, name: string, altered: readonly MetastorePartition[]) {
    this.write(`alterPartitions ${database}.${name} ${altered.length}`);
    const { table, partitions } = this.of(database, name);
    for (const partition of altered) partitions.set(partitionName(this.names(table), partition.values), partition);
  }

  async dropPartitions(database: string, name: string, names: readonly string[]) {
    this.write(`dropPartitions ${database}.${name} ${names.length}`);
    for (const each of names) this.of(database, name).partitions.delete(each);
  }

  close() {
    // There is no connection.
  }
}
