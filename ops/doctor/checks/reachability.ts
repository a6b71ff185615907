/** What this machine must reach for a deploy, and whether the proxy will let it in. */
import { connect } from "node:net";
import { contains } from "../../../pipeline/cidr";
import type { Plan } from "../../../pipeline/plan-types";
import ipaddr from "ipaddr.js";
import { head, platformApi, reasonOf, sourceEndpoint, stateEndpoint, trustOf, type Endpoint } from "../endpoints";
import type { Check, DoctorContext, Said } from "../types";

interface Reached {
  readonly said: Said;
  readonly localAddress?: string;
}

/** `fails` is what is said when nobody answers, or not as whom they should be. */
async function byTls(
  endpoint: Endpoint,
  context: DoctorContext,
  fails: Pick<Said, "severity" | "meaning">,
): Promise<Reached> {
  const place = `${endpoint.place} (${endpoint.host})`;
  const { env, signal } = context;
  const trust = await trustOf(context);
  try {
    const { localAddress } = await head(endpoint, { env, signal, trust });
    const said: Said = {
      severity: "ok",
      place,
      found: `${endpoint.name} answers by TLS, with a certificate that is trusted`,
    };
    return { said, ...(localAddress === undefined ? {} : { localAddress }) };
  } catch (error) {
    signal.throwIfAborted();
    return {
      said: {
        ...fails,
        place,
        found: `${endpoint.name} can't be reached on port ${endpoint.port}: ${reasonOf(error)}`,
        try: `correct ${endpoint.place}, or let this machine out to it`,
      },
    };
  }
}

const ANSWER_MS = 10_000;

/** The greeting of an ssh server. @throws when there is none in time */
export function sshGreeting(
  host: string,
  signal: AbortSignal,
  port = 22,
): Promise<{ greeting: string; localAddress: string }> {
  const ended = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]);
  return new Promise((done, fail) => {
    const socket = connect({ host, port });
    const stop = (): void => void socket.destroy(new Error("no answer within 10 s"));
    ended.addEventListener("abort", stop, { once: true });
    socket.setEncoding("utf8");
    socket.on("error", fail);
    socket.on("close", () => {
      ended.removeEventListener("abort", stop);
      fail(new Error("it ends the connection"));
    });
    socket.once("data", (text: string) => {
      done({ greeting: text.split("\n")[0]?.trim() ?? "", localAddress: socket.localAddress ?? "" });
      socket.destroy();
    });
  });
}

async function bastion(context: DoctorContext): Promise<Reached | undefined> {
  const place = "proxy-1, port 22";
  const states = await context.states();
  if (!states.known)
    return { said: { severity: "unknown", place, found: `its address is not known here: ${states.why}` } };
  const address = states.outputs.get("transfer.proxy_address");
  if (typeof address !== "string") return undefined; // there is none before the first deploy
  try {
    const { greeting, localAddress } = await sshGreeting(address, context.signal);
    return { said: { severity: "ok", place, found: `${address} answers: ${greeting}` }, localAddress };
  } catch (error) {
    context.signal.throwIfAborted();
    return {
      said: {
        severity: "error",
        place,
        found: `${address} can't be reached: ${reasonOf(error)}`,
        meaning: "the deploy hook logs in there",
        allowed: `connections from network.admin_cidrs: ${context.plan.network.adminCidrs.join(", ")}`,
        try: "deploy from one of them, or add this machine's public address",
      },
    };
  }
}

/** Whether the proxy will admit this machine: known where the address on this side of a connection is a public one. */
export function admitted(plan: Plan, localAddress: string | undefined): Said {
  const place = "network.admin_cidrs";
  const blocks = plan.network.adminCidrs;
  const known = localAddress !== undefined && ipaddr.IPv4.isValid(localAddress);
  if (
    !known ||
    ["private", "loopback", "linkLocal", "carrierGradeNat"].includes(ipaddr.IPv4.parse(localAddress).range())
  )
    return {
      severity: "unknown",
      place,
      found: `this machine's own public address is not known${known ? `: it stands behind another one as ${localAddress}` : ""}`,
      allowed: `one in ${blocks.join(", ")}`,
      try: "compare it with the public address that your network goes out by",
    };
  if (blocks.some((block) => contains(block, localAddress)))
    return { severity: "ok", place, found: `this machine is ${localAddress}, which is in them` };
  return {
    severity: "error",
    place,
    found: `this machine is ${localAddress}, and none of ${blocks.join(", ")} holds it`,
    meaning: "proxy-1 would drop the deploy hook's connection",
    try: `deploy from one of them, or add ${localAddress}/32`,
  };
}

export const reachability: Check = {
  name: "reachability",
  about:
    "the platform's API, the states' bucket, and proxy-1 after the first deploy can be reached; admin_cidrs hold this machine",
  needs: [],
  run: async (context) => {
    const { plan, env } = context;
    const [api, state] = [platformApi(plan.platform, env), stateEndpoint(plan)];
    const reached = await Promise.all([
      api === undefined ? undefined : byTls(api, context, { severity: "error" }),
      state === undefined ? undefined : byTls(state, context, { severity: "error" }),
      byTls(sourceEndpoint(plan), context, {
        severity: "unknown",
        meaning: "data travels through the proxy, not from here; from here only checks of the source ask it",
      }),
      bastion(context),
    ]);
    const there = reached.flatMap((each) => each ?? []);
    const localAddress = there.flatMap((each) => each.localAddress ?? []).at(-1);
    return [...there.map(({ said }) => said), admitted(plan, localAddress)];
  },
};
