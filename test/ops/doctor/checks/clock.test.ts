import { createSocket, type Socket } from "node:dgram";
import { clock, judged, rangeFromDate } from "../../../../ops/doctor/checks/clock";
import { askTime, rangeOf } from "../../../../ops/doctor/sntp";
import { ntpReply } from "../../../../sandbox/network/ntp";
import { examplePlan } from "../../../fixtures/plan";
import { saidBy } from "../context";
import { authority } from "../issue";
import { https } from "../servers";

const NOON = Date.parse("2026-01-02T12:00:00Z");
const MINUTE = 60_000;

describe("what is certain about two clocks", () => {
  it.each([
    ["agrees where the header's second holds", { date: NOON, asked: NOON + 900, answered: NOON + 950 }, 0],
    ["agrees where the answer took long", { date: NOON, asked: NOON - 30_000, answered: NOON + 2_000 }, 0],
    [
      "is ahead by what neither the second nor the way explains",
      { date: NOON, asked: NOON + 4_000, answered: NOON + 4_100 },
      3_000,
    ],
    ["is behind by what the way does not explain", { date: NOON, asked: NOON - 9_000, answered: NOON - 8_000 }, -8_000],
  ])("%s", (_, times, off) => {
    const { least, most } = rangeFromDate(times);
    expect(least > 0 ? least : most < 0 ? most : 0).toBe(off);
  });

  const at = (ms: number): string => {
    const { severity, found } = judged("there", { least: ms, most: ms });
    return `${severity}: ${found}`;
  };
  it.each([
    [2_000, "ok: the clocks agree"],
    [2_001, "warning: this machine's clock is at least 2 s ahead"],
    [-90_000, "warning: this machine's clock is at least 90 s behind"],
    [5 * MINUTE, "warning: this machine's clock is at least 5 min ahead"],
    [5 * MINUTE + 1, "error: this machine's clock is at least 5 min ahead"],
    [-180 * MINUTE, "error: this machine's clock is at least 180 min behind"],
  ])("%d ms is %s", (ms, said) => expect(at(ms)).toBe(said));
});

describe("the endpoints' clocks", () => {
  const ca = authority("nobody's CA");
  // Names that no rehearsal has: nothing but the loopback is asked.
  const example = examplePlan();
  const plan = {
    ...example,
    source: { ...example.source, host: "s3.nowhere.test" },
    network: { ...example.network, timeServers: ["time.nowhere.test"] },
  };

  const askedAt = async (date: string | undefined) => {
    const port = await https(ca, date === undefined ? {} : { date });
    const env = { AWS2NCP_SANDBOX: "/nowhere", NCLOUD_API_GW: `https://127.0.0.1:${port}` };
    return (await saidBy(clock, { plan, env }))[0];
  };
  const PLACE = "NCLOUD_API_GW (127.0.0.1)";

  it("a right one agrees, although its certificate is trusted by nobody", async () => {
    expect(await askedAt(new Date().toUTCString())).toEqual({
      severity: "ok",
      place: PLACE,
      found: "the clocks agree",
    });
  });

  it("one an hour ahead means that signatures are refused", async () => {
    expect(await askedAt(new Date(Date.now() + 60.5 * MINUTE).toUTCString())).toEqual({
      severity: "error",
      place: PLACE,
      found: "this machine's clock is at least 60 min behind",
      meaning: "signatures with that time are refused",
      allowed: "less than 5 min",
      try: "have this machine's clock set from the network: timedatectl set-ntp true",
    });
  });

  it("one that tells no time is unknown, and so are those that nobody answers for", async () => {
    expect(await askedAt(undefined)).toEqual({ severity: "unknown", place: PLACE, found: "it does not tell its time" });
    expect(await saidBy(clock, { plan })).toEqual([
      {
        severity: "unknown",
        place: "source.host (s3.nowhere.test)",
        found: "not compared: its name is not known to this machine's resolver",
      },
      {
        severity: "unknown",
        place: "network.time_servers.0 (time.nowhere.test)",
        found: "not compared: its name is not known to this machine's resolver",
        meaning: "it may answer inside the platform's network only, where proxy-1 asks it",
      },
    ]);
  });
});

describe("a time server", () => {
  let server: Socket;
  afterEach(() => server.close());

  async function serving(answer: (request: Buffer) => Buffer | undefined): Promise<number> {
    server = createSocket("udp4");
    server.on("message", (request, from) => {
      const reply = answer(request);
      if (reply !== undefined) server.send(reply, from.port, from.address);
    });
    await new Promise<void>((done) => server.bind(0, "127.0.0.1", done));
    return server.address().port;
  }

  it("is asked as the sandbox's own understands it", async () => {
    const port = await serving((request) => ntpReply(request, Date.now() - 10 * MINUTE));
    const { least, most } = await askTime("127.0.0.1", new AbortController().signal, port);
    expect(least).toBeLessThanOrEqual(10 * MINUTE);
    expect(most).toBeGreaterThanOrEqual(10 * MINUTE - 1);
    expect(judged("there", { least, most })).toMatchObject({ severity: "error" });
  });

  it("one that answers nonsense, or not at all, is no clock", async () => {
    const port = await serving(() => Buffer.alloc(48));
    await expect(askTime("127.0.0.1", new AbortController().signal, port)).rejects.toThrow(
      "its answer is none to a client",
    );
    server.close();
    const silent = await serving(() => undefined);
    const end = new AbortController();
    const asked = askTime("127.0.0.1", end.signal, silent);
    end.abort();
    await expect(asked).rejects.toThrow("no answer");
  });

  it("one that is itself unsynchronized (stratum 0) is not believed", async () => {
    server = createSocket("udp4");
    const question = Buffer.alloc(48);
    question[0] = 0x23;
    const reply = ntpReply(question, NOON) as Buffer;
    expect(rangeOf(reply, NOON, NOON)).toEqual({ least: 0, most: 0 });
    reply[1] = 0;
    expect(rangeOf(reply, NOON, NOON)).toBeUndefined();
  });
});
