/** Files whose lines are statements (squid, sshd, sudoers, nftables): without comments, and with white space made one. */

const HASH = /^\s*#/;

/** Statements in their order. */
export function readLines(text: string, comment: RegExp = HASH): string[] {
  return text
    .replaceAll(/\\\n/g, " ")
    .split("\n")
    .filter((line) => !comment.test(line))
    .map((line) => line.trim().replaceAll(/\s+/g, " "))
    .filter((line) => line !== "");
}
