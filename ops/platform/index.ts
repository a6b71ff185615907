export type { Answer, PlatformPlace, Queries, Query } from "./types";
