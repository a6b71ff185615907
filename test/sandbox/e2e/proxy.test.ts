/** From sync-1 outwards: one bucket, with the right certificate and the right name; nothing else. */
import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { hostExec } from "../../../sandbox/hosts";
import { dropCounters, type DropReason } from "../../../sandbox/network";
import { s3Client } from "../../../sandbox/object-storage";
import { admittedByPlatform, withoutOwnFirewall } from "../../../sandbox/rehearsal/lift";
import { UNLISTED } from "../../../sandbox/rehearsal/probe";
import { secretPath } from "../../../sandbox/secrets";
import {
  curl,
  eventLog,
  hostNamed,
  rehearsedPlan,
  secretOn,
  throughPortA,
  withCertificate,
  type Curled,
} from "./support";

jest.setTimeout(60_000);

const plan = rehearsedPlan();
const sync = hostNamed(plan, "sync-1");
const bucket = `${eventLog(plan).source.bucket}.${plan.source.host}`;
const foreignBucket = `somebody-elses-bucket.${plan.source.host}`;
const certificate = [
  "--proxy-cert",
  secretOn("sync-1", "sync_client_cert"),
  "--proxy-key",
  secretOn("sync-1", "sync_client_key"),
];

const throughA = (url: string, ...args: string[]): Promise<Curled> => throughPortA(plan, url, ...args);

beforeAll(async () => {
  const aws = s3Client("aws");
  await aws.send(new CreateBucketCommand({ Bucket: "somebody-elses-bucket" })).catch(() => undefined); // there from the run before
  aws.destroy();
});

it("reaches the source bucket with its certificate; S3 itself asks for a key", async () => {
  expect(await throughA(`https://${bucket}/`, ...certificate)).toEqual({
    connect: 200,
    answer: 403,
    exit: 0,
    error: "",
  });
});

it("refuses CONNECT to a host that is on no list", async () => {
  expect(await throughA(`https://${UNLISTED}/`, ...certificate)).toMatchObject({ connect: 403, answer: 0 });
});

it("refuses another bucket's host, and the endpoint without a bucket", async () => {
  expect(await throughA(`https://${foreignBucket}/`, ...certificate)).toMatchObject({ connect: 403, answer: 0 });
  expect(await throughA(`https://${plan.source.host}/`, ...certificate)).toMatchObject({ connect: 403, answer: 0 });
  // The other bucket's host does answer: from the proxy, which may go out.
  const resolved = await curl("proxy-1", ["--insecure", `https://${foreignBucket}/`]);
  expect(resolved).toMatchObject({ answer: 403, exit: 0 });
});

it("refuses another port of the right host, and its address instead of its name", async () => {
  expect(await throughA(`https://${bucket}:8443/`, ...certificate)).toMatchObject({ connect: 403, answer: 0 });
  expect(await throughA("https://198.51.100.10/", "--insecure", ...certificate)).toMatchObject({
    connect: 403,
    answer: 0,
  });
});

it("refuses a client without a certificate before it can ask for anything", async () => {
  const refused = await throughA(`https://${bucket}/`);
  expect(refused).toMatchObject({ connect: 0, answer: 0 });
  expect(refused.exit).not.toBe(0);
});

it("refuses the right name signed by another CA, and another name signed by the right one", async () => {
  const foreign = await withCertificate(secretPath("tests", "sync-1"), (args) =>
    throughA(`https://${bucket}/`, ...args),
  );
  expect(foreign).toMatchObject({ connect: 0, answer: 0 });
  expect(foreign.exit).not.toBe(0);
  expect(
    await withCertificate(secretPath("wrong-cn"), (args) => throughA(`https://${bucket}/`, ...args)),
  ).toMatchObject({
    connect: 403,
    answer: 0,
  });
});

describe("inside an admitted tunnel", () => {
  const into = (host: string): string[] => ["--connect-to", `${host}:443:${bucket}:443`, ...certificate];

  it("ends a connection whose SNI names another host", async () => {
    const ended = await throughA(`https://${foreignBucket}/`, ...into(foreignBucket));
    expect(ended).toMatchObject({ connect: 200, answer: 0 });
    expect(ended.exit).not.toBe(0);
  });

  it("ends a connection without SNI, which an address as the URL's host gives", async () => {
    const ended = await throughA("https://198.51.100.10/", "--insecure", ...into("198.51.100.10"));
    expect(ended).toMatchObject({ connect: 200, answer: 0 });
    expect(ended.exit).not.toBe(0);
  });

  it("ends a connection that is no TLS", async () => {
    const args = ["--proxytunnel", "--connect-to", `${bucket}:80:${bucket}:443`, ...certificate];
    const ended = await throughA(`http://${bucket}:80/`, ...args);
    expect(ended).toMatchObject({ connect: 200, answer: 0 });
    expect(ended.error).toContain("Empty reply from server");
  });
});

describe("past the proxy", () => {
  const targets = [`https://${bucket}/`, "https://198.51.100.10/", `https://${UNLISTED}/`, "https://198.51.100.30/"];
  const directly = (url: string): Promise<Curled> =>
    curl("sync-1", ["--noproxy", "*", "--insecure", "--connect-timeout", "3", url]);

  /** What the router dropped meanwhile, of the reasons that keep a host in. */
  async function droppedDuring(task: () => Promise<unknown>): Promise<number> {
    const kept = async (): Promise<number> => {
      const counters = await dropCounters();
      return (["no_internet", "acl_outbound", "group_outbound"] as DropReason[]).reduce(
        (sum, reason) => sum + counters[reason].packets,
        0,
      );
    };
    const before = await kept();
    await task();
    return (await kept()) - before;
  }

  it("drops direct connections by name and by address", async () => {
    for (const url of targets)
      expect(await directly(url)).toMatchObject({
        answer: 0,
        exit: expect.any(Number),
        error: expect.stringMatching(/\(7\)|\(28\)|timed out|refused|unreachable|permitted|Couldn't connect/i),
      });
  });

  it("drops them at the platform too when sync-1 has thrown its own firewall away; and only that holds them", async () => {
    await withoutOwnFirewall("sync-1", async () => {
      for (const url of targets) {
        const packets = await droppedDuring(async () => expect(await directly(url)).toMatchObject({ answer: 0 }));
        expect(packets).toBeGreaterThan(0);
      }
      const lifted = await admittedByPlatform(sync.address, () => Promise.all(targets.map(directly)));
      expect(lifted.map(({ answer }) => answer)).toEqual([403, expect.any(Number), 200, 200]);
      for (const { exit } of lifted) expect(exit).toBe(0);
    });
  });
});

it("leaves each refusal in the proxy's log, with who and where to", async () => {
  const { stdout } = await hostExec("proxy-1", ["cat", "/var/log/squid/access.log"]);
  const denied = stdout.split("\n").filter((line) => line.includes("TCP_DENIED/403"));
  for (const host of [UNLISTED, foreignBucket])
    expect(denied.some((line) => line.includes(` ${sync.address} `) && line.includes(`CONNECT ${host}:443`))).toBe(
      true,
    );
});
