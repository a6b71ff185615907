/** What several parts of the status say alike. */

/** An error's first line: what is wrong, without what to do. */
export const firstLine = (error: Error): string => error.message.split("\n")[0] ?? "";

/** 336776 -> "336,776" */
export const number = (value: number): string => value.toLocaleString("en-US");

/** "1 table", "2 tables" */
export const count = (value: number, what: string): string => `${number(value)} ${what}${value === 1 ? "" : "s"}`;
