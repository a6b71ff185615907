import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { holderOf, takeLock, type LockHolder } from "../../hooks/lock";
import { identityOf } from "../../hooks/processes";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "aws2ncp-lock-"));
  file = join(folder, "locks", "transfer.json");
});
afterEach(() => rmSync(folder, { recursive: true }));

const held = (over: Partial<LockHolder>): void => {
  const holder: LockHolder = {
    ...identityOf(process.pid),
    machine: hostname(),
    user: "ops",
    since: "2026-01-02T03:04:05.000Z",
    doing: "deliver transfer",
    ...over,
  };
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(holder));
};

/** Larger than any process id of Linux. */
const NOBODY = 4_999_999;

it("names this process while it is held, and is gone afterwards", () => {
  const lock = takeLock(file, "deliver transfer");
  expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({
    pid: process.pid,
    machine: hostname(),
    doing: "deliver transfer",
  });
  lock.release();
  expect(readdirSync(join(folder, "locks"))).toEqual([]);
});

it("refuses a second holder, with who, since when, and the next step", () => {
  held({});
  expect(() => takeLock(file, "deliver transfer")).toThrow(
    new Error(`deliver transfer: another process is at work on this stack
  holder: pid ${process.pid} of ops on ${hostname()}, since 2026-01-02T03:04:05.000Z, deliver transfer
  lock: ${file}
  try: wait until it has ended (ps -p ${process.pid}), then run again`),
  );
});

it("refuses a holder on another machine, dead or not: it can't be known", () => {
  held({ pid: NOBODY, machine: "runner-7" });
  expect(() => takeLock(file, "deliver transfer")).toThrow(
    "try: wait until it has ended, then run again; if it died on runner-7, remove the lock file",
  );
});

it("takes over the lock of a dead process", () => {
  held({ pid: NOBODY });
  const lock = takeLock(file, "deliver transfer");
  expect(lock.takenFrom).toMatchObject({ pid: NOBODY, user: "ops" });
  expect(readdirSync(join(folder, "locks"))).toEqual(["transfer.json"]);
  lock.release();
  expect(readdirSync(join(folder, "locks"))).toEqual([]);
});

it("takes over the lock of a dead process whose number is used again", () => {
  held({ start: "1" });
  expect(takeLock(file, "deliver transfer").takenFrom?.start).toBe("1");
});

it("lets one of several take over, and forgets a takeover that was killed", () => {
  held({ pid: NOBODY });
  const mark = `${file}.takeover`;
  writeFileSync(mark, readFileSync(file));
  expect(() => takeLock(file, "deliver transfer")).toThrow("another process is at work on this stack");
  utimesSync(mark, new Date(0), new Date(0));
  expect(takeLock(file, "deliver transfer").takenFrom?.pid).toBe(NOBODY);
});

it("releases no lock that another took meanwhile", () => {
  const lock = takeLock(file, "deliver transfer");
  held({ user: "other" });
  lock.release();
  expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({ user: "other" });
});

it("says who holds it, without taking it: nobody where the holder is dead", () => {
  expect(holderOf(file)).toBeUndefined();
  held({});
  expect(holderOf(file)).toMatchObject({ pid: process.pid, doing: "deliver transfer" });
  held({ pid: NOBODY, machine: "runner-7" });
  expect(holderOf(file)).toMatchObject({ machine: "runner-7" });
  held({ pid: NOBODY });
  expect(holderOf(file)).toBeUndefined();
  writeFileSync(file, "{");
  expect(holderOf(file)).toBeUndefined();
});
