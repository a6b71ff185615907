import { admitted, reachability, sshGreeting } from "../../../../ops/doctor/checks/reachability";
import { platformApi, reasonOf } from "../../../../ops/doctor/endpoints";
import { examplePlan } from "../../../fixtures/plan";
import { saidBy, statesWith } from "../context";
import { authority, issue } from "../issue";
import { closedPort, https, tcp } from "../servers";

const example = examplePlan();
const plan = { ...example, source: { ...example.source, host: "s3.nowhere.test" } };
const ca = authority("our CA");
const loopback = issue(ca, { cn: "loopback", names: ["IP:127.0.0.1"] });

const gateway = (port: number): NodeJS.ProcessEnv => ({
  AWS2NCP_SANDBOX: "/nowhere",
  NCLOUD_API_GW: `https://127.0.0.1:${port}`,
});

const PLACE = "NCLOUD_API_GW (127.0.0.1)";
const aboutApi = async (port: number, bundle = ca.crt) =>
  (await saidBy(reachability, { plan, env: gateway(port), secretValues: { trust_bundle: bundle } })).find(
    ({ place }) => place === PLACE,
  );

it("a server whose certificate the bundle trusts is reached", async () => {
  expect(await aboutApi(await https(loopback))).toEqual({
    severity: "ok",
    place: PLACE,
    found: "the platform's API answers by TLS, with a certificate that is trusted",
  });
});

it.each([
  ["signed by somebody else", "its certificate is signed by nobody who is trusted here", loopback, authority("x").crt],
  [
    "made out to somebody else",
    "its certificate is made out to other names",
    issue(ca, { cn: "other", names: ["IP:127.0.0.2"] }),
    ca.crt,
  ],
  ["ended", "its certificate has expired", issue(ca, { cn: "old", names: ["IP:127.0.0.1"], days: -1 }), ca.crt],
])("one whose certificate is %s is an error", async (_, reason, pair, bundle) => {
  const port = await https(pair);
  expect(await aboutApi(port, bundle)).toEqual({
    severity: "error",
    place: PLACE,
    found: `the platform's API can't be reached on port ${port}: ${reason}`,
    try: "correct NCLOUD_API_GW, or let this machine out to it",
  });
});

it("nobody there is an error for what a deploy needs, and unknown for the source, which the proxy reaches", async () => {
  const port = await closedPort();
  expect(await saidBy(reachability, { plan, env: gateway(port) })).toEqual([
    {
      severity: "error",
      place: PLACE,
      found: `the platform's API can't be reached on port ${port}: the connection is refused`,
      try: "correct NCLOUD_API_GW, or let this machine out to it",
    },
    {
      severity: "unknown",
      place: "source.host (s3.nowhere.test)",
      found: "AWS S3 can't be reached on port 443: its name is not known to this machine's resolver",
      meaning: "data travels through the proxy, not from here; from here only checks of the source ask it",
      try: "correct source.host, or let this machine out to it",
    },
    {
      severity: "unknown",
      place: "network.admin_cidrs",
      found: "this machine's own public address is not known",
      allowed: "one in 198.51.100.1/32",
      try: "compare it with the public address that your network goes out by",
    },
  ]);
});

it("the bastion is asked once a deploy has told its address; states elsewhere leave it unknown", async () => {
  const about = async (inState: ReturnType<typeof statesWith>) =>
    (await saidBy(reachability, { plan, inState })).find(({ place }) => place === "proxy-1, port 22");
  expect(await about(statesWith())).toBeUndefined();
  expect(await about({ known: false, why: "the states are in a bucket" })).toEqual({
    severity: "unknown",
    place: "proxy-1, port 22",
    found: "its address is not known here: the states are in a bucket",
  });
});

it("an ssh server greets, and shows this machine's own address", async () => {
  const signal = new AbortController().signal;
  expect(await sshGreeting("127.0.0.1", signal, await tcp("SSH-2.0-OpenSSH_9.2\r\n"))).toEqual({
    greeting: "SSH-2.0-OpenSSH_9.2",
    localAddress: "127.0.0.1",
  });
  await expect(sshGreeting("127.0.0.1", signal, await tcp(undefined))).rejects.toThrow("it ends the connection");
  await expect(sshGreeting("127.0.0.1", signal, await closedPort())).rejects.toThrow("ECONNREFUSED");
});

it.each([
  ["198.51.100.1", "ok", "this machine is 198.51.100.1, which is in them"],
  ["203.0.113.7", "error", "this machine is 203.0.113.7, and none of 198.51.100.1/32 holds it"],
  [
    "192.168.1.5",
    "unknown",
    "this machine's own public address is not known: it stands behind another one as 192.168.1.5",
  ],
  ["::1", "unknown", "this machine's own public address is not known"],
])("admin_cidrs and %s: %s", (address, severity, found) => {
  expect(admitted(plan, address)).toMatchObject({ severity, place: "network.admin_cidrs", found });
});

it("finds the platform's API by site, by the provider's own variable, and in a rehearsal nowhere", () => {
  const of = (site: "public" | "gov" | "fin", env: NodeJS.ProcessEnv): string | undefined =>
    platformApi({ ...example.platform, site }, env)?.host;
  expect(of("public", {})).toBe("ncloud.apigw.ntruss.com");
  expect(of("gov", { NCLOUD_API_GW: "https://elsewhere.test" })).toBe("ncloud.apigw.gov-ntruss.com");
  expect(of("fin", {})).toBe("fin-ncloud.apigw.fin-ntruss.com");
  expect(of("public", { NCLOUD_API_GW: "https://elsewhere.test" })).toBe("elsewhere.test");
  expect(of("gov", { AWS2NCP_SANDBOX: "/nowhere" })).toBeUndefined();
});

it("keeps Node's own words where it has no better ones", () => {
  expect(reasonOf(new Error("socket hang up"))).toBe("socket hang up");
});
