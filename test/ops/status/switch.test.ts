import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { GATE_FILE, READ_DAGS, readGate, READ_GATE, writeGate, writeGateCommand } from "../../../ops/status/gate";
import { statusOf } from "../../../ops/status/steps";
import { turnOff, turnOn, type Switched } from "../../../ops/status/switch";
import type { Plan } from "../../../pipeline/plan-types";
import { wholePlan } from "../../fixtures/plan";
import { scratch, withPrograms } from "../programs";
import { good, NOW, World } from "./world";

const quiet = { begin: () => undefined, end: () => undefined };
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
let whole: Plan;
let world: World;

beforeAll(() => (whole = wholePlan()));
beforeEach(() => (world = new World(whole)));

const on = (): Promise<Switched> => turnOn(world.context, (context, before) => statusOf(context, quiet, before));
const gate = (): Record<string, unknown> => JSON.parse(world.gate!) as Record<string, unknown>;

describe("jobs on", () => {
  it("opens the gate, and has the logs' runs begin with the rebuild", async () => {
    world.gate = undefined;
    const switched = await on();
    expect(switched).toEqual({
      open: true,
      because: expect.stringMatching(/^turned on \S+Z, every step before was done \(aws2ncp jobs, .+ on .+\)$/),
      since: "2026-11-24T10:00:00Z",
      changed: true,
    });
    expect(gate()).toEqual({ open: true, because: switched.because, since: switched.since });
  });

  it("has Airflow read its DAGs by the new gate, and is on all the same where it can't", async () => {
    for (const unread of [false, true]) {
      Object.assign(world, { gate: undefined, dagsUnread: unread });
      expect(await on()).toMatchObject({ open: true, changed: true });
      expect(gate()).toMatchObject({ open: true });
      expect(world.asked.at(-1)).toBe(`airflow-1: ${READ_DAGS}`);
    }
  });

  it("takes the present where no table is a log's", async () => {
    world = new World({ ...whole, tables: whole.tables.filter(({ layout }) => layout === "hive") });
    world.gate = undefined;
    const before = Date.now();
    const { since } = await on();
    expect(since).toMatch(INSTANT);
    expect(Date.parse(since!)).toBeGreaterThanOrEqual(Math.floor(before / 1000) * 1000);
  });

  it("changes nothing the second time", async () => {
    const text = world.gate;
    expect(await on()).toEqual({ open: true, because: "of this test", since: NOW, changed: false });
    expect(world.gate).toBe(text);
  });

  it("is refused with what blocks while a step before is not done, and leaves the gate as it is", async () => {
    world.healths[2] = good("hive", { lastGood: null });
    world.gate = undefined;
    const refused = await on();
    expect(refused).toMatchObject({ open: false, because: "never turned on", changed: false });
    expect(refused.blocked?.next).toEqual({
      step: "sync",
      try: "ssh deploy@sync-1 sudo -u aws2ncp aws2ncp-sync hive",
    });
    expect(refused.blocked?.steps.map(({ name }) => name)).not.toContain("jobs");
    expect(world.gate).toBeUndefined();
  });

  it("says that they stay on when a step before has drifted since", async () => {
    world.rebuiltBut("company.planes", { verdict: "drifted" });
    expect(await on()).toMatchObject({ open: true, since: NOW, changed: false, blocked: { done: false } });
  });

  it("is refused where nobody can look at the scheduler's host, and says why it can't write", async () => {
    world.unreachable("airflow-1");
    await expect(on()).rejects.toThrow(/^airflow-1 \(10\.20\.1\.6:22\): ssh did not answer/);
    world.healths[2] = good("hive", { lastGood: null });
    expect(await on()).toMatchObject({ open: false, because: "nobody could look", changed: false });
  });
});

describe("jobs off", () => {
  it("closes the gate whatever else is the matter", async () => {
    world.healths[2] = good("hive", { state: "failed" });
    world.unreachable("sync-1");
    const switched = await turnOff(world.context);
    expect(switched).toEqual({
      open: false,
      because: expect.stringMatching(/^turned off \S+Z \(aws2ncp jobs, .+ on .+\)$/),
      changed: true,
    });
    expect(gate()).toEqual({ open: false, because: switched.because });
  });

  it("changes nothing the second time, nor where they were never on", async () => {
    world.gate = `{"open": false, "because": "of a test"}`;
    expect(await turnOff(world.context)).toEqual({ open: false, because: "of a test", changed: false });
    world.gate = undefined;
    expect(await turnOff(world.context)).toEqual({ open: false, because: "never turned on", changed: false });
    expect(world.gate).toBeUndefined();
  });

  it("writes over a gate that can't be read", async () => {
    const asked: string[] = [];
    const run = async (_: string, command: string) => {
      asked.push(command);
      return command === READ_GATE ? { code: 1, stdout: "", stderr: "cat: bad" } : { code: 0, stdout: "", stderr: "" };
    };
    expect(await turnOff({ plan: whole, run })).toMatchObject({ open: false, changed: true });
    expect(asked.slice(1)).toEqual([expect.stringMatching(/^sudo sh -c .*"open":false/), READ_DAGS]);
  });

  it("says why it can't", async () => {
    world.answers["airflow-1"] = () => ({ code: 1, stdout: "", stderr: "mv: Read-only file system\n" });
    await expect(turnOff(world.context)).rejects.toThrow(`${GATE_FILE} can't be written: mv: Read-only file system`);
    world.unreachable("airflow-1");
    await expect(turnOff(world.context)).rejects.toThrow("ssh did not answer");
  });
});

describe("the gate's file, by a real shell", () => {
  const folder = (): string => {
    const made = join(scratch(), "airflow");
    mkdirSync(made);
    return made;
  };

  /** As on the host, but for sudo, and with the file elsewhere. */
  const inShell = (at: string) => async (command: string) => {
    const env = withPrograms({ sudo: 'exec "$@"' }, ["/usr/bin", "/bin"]);
    const { status, stdout, stderr } = spawnSync("/bin/sh", ["-c", command.replaceAll("/etc/airflow", at)], {
      env,
      encoding: "utf8",
    });
    return { code: status ?? undefined, stdout, stderr };
  };
  const WILD = { open: true, because: `it's "$HOME" \`id\` \\n %s`, since: NOW };

  it("is written whole, to be read by all, and read back as it was", async () => {
    const at = folder();
    const run = inShell(at);
    expect(await readGate(run)).toBeUndefined();
    await writeGate(run, WILD);
    expect(readdirSync(at)).toEqual(["gate.json"]);
    expect(statSync(join(at, "gate.json")).mode & 0o777).toBe(0o644);
    expect(await readGate(run)).toEqual(WILD);
    await writeGate(run, { open: false, because: "off" });
    expect(await readGate(run)).toEqual({ open: false, because: "off" });
  });

  it("is the scheduler's own: gate.py reads what was written", async () => {
    const at = folder();
    await writeGate(inShell(at), WILD);
    const config = join(__dirname, "../../../ansible-templates/roles/airflow/files/config");
    const program = "import sys; from aws2ncp_batch import gate; print(list(gate.read(sys.argv[1])))";
    const read = execFileSync("python3", ["-B", "-c", program, join(at, "gate.json")], {
      env: { ...process.env, PYTHONPATH: config },
      encoding: "utf8",
    });
    expect(read).toBe(`[True, 'it\\'s "$HOME" \`id\` \\\\n %s', '${NOW}']\n`);
  });

  it("stays as it was when the new one can't be written", async () => {
    const at = folder();
    writeFileSync(join(at, "gate.json"), `{"open": true}`);
    mkdirSync(join(at, "gate.json.new"));
    await expect(writeGate(inShell(at), { open: false, because: "x" })).rejects.toThrow("can't be written");
    expect(readFileSync(join(at, "gate.json"), "utf8")).toBe(`{"open": true}`);
  });

  it("goes over the connection in one piece: a cut one leaves no half of it", () => {
    expect(writeGateCommand(WILD).split("\n")).toHaveLength(1);
  });
});
