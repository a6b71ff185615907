/** This machine's clock, against those of the endpoints that check its signatures and against the plan's time server. */
import { addressOf, endpointsOf, head, reasonOf, type Endpoint, type HttpsAnswer } from "../endpoints";
import { askTime, type ClockRange } from "../sntp";
import type { Check, DoctorContext, Said } from "../types";

/** Milliseconds. The platform's API refuses requests that are 5 minutes off (api.ncloud-docs.com), AWS those 15 minutes off. */
export const CLOCK = { warnMs: 2_000, errorMs: 300_000 } as const;

const SET = "have this machine's clock set from the network: timedatectl set-ntp true";

/** By how much this machine's clock may be ahead. The header counts whole seconds, and the answer took time to come. */
export function rangeFromDate({
  date,
  asked,
  answered,
}: Required<Pick<HttpsAnswer, "date" | "asked" | "answered">>): ClockRange {
  return { least: asked - (date + 1000), most: answered - date };
}

/** The least that is certain: 0 where the clocks may agree. */
export const certain = ({ least, most }: ClockRange): number => (least > 0 ? least : most < 0 ? most : 0);

function duration(ms: number): string {
  const seconds = Math.abs(ms) / 1000;
  return seconds < 120 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
}

export function judged(place: string, range: ClockRange): Said {
  const off = certain(range);
  const found = `this machine's clock is at least ${duration(off)} ${off > 0 ? "ahead" : "behind"}`;
  if (Math.abs(off) > CLOCK.errorMs)
    return {
      severity: "error",
      place,
      found,
      meaning: "signatures with that time are refused",
      allowed: "less than 5 min",
      try: SET,
    };
  if (Math.abs(off) > CLOCK.warnMs) return { severity: "warning", place, found, allowed: "less than 2 s", try: SET };
  return { severity: "ok", place, found: "the clocks agree" };
}

async function byHttps(endpoint: Endpoint, { env, signal }: DoctorContext): Promise<Said> {
  const place = `${endpoint.place} (${endpoint.host})`;
  try {
    // A wrong clock makes good certificates look bad, so the time is taken from whoever answers.
    const { date, ...answer } = await head(endpoint, { env, signal, trust: "anyone" });
    if (date === undefined) return { severity: "unknown", place, found: "it does not tell its time" };
    return judged(place, rangeFromDate({ date, ...answer }));
  } catch (error) {
    signal.throwIfAborted();
    return { severity: "unknown", place, found: `not compared: ${reasonOf(error)}` };
  }
}

const ANSWER_MS = 5_000;

async function byTimeServer(host: string, { env, signal }: DoctorContext): Promise<Said> {
  const place = `network.time_servers.0 (${host})`;
  try {
    const address = await addressOf(host, env);
    return judged(place, await askTime(address, AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)])));
  } catch (error) {
    signal.throwIfAborted();
    return {
      severity: "unknown",
      place,
      found: `not compared: ${reasonOf(error)}`,
      meaning: "it may answer inside the platform's network only, where proxy-1 asks it",
    };
  }
}

export const clock: Check = {
  name: "clock",
  about: "this machine's clock agrees within 2 s with the endpoints' and the first time server's; 5 min are an error",
  needs: [],
  run: (context) => {
    const { plan, env } = context;
    const [server] = plan.network.timeServers;
    return Promise.all([
      ...endpointsOf(plan, env).map((endpoint) => byHttps(endpoint, context)),
      ...(server === undefined ? [] : [byTimeServer(server, context)]),
    ]);
  },
};
