/**
 * What goes over the network between hosts is listened to while personal data moves: none of it is there to read. A request in
 * clear, made at the same time, is heard each time: the listener hears.
 */
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { hostExec } from "../../../sandbox/hosts";
import { projectRoot } from "../../../sandbox/paths";
import { ask } from "../../../sandbox/rehearsal/ask";
import { hdfs } from "./hdfs";
import { hostNamed, rehearsedPlan, until } from "./support";

jest.setTimeout(300_000);

const plan = rehearsedPlan();
const listener = readFileSync(join(projectRoot(), "test", "sandbox", "e2e", "wire", "listen.py"), "utf8");
const addressOf = (host: string): string => hostNamed(plan, host).address;

interface Heard {
  readonly packets: number;
  readonly dropped: number;
  readonly found: readonly string[];
}

/** Listens on a host for a text while something is done there. */
async function listening(host: string, text: string, act: () => Promise<unknown>): Promise<Heard> {
  const [out, stop] = ["/run/e2e-wire.out", "/run/e2e-wire.stop"];
  await hostExec(host, ["rm", "-f", out, stop]);
  const program = ["sh", "-c", `exec python3 -c "$0" "$@" > ${out}`, listener, "eth0", text, stop];
  const ended = hostExec(host, program);
  try {
    await until("the listener", 20, async () => {
      const { stdout } = await hostExec(host, ["cat", out], { allowFail: true });
      return stdout.startsWith("listens") ? true : undefined;
    });
    await act();
  } finally {
    await hostExec(host, ["touch", stop]);
    await ended;
  }
  const { stdout } = await hostExec(host, ["cat", out]);
  await hostExec(host, ["rm", out, stop]);
  return JSON.parse(stdout.split("\n")[1] as string) as Heard;
}

const packagePort = `${addressOf(plan.proxy.active)}:${plan.proxy.portB}`;

/** Says a text in clear from a host, at the port for packages. */
const sayInClear = (host: string, text: string) =>
  hostExec(host, ["curl", "-s", "--noproxy", "*", "-o", "/dev/null", `http://${packagePort}/${text}`]);

/** A person's name that is nowhere else. */
const canary = (): string => `person-${randomBytes(9).toString("hex")}`;

/** The request in clear and the answer to it, which quotes it; nothing else. */
function onlyInClear(host: string, { found }: Heard): void {
  const conversations = found.map((flow) =>
    flow.split(" > ").map((end) => (end === packagePort ? end : end.split(":")[0])),
  );
  const asked = [addressOf(host), packagePort];
  expect(conversations).toContainEqual(asked);
  expect(conversations.filter((ends) => ![asked.join(), [...asked].reverse().join()].includes(ends.join()))).toEqual(
    [],
  );
}

it("HDFS: a file's blocks, on their way to three DataNodes and back, can't be read", async () => {
  const name = canary();
  const content = Buffer.from(`${name}\n`.repeat(80_000));
  const file = "/user/batch/e2e-wire";
  const heard = await listening("hdp-3", name, async () => {
    await hdfs("hdp-3", ["-put", "-f", "-", file], content);
    await hostExec("hdp-1", ["bash", "-c", `runuser -u batch -- hdfs dfs -cat ${file} | tail -n 1`]);
    await sayInClear("hdp-3", name);
  });
  await hdfs("hdp-3", ["-rm", "-skipTrash", file]);
  onlyInClear("hdp-3", heard);
  expect(heard.dropped).toBe(0);
  // Two replicas left the host, each of the whole content.
  expect(heard.packets).toBeGreaterThan((2 * content.length) / 65_536);
});

it("Presto: neither a question nor its rows can be read, between coordinator and worker nor from Object Storage", async () => {
  const name = canary();
  const heard = await listening("presto-1", name, async () => {
    const sql = `SELECT carrier || '${name}', count(*) FROM company.flights GROUP BY 1 ORDER BY 1 LIMIT 1`;
    const [answer] = await ask(plan, [{ engine: "presto", sql, expected: [] }], () => undefined);
    expect(answer?.got).toEqual([[expect.stringContaining(name), expect.any(Number)]]);
    await sayInClear("presto-1", name);
  });
  onlyInClear("presto-1", heard);
  expect(heard.dropped).toBe(0);
});
