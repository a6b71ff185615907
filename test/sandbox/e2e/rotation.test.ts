/** Secrets are rotated by raising their version: old and new are good meanwhile, and only the files concerned change. */
import { GetObjectCommand } from "@aws-sdk/client-s3";
import { CertificateStore } from "../../../authority/store";
import { hostExec } from "../../../sandbox/hosts";
import { listObjects, s3Client, storageDown, storageUp } from "../../../sandbox/object-storage";
import { secretPath } from "../../../sandbox/secrets";
import {
  ChangedPipeline,
  eventLog,
  rehearsedPlan,
  secretOn,
  syncNow,
  throughPortA,
  withCertificate,
  type Replacement,
} from "./support";

jest.setTimeout(400_000);

const plan = rehearsedPlan();
const dataset = eventLog(plan);
const bucketUrl = `https://${dataset.source.bucket}.${plan.source.host}/`;
const pipeline = new ChangedPipeline(plan, "e2e-rotation.log", "transfer");
const store = new CertificateStore(secretPath());
const CLIENT = { name: "sync-1", cn: "sync-1", use: "client", names: ["DNS:sync-1"] } as const;

const secretLine = (name: string, file: string, version: number): string =>
  `  ${name}: { from: "file:out/sandbox/secrets/${file}", version: ${version} }`;
const raised = (name: string, file: string): Replacement => [secretLine(name, file, 1), secretLine(name, file, 2)];
const replaced = (name: string, file: string, by: string): Replacement => [
  secretLine(name, file, 1),
  secretLine(name, by, 2),
];

const CLIENT_PAIR = [raised("sync_client_cert", "sync-1.crt"), raised("sync_client_key", "sync-1.key")];
const REVOCATION = raised("proxy_client_crl", "crl.pem");
const KEYS = ["aws", "ncp"].flatMap((cloud) => [
  replaced(`${cloud}_access_key_id`, `${cloud}-access-key-id`, `${cloud}-next-access-key-id`),
  replaced(`${cloud}_secret_access_key`, `${cloud}-secret-access-key`, `${cloud}-next-secret-access-key`),
]);

/** Port A's answer to CONNECT for a certificate of this machine's; "refused" when TLS is broken off. */
async function portA(pair: string): Promise<number | "refused"> {
  const { connect, exit } = await withCertificate(pair, (args) => throughPortA(plan, bucketUrl, ...args));
  return connect === 0 && exit !== 0 ? "refused" : connect;
}
const issued = (number: number): string => secretPath("issued", "sync-1", String(number));

const syncGoesOn = (): Promise<void> => syncNow("sync-1", dataset.name);

/** Without runs that cron began meanwhile: one that finds no server waits for up to minutes before it tries again. */
async function withoutCron(work: () => Promise<void>): Promise<void> {
  await hostExec("sync-1", ["systemctl", "stop", "cron"]);
  try {
    await hostExec("sync-1", ["flock", "--timeout", "120", `/var/lib/aws2ncp/sync/${dataset.name}/lock`, "true"]);
    await work();
  } finally {
    await hostExec("sync-1", ["systemctl", "start", "cron"]);
  }
}

/** What S3 says to a key: "200", or its error's name. */
async function answerTo(which: "aws" | "ncp", account: string): Promise<string> {
  const bucket = which === "aws" ? dataset.source.bucket : dataset.target.bucket;
  const client = s3Client(which, { account });
  try {
    await client.send(new GetObjectCommand({ Bucket: bucket, Key: "no such key" }));
    return "200";
  } catch (error) {
    return (error as Error).name;
  } finally {
    client.destroy();
  }
}

let old: number;
beforeAll(() => {
  old = store.good("sync-1").at(-1)!.number;
});

afterAll(async () => {
  await pipeline.restore();
  await storageUp(); // does nothing where the servers run
});

it("delivers a renewed client certificate to its two files; another raised version changes nothing", async () => {
  await store.issue([CLIENT], "all");
  expect(await pipeline.deployWith(...CLIENT_PAIR, raised("proxy_tls_key", "proxy.key"))).toEqual({
    "proxy-1": [],
    "sync-1": [secretOn("sync-1", "sync_client_cert"), secretOn("sync-1", "sync_client_key")],
  });
  const { stdout } = await hostExec("sync-1", ["cat", secretOn("sync-1", "sync_client_cert")]);
  expect(stdout.trim()).toBe(store.good("sync-1").at(-1)!.x509.toString().trim());
});

it("admits both meanwhile, and the sync goes on with the new one", async () => {
  expect([await portA(issued(old)), await portA(issued(old + 1))]).toEqual([200, 200]);
  await syncGoesOn();
});

it("delivers a revocation to one file of proxy-1 and new keys of both clouds to one of sync-1", async () => {
  await store.revoke(store.good("sync-1").slice(0, -1), true);
  expect(await pipeline.deployWith(...CLIENT_PAIR, REVOCATION, ...KEYS)).toEqual({
    "proxy-1": [secretOn("proxy-1", "proxy_client_crl")],
    "sync-1": ["/etc/aws2ncp/secrets/s3-credentials"],
  });
});

it("refuses the revoked certificate from then on, and the sync goes on", async () => {
  expect([await portA(issued(old)), await portA(issued(old + 1))]).toEqual(["refused", 200]);
  await syncGoesOn();
});

it("has both keys of both clouds good meanwhile, and the sync goes on without the old ones", async () => {
  expect([await answerTo("aws", "aws"), await answerTo("ncp", "ncp")]).toEqual(["NoSuchKey", "NoSuchKey"]);
  await withoutCron(async () => {
    await storageDown();
    try {
      await storageUp(["aws", "ncp"]);
      const old = [await answerTo("aws", "aws"), await answerTo("ncp", "ncp")];
      const next = [await answerTo("aws", "aws-next"), await answerTo("ncp", "ncp-next")];
      expect(old).toEqual(["InvalidAccessKeyId", "InvalidAccessKeyId"]);
      expect(next).toEqual(["NoSuchKey", "NoSuchKey"]);
      await syncGoesOn();
    } finally {
      await storageDown();
      await storageUp();
    }
  });
  expect((await listObjects("ncp", dataset.target.bucket, dataset.target.prefix)).length).toBeGreaterThan(0);
});
