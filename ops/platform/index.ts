export { queryPlatform, type QueryOptions } from "./query";
export { PlatformError } from "./terraform";
export type { Answer, PlatformPlace, Queries, Query } from "./types";
