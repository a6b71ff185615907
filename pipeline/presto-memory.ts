/**
 * What Presto may take of a server's memory, by the server's spec. The table is the one in docs/query.md; every number of the
 * rendered files follows from it.
 */
import { serverSizeOf } from "./hadoop/sizing";

export interface PrestoMemory {
  /** Memory of the server from which the row holds, in MB. */
  readonly fromMb: number;
  /** The JVM's heap. The rest is the JVM's own, the system's and its cache's. In MB, as are the next three. */
  readonly heapMb: number;
  /** What one query may hold on one worker for its own data: joins, aggregations, sorts. */
  readonly queryMb: number;
  /** The same with the engine's buffers. */
  readonly queryTotalMb: number;
  /** What no query is given, for what Presto does not count. With `queryTotalMb` at most the heap, or Presto won't start. */
  readonly headroomMb: number;
  /** Queries that run at one time; others wait. */
  readonly queries: number;
}

/** Smallest first. */
export const PRESTO_MEMORY: readonly PrestoMemory[] = [
  { fromMb: 4_096, heapMb: 2_048, queryMb: 512, queryTotalMb: 768, headroomMb: 512, queries: 4 },
  { fromMb: 8_192, heapMb: 5_120, queryMb: 1_536, queryTotalMb: 2_048, headroomMb: 1_280, queries: 8 },
  { fromMb: 16_384, heapMb: 11_264, queryMb: 4_096, queryTotalMb: 5_120, headroomMb: 2_816, queries: 12 },
  { fromMb: 32_768, heapMb: 24_576, queryMb: 9_216, queryTotalMb: 11_264, headroomMb: 6_144, queries: 20 },
  { fromMb: 65_536, heapMb: 51_200, queryMb: 20_480, queryTotalMb: 24_576, headroomMb: 12_800, queries: 32 },
  { fromMb: 131_072, heapMb: 106_496, queryMb: 40_960, queryTotalMb: 51_200, headroomMb: 26_624, queries: 48 },
];

/** The row for a spec code such as "s2-g3"; undefined if that says no memory, or less than the smallest row's. */
export function prestoMemoryOf(spec: string): PrestoMemory | undefined {
  const memoryMb = serverSizeOf(spec)?.memoryMb ?? 0;
  return PRESTO_MEMORY.filter(({ fromMb }) => memoryMb >= fromMb).at(-1);
}
