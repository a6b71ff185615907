/** The gate of the batch jobs, a file on Airflow's host: read by the scheduler, written by `aws2ncp jobs`, delivered by nobody. */
import { quoted, type Ran } from "../../hooks/ssh/command";
import { HostSilent, lastLine } from "./health";

/** Where roles/airflow reads it (aws2ncp_batch/gate.py). */
export const GATE_FILE = "/etc/airflow/gate.json";

/** As gate.py has it. */
export interface Gate {
  readonly open: boolean;
  readonly because: string;
  /** From when on the logs are the DAGs' to register, "2026-11-24T16:00:00Z": runs since that hour are made up. */
  readonly since?: string;
}

type Run = (command: string) => Promise<Ran>;

/** Anybody may read it, and a missing one is no failure. */
export const READ_GATE = `test ! -e ${GATE_FILE} || cat ${GATE_FILE}`;

/**
 * The gate as the scheduler takes it: whatever can't be read is closed.
 * @returns undefined where there is no file @throws HostSilent
 */
export async function readGate(run: Run): Promise<Gate | undefined> {
  const ran = await run(READ_GATE);
  if (ran.code !== 0) throw new HostSilent(`${GATE_FILE} can't be read: ${lastLine(ran)}`);
  return ran.stdout.trim() === "" ? undefined : gateOf(ran.stdout);
}

function gateOf(text: string): Gate {
  try {
    const { open, because, since } = JSON.parse(text) as Readonly<Record<string, unknown>>;
    if (typeof open !== "boolean") return { open: false, because: "the file does not say whether it is open" };
    return {
      open,
      because: typeof because === "string" ? because : "",
      ...(typeof since === "string" ? { since } : {}),
    };
  } catch {
    return { open: false, because: "the file is no JSON" };
  }
}

/**
 * Puts it there whole: the text comes with the command, so that a cut connection leaves the old one, and is on the disk before it
 * takes its place.
 */
export const writeGateCommand = (gate: Gate): string =>
  `sudo sh -c ${quoted(
    'set -eu; umask 022; printf "%s\\n" "$2" >"$1.new"; sync "$1.new"; mv -f "$1.new" "$1"; sync "${1%/*}"',
  )} gate ${GATE_FILE} ${quoted(JSON.stringify(gate))}`;

/** @throws HostSilent */
export async function writeGate(run: Run, gate: Gate): Promise<void> {
  const ran = await run(writeGateCommand(gate));
  if (ran.code !== 0) throw new HostSilent(`${GATE_FILE} can't be written: ${lastLine(ran)}`);
}

/** Airflow's own command, by its path: sudo on RedHat does not look there. */
export const READ_DAGS = "sudo /usr/local/bin/airflow dags reserialize";

/** Has Airflow read its DAGs by the gate as it stands. It does so itself within a minute: what keeps it from doing so now is no failure. */
export async function readDags(run: Run): Promise<void> {
  await run(READ_DAGS);
}
