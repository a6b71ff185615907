/** The checks of the AWS side against answers as AWS documents them. */
import { S3Client } from "@aws-sdk/client-s3";
import { awsArchive } from "../../../ops/doctor/aws/archive";
import { awsBuckets } from "../../../ops/doctor/aws/buckets";
import { awsKeys } from "../../../ops/doctor/aws/keys";
import { awsLifecycle } from "../../../ops/doctor/aws/lifecycle";
import { sourceClient, type ClientOf } from "../../../ops/doctor/aws/source";
import type { Check, DoctorContext, Said } from "../../../ops/doctor/types";
import type { DatasetPlan, Plan } from "../../../pipeline/plan-types";
import { examplePlan } from "../../fixtures/plan";
import { FakeS3, type FakeBucket } from "./fake-s3";

const s3 = new FakeS3();
beforeAll(() => s3.start());
afterAll(() => s3.stop());

const log = examplePlan().datasets.find(({ name }) => name === "event_log") as DatasetPlan;
const tree: DatasetPlan = {
  name: "hive",
  layout: "tree",
  mode: "copy",
  source: { bucket: "company-hive", prefix: "" },
  target: { bucket: "t", prefix: "" },
  replacedBucket: "r",
  lateAfterHours: 26,
};
const KEY = "arn:aws:kms:ap-northeast-2:111122223333:key/1234abcd";

interface Given {
  readonly dataset?: DatasetPlan;
  readonly kmsKeyArns?: readonly string[];
  readonly clientOf?: ClientOf;
}

/** What a check says of one dataset, while the bucket is as given. */
async function said(
  check: (clientOf: ClientOf) => Check,
  bucket: FakeBucket | undefined,
  { dataset = log, kmsKeyArns = [], clientOf = () => s3.client() }: Given = {},
): Promise<readonly Said[]> {
  s3.buckets = bucket === undefined ? {} : { [dataset.source.bucket]: bucket };
  s3.asked.length = 0;
  const example = examplePlan();
  const plan: Plan = { ...example, datasets: [dataset], source: { ...example.source, kmsKeyArns } };
  const context: Partial<DoctorContext> = {
    plan,
    env: {},
    signal: new AbortController().signal,
    note: () => undefined,
  };
  return check(clientOf).run(context as DoctorContext);
}

const place = "datasets.event_log.source (company-event-log/event_log/)";

it("asks the endpoint of the pipeline file, with credentials of the SDK's own chain", async () => {
  const client = sourceClient(examplePlan(), {});
  expect(await client.config.region()).toBe("ap-northeast-2");
  expect(await client.config.endpoint?.()).toMatchObject({ protocol: "https:", hostname: "s3.aws.test" });
  client.destroy();
});

describe("aws-buckets", () => {
  it("finds a bucket in its region", async () => {
    expect(await said(awsBuckets, { region: "ap-northeast-2" })).toEqual([
      { severity: "ok", place, found: "the bucket is there" },
    ]);
    expect(s3.asked).toEqual(["HEAD /company-event-log/"]);
  });

  it("says where a bucket of another region lies", async () => {
    expect(await said(awsBuckets, { region: "us-east-1" })).toMatchObject([
      { severity: "error", place, found: "the bucket lies in us-east-1", allowed: "ap-northeast-2" },
    ]);
  });

  it("misses a bucket", async () => {
    expect(await said(awsBuckets, undefined)).toMatchObject([{ severity: "error", place, found: "no such bucket" }]);
  });

  it("says that nobody looked, where there are no credentials", async () => {
    const clientOf: ClientOf = () =>
      new S3Client({
        region: "ap-northeast-2",
        credentials: () => Promise.reject(Object.assign(new Error("none"), { name: "CredentialsProviderError" })),
      });
    expect(await said(awsBuckets, {}, { clientOf })).toEqual([
      {
        severity: "unknown",
        place,
        found: "no credentials of AWS: nobody looked",
        try: "set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, of an administrator",
      },
    ]);
  });
});

describe("aws-keys", () => {
  const encryption = (byDefault: string): string =>
    `<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault>${byDefault}</ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>`;
  const kms = (key: string): string =>
    encryption(`<SSEAlgorithm>aws:kms</SSEAlgorithm><KMSMasterKeyID>${key}</KMSMasterKeyID>`);
  const under = (key: string) => ({
    headers: { "x-amz-server-side-encryption": "aws:kms", "x-amz-server-side-encryption-aws-kms-key-id": key },
  });
  const ofDefault = async (answer: FakeBucket["encryption"], kmsKeyArns: string[] = []): Promise<Said> =>
    (await said(awsKeys, answer === undefined ? {} : { encryption: answer }, { kmsKeyArns }))[0] as Said;

  it.each([
    ["none", undefined, [], "ok", "no encryption by default"],
    ["S3's own", encryption("<SSEAlgorithm>AES256</SSEAlgorithm>"), [], "ok", "S3's own keys, which need no right"],
    ["a key that is named", kms(KEY), [KEY], "ok", `SSE-KMS with ${KEY}, which the reader may use`],
    ["it by its id", kms("1234abcd"), [KEY], "ok", "SSE-KMS with 1234abcd, which the reader may use"],
    ["another key", kms(KEY), [`${KEY}0`], "error", `SSE-KMS with ${KEY}, which the reader may not use`],
    [
      "a key of two layers",
      encryption(`<SSEAlgorithm>aws:kms:dsse</SSEAlgorithm><KMSMasterKeyID>${KEY}</KMSMasterKeyID>`),
      [],
      "error",
      `SSE-KMS with ${KEY}, which the reader may not use`,
    ],
    [
      "AWS's own key",
      encryption("<SSEAlgorithm>aws:kms</SSEAlgorithm>"),
      [],
      "unknown",
      "SSE-KMS with alias/aws/s3: an alias does not say which key it is",
    ],
    [
      "a refusal",
      [403, "AccessDenied"],
      [],
      "unknown",
      "AWS refuses the question: AccessDenied: what AccessDenied says",
    ],
    [
      "a server that has none",
      [501, "NotImplemented"],
      [],
      "unknown",
      "can't be read here: this S3 server does not know the question",
    ],
    [
      "a server that answers another question",
      "<ListBucketResult/>",
      [],
      "unknown",
      "can't be read here: this S3 server does not know the question",
    ],
  ] as [string, FakeBucket["encryption"], string[], string, string][])(
    "by default: %s",
    async (_what, answer, keys, severity, found) => {
      const told = await ofDefault(answer, keys);
      expect([told.severity, told.found, told.place]).toEqual([
        severity,
        found,
        "datasets.event_log.source (default of company-event-log)",
      ]);
    },
  );

  it("looks at objects from the beginning, from the start date and from yesterday on, each once", async () => {
    const objects = {
      "event_log/2013/01/01/00/a": {},
      "event_log/2019/12/31/15/b": under(KEY),
      "event_log/2020/01/01/00/c": under(KEY),
      "other/z": under(`${KEY}-other`),
    };
    const yesterday = (): string => new Date(Date.now() - 86_400_000).toISOString().slice(0, 10).replaceAll("-", "/");
    const before = yesterday();
    const [, ...found] = await said(awsKeys, { objects }, { kmsKeyArns: [KEY] });
    const after = yesterday(); // another day than before, once in a night
    expect(found).toEqual([
      {
        severity: "ok",
        place,
        found: "3 objects looked at, the reader may decrypt all",
        meaning: "SSE-KMS: their ETag is no MD5, so a copy is compared by size and time",
      },
    ]);
    const points = s3.asked
      .filter((line) => line.includes("list-type"))
      .map((line) => new URLSearchParams(line.split("?")[1]));
    expect(points.map((query) => query.get("prefix"))).toEqual(["event_log/", "event_log/", "event_log/"]);
    const [first, second, third] = points.map((query) => query.get("start-after"));
    expect([first, second]).toEqual(["event_log/", "event_log/2019/12/31/"]);
    expect([`event_log/${before}/`, `event_log/${after}/`]).toContain(third);
  });

  it("names each key that the reader may not use, with an object under it", async () => {
    const objects = {
      "event_log/2020/a": under(KEY),
      "event_log/2020/b": under(`${KEY}-2`),
      "event_log/2020/c": { status: 400 },
    };
    const [, ...found] = await said(awsKeys, { objects }, { kmsKeyArns: [KEY] });
    expect(found).toMatchObject([
      {
        severity: "error",
        place,
        found: `1 of 3 objects looked at, such as event_log/2020/b: under ${KEY}-2, which the reader may not use`,
        try: "add the key's ARN to source.kms_key_arns, deploy stack source, and let the key's own policy leave it to IAM",
      },
      {
        severity: "error",
        found: "1 of 3 objects looked at, such as event_log/2020/c: under a key of the writer's own (SSE-C)",
      },
    ]);
  });
});

describe("aws-archive", () => {
  it("counts archived objects by class, from the start date on, over all pages", async () => {
    const objects = {
      "event_log/2019/12/30/23/old": { storageClass: "GLACIER" },
      "event_log/2019/12/31/15/a": { storageClass: "STANDARD_IA" },
      "event_log/2020/01/01/b": { storageClass: "DEEP_ARCHIVE" },
      "event_log/2020/01/01/c": { storageClass: "GLACIER", restored: "in progress" },
      "event_log/2020/01/02/d": { storageClass: "GLACIER_IR" },
      "event_log/2020/01/02/e": { storageClass: "GLACIER" },
    };
    expect(await said(awsArchive, { objects })).toMatchObject([
      {
        severity: "error",
        place,
        found: "of 5 objects 1 in DEEP_ARCHIVE, 2 in GLACIER, such as event_log/2020/01/01/b",
      },
    ]);
    const all = { ...log, beforeStart: "copy" } as DatasetPlan;
    expect(await said(awsArchive, { objects }, { dataset: all })).toMatchObject([
      { found: "of 6 objects 1 in DEEP_ARCHIVE, 3 in GLACIER, such as event_log/2019/12/30/23/old" },
    ]);
  });

  it("says until when restored objects can be read", async () => {
    const restored = (day: string) => ({ storageClass: "GLACIER", restored: `2026-05-${day}T00:00:00.000Z` });
    const objects = { "event_log/2020/a": restored("09"), "event_log/2020/b": restored("03") };
    expect(await said(awsArchive, { objects })).toEqual([
      {
        severity: "warning",
        place,
        found: "2 archived objects are restored, the first until 2026-05-03",
        meaning: "they can be read until then, and not after",
        try: "copy them before",
      },
      { severity: "ok", place, found: "2 objects, none archived and not restored" },
    ]);
  });

  it("asks about objects that intelligent tiering may have archived", async () => {
    const tiered = (headers: Record<string, string> = {}) => ({ storageClass: "INTELLIGENT_TIERING", headers });
    const kept = { "event_log/2020/a": tiered() };
    expect((await said(awsArchive, { objects: kept }))[0]).toEqual({
      severity: "ok",
      place,
      found: "1 objects in INTELLIGENT_TIERING; of 1 asked, none lies in an archive tier",
    });
    const objects = { ...kept, "event_log/2020/b": tiered({ "x-amz-archive-status": "ARCHIVE_ACCESS" }) };
    expect((await said(awsArchive, { objects }))[0]).toMatchObject({
      severity: "error",
      found: "2 objects in INTELLIGENT_TIERING; of 2 asked, 1 lie in an archive tier, such as event_log/2020/b",
    });
  });

  it("does not call a bucket clean that it has seen a part of only", async () => {
    const objects = Object.fromEntries(["a", "b", "c", "d"].map((key) => [`event_log/2020/${key}`, {}]));
    const capped = (clientOf: ClientOf): Check => awsArchive(clientOf, 3);
    expect(await said(capped, { objects })).toMatchObject([
      { severity: "unknown", place, found: "none of the first 3 objects is archived; the others were not listed" },
    ]);
    expect(await said((clientOf) => awsArchive(clientOf, 4), { objects })).toMatchObject([{ severity: "ok" }]);
  });
});

describe("aws-lifecycle", () => {
  const rules = (...all: string[]): FakeBucket => ({
    lifecycle: `<LifecycleConfiguration>${all.map((rule) => `<Rule>${rule}</Rule>`).join("")}</LifecycleConfiguration>`,
  });
  const rule = (action: string, filter = "<Filter><Prefix>event_log/</Prefix></Filter>", status = "Enabled"): string =>
    `<ID>tidy</ID>${filter}<Status>${status}</Status>${action}`;
  const expires = (days: number): string => `<Expiration><Days>${days}</Days></Expiration>`;
  const archives = (days: number, to = "GLACIER"): string =>
    `<Transition><Days>${days}</Days><StorageClass>${to}</StorageClass></Transition>`;
  const fine = [{ severity: "ok", place, found: "no rule expires or archives objects" }];

  it.each([
    ["there is none", {}],
    ["it is off", rules(rule(expires(1), undefined, "Disabled"))],
    ["it is for another prefix", rules(rule(expires(1), "<Filter><Prefix>event_log_old/</Prefix></Filter>"))],
    [
      "it moves objects where they can still be read",
      rules(rule(archives(30, "STANDARD_IA") + archives(60, "GLACIER_IR"))),
    ],
    [
      "it is for old versions and uploads that were given up",
      rules(
        rule(
          "<NoncurrentVersionExpiration><NoncurrentDays>1</NoncurrentDays></NoncurrentVersionExpiration>" +
            "<AbortIncompleteMultipartUpload><DaysAfterInitiation>1</DaysAfterInitiation></AbortIncompleteMultipartUpload>" +
            "<Expiration><ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker></Expiration>",
        ),
      ),
    ],
  ] as [string, FakeBucket][])("lets a rule be when %s", async (_what, bucket) => {
    expect(await said(awsLifecycle, bucket)).toEqual(fine);
  });

  it("weighs a rule's days against how late objects may appear: 26 hours are more than a day", async () => {
    const severity = async (bucket: FakeBucket) => (await said(awsLifecycle, bucket)).map((each) => each.severity);
    expect(await severity(rules(rule(expires(1))))).toEqual(["error"]);
    expect(await severity(rules(rule(expires(2))))).toEqual(["warning"]);
    expect(await severity(rules(rule(archives(1))))).toEqual(["error"]);
    expect(await severity(rules(rule(archives(90, "DEEP_ARCHIVE"))))).toEqual(["warning"]);
  });

  it("says what a rule does, when, to what, and what follows", async () => {
    const onDate = "<Expiration><Date>2027-01-01T00:00:00.000Z</Date></Expiration>";
    const tagged =
      "<Filter><And><Prefix>event_log/2020/</Prefix><Tag><Key>k</Key><Value>v</Value></Tag></And></Filter>";
    expect(
      await said(
        awsLifecycle,
        rules(rule(expires(365) + archives(90)), rule(onDate, "<Prefix></Prefix>"), rule(expires(30), tagged)),
      ),
    ).toMatchObject([
      { place, found: 'rule tidy takes objects under "event_log/" and deletes them after 365 days' },
      { place, found: 'rule tidy takes objects under "event_log/" and moves them to GLACIER after 90 days' },
      { place, found: 'rule tidy takes objects under "" and deletes them on 2027-01-01' },
      {
        place,
        found: 'rule tidy takes some objects under "event_log/2020/" and deletes them after 30 days',
        severity: "warning",
        meaning: expect.stringContaining("a first copy since 2019-12-31 finds only the rest") as string,
      },
    ]);
  });

  it("takes an expiry for an error where the target follows it", async () => {
    const everything = rules(rule(expires(365), "<Filter></Filter>"));
    expect(await said(awsLifecycle, everything, { dataset: tree })).toMatchObject([{ severity: "warning" }]);
    expect(
      await said(awsLifecycle, everything, { dataset: { ...tree, mode: "sync", maxDelete: 10 } as DatasetPlan }),
    ).toMatchObject([
      { severity: "error", meaning: expect.stringContaining("sync repeats it at the target") as string },
    ]);
  });

  it("says where it can't be read", async () => {
    for (const lifecycle of [[501, "NotImplemented"], "<ListBucketResult/>"] as const)
      expect(await said(awsLifecycle, { lifecycle })).toEqual([
        { severity: "unknown", place, found: "can't be read here: this S3 server does not know the question" },
      ]);
  });
});
