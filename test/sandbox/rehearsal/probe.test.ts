import { spawnSync } from "node:child_process";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { planOf } from "../../../pipeline/plan";
import type { HostPlan } from "../../../pipeline/plan-types";
import { attemptsFor, judge, namesTried, UNLISTED, type Attempt, type Outcome } from "../../../sandbox/rehearsal/probe";
import { handlesIn } from "../../../sandbox/rehearsal/lift";
import { examplePipeline } from "../../fixtures/pipeline";

const plan = planOf(examplePipeline());
const hostNamed = (name: string): HostPlan => plan.hosts.find((host) => host.name === name) as HostPlan;
const addresses = new Map([
  ["company-api-log.s3.aws.test", "198.51.100.10"],
  ["company-event-log.s3.aws.test", "198.51.100.10"],
  ["company-hive.s3.aws.test", "198.51.100.10"],
  ["packages.ncp.test", "198.51.100.20"],
  ["alerts.ncp.test", "198.51.100.35"],
  ["aws2ncp-api-log.kr.object.private.ncp.test", "198.51.100.65"],
  ["aws2ncp-event-log.kr.object.private.ncp.test", "198.51.100.65"],
  ["aws2ncp-hive.kr.object.private.ncp.test", "198.51.100.65"],
  [UNLISTED, "198.51.100.30"],
]);
const ids = (attempts: readonly Attempt[]): string[] => attempts.map(({ id }) => id);

it("tries both S3 endpoints, the hosts of packages and alerts, and an unlisted one", () => {
  expect(namesTried(plan).sort()).toEqual([...addresses.keys()].sort());
});

it("forbids sync-1 everything outside, by name and by address, and the proxy's back doors", () => {
  const wanted = attemptsFor(plan, hostNamed("sync-1"), hostNamed("proxy-1"), addresses);
  expect(ids(wanted.direct)).toEqual([
    ...["api-log", "event-log", "hive"].flatMap((name) => [
      `AWS S3 company-${name}.s3.aws.test:443`,
      "AWS S3 198.51.100.10:443",
    ]),
    "package host packages.ncp.test:80",
    "package host 198.51.100.20:80",
    "alert host alerts.ncp.test:443",
    "alert host 198.51.100.35:443",
    "unlisted host unlisted.test:443",
    "unlisted host 198.51.100.30:443",
  ]);
  expect(ids(wanted.through)).toEqual([
    `the proxy's inner port 10.20.0.6:${plan.proxy.innerPort}`,
    "package port to company-api-log.s3.aws.test:443",
    "package port to company-event-log.s3.aws.test:443",
    "package port to company-hive.s3.aws.test:443",
    "package port to unlisted.test:443",
  ]);
  expect(ids(wanted.allowed)).toEqual([
    "package port to http://packages.ncp.test/",
    "package port to alerts.ncp.test:443",
    ...["api-log", "event-log", "hive"].flatMap((name) => [
      `Object Storage aws2ncp-${name}.kr.object.private.ncp.test:443`,
      "Object Storage 198.51.100.65:443",
    ]),
  ]);
  expect(ids(wanted.fromProxy)).toEqual([`the proxy's inner port 127.0.0.1:${plan.proxy.innerPort}`]);
});

it("forbids Object Storage too where the plan has no flow to it", () => {
  const without = { ...plan, flows: plan.flows.filter(({ to }) => to !== "object-storage") };
  const wanted = attemptsFor(without, hostNamed("sync-1"), hostNamed("proxy-1"), addresses);
  expect(ids(wanted.direct).slice(-6)).toEqual([
    ...["api-log", "event-log", "hive"].flatMap((name) => [
      `Object Storage aws2ncp-${name}.kr.object.private.ncp.test:443`,
      "Object Storage 198.51.100.65:443",
    ]),
  ]);
  expect(ids(wanted.allowed)).toEqual([
    "package port to http://packages.ncp.test/",
    "package port to alerts.ncp.test:443",
  ]);
});

describe("outcomes", () => {
  const wanted: Attempt[] = [{ id: "x", via: "direct", host: "h", port: 1 }];
  const outcome = (got: Outcome["outcome"]): Outcome[] => [{ id: "x", outcome: got, detail: "d" }];

  it("report an attempt that got through although it must not", () => {
    expect(judge("sync-1", wanted, outcome("reached"), false)).toEqual(["sync-1: x: reached, d"]);
    expect(judge("sync-1", wanted, outcome("dropped"), false)).toEqual([]);
  });

  it("report a control that failed", () => {
    expect(judge("sync-1 with all rules lifted", wanted, outcome("dropped"), true)).toEqual([
      "sync-1 with all rules lifted: x: dropped, d",
    ]);
    expect(judge("sync-1", wanted, outcome("reached"), true)).toEqual([]);
  });

  it("are an error when one is missing: what was not tried proves nothing", () => {
    expect(() => judge("sync-1", wanted, [], false)).toThrow("sync-1: x: the attempts' program did not answer for it");
  });
});

it("finds the handles by which nft's rules are taken out again", () => {
  expect(
    handlesIn("insert rule ip sandbox forward ip saddr 10.20.1.6 accept # handle 42\n# new generation 7\n"),
  ).toEqual(["42"]);
});

describe("the attempts' program", () => {
  const program = join(__dirname, "..", "..", "..", "sandbox", "rehearsal", "attempts.py");
  const attemptHere = (attempts: Attempt[]): Outcome[] =>
    JSON.parse(spawnSync("python3", [program, JSON.stringify(attempts)], { encoding: "utf8" }).stdout) as Outcome[];

  it("tells a closed port, an open one and an unknown name apart", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as AddressInfo;
    const open: Attempt = { id: "open", via: "direct", host: "127.0.0.1", port };
    // The kernel completes the connection without this process, which waits in spawnSync.
    const whileOpen = attemptHere([open, { id: "name", via: "direct", host: "no.such.host.invalid", port }]);
    expect(whileOpen.map(({ outcome }) => outcome)).toEqual(["reached", "unresolved"]);
    await new Promise((resolve) => server.close(resolve));
    expect(attemptHere([open]).map(({ outcome }) => outcome)).toEqual(["refused"]);
  });
});
