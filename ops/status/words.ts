/** What several parts of the status say alike. */
import { HookError } from "../../hooks/errors";
import type { Part } from "./types";

/** An error's first line: what is wrong, without what to do. */
export const firstLine = (error: Error): string => error.message.split("\n")[0] ?? "";

/** 336776 -> "336,776" */
export const number = (value: number): string => value.toLocaleString("en-US");

/** "1 table", "2 tables" */
export const count = (value: number, what: string): string => `${number(value)} ${what}${value === 1 ? "" : "s"}`;

/** A host that could not be asked, with the error's own next step where it has one. */
export const notAsked = (name: string, error: Error, again: string): Part => ({
  name,
  state: "unknown",
  found: firstLine(error),
  try: (error instanceof HookError ? error.next : undefined) ?? `see that ${name} runs, then: ${again}`,
});
