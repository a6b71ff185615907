/** A dataset that is a whole prefix, with mode sync: what it deletes, what it keeps of that, and when it deletes nothing. */
import { randomBytes } from "node:crypto";
import { hashBucket, listObjects } from "../../../sandbox/object-storage";
import { keysUnder, put, remove, removeAll } from "./buckets";
import { deployedConfig, OwnDataset } from "./own-dataset";
import { datasetNamed, rehearsedPlan } from "./support";

jest.setTimeout(120_000);

const plan = rehearsedPlan();
const hive = datasetNamed(plan, "hive");
const [from, to, kept] = [hive.source.bucket, hive.target.bucket, hive.replacedBucket];
/** Beside the example's own prefix: the proxy admits the bucket. */
const prefix = `e2e-tree-${randomBytes(4).toString("hex")}/`;
const dataset = new OwnDataset("e2e_tree");

const FIVE = ["a.parquet", "b.parquet", "p=1/c.parquet", "p=1/d.parquet", "p=2/e.parquet"];
const putAtSource = (keys: readonly string[]): Promise<void> =>
  put("aws", from, new Map(keys.map((key) => [prefix + key, `rows of ${key}`])));
const removeAtSource = (keys: readonly string[]): Promise<void> =>
  remove(
    "aws",
    from,
    keys.map((key) => prefix + key),
  );
const atTarget = (): Promise<string[]> => keysUnder("ncp", to, prefix);
/** What was kept, without the folder of its run. */
const keptKeys = async (): Promise<string[]> =>
  (await keysUnder("ncp", kept, prefix)).map((key) => key.slice(key.indexOf("/") + 1));

const configure = async (change: object = {}): Promise<void> =>
  dataset.configure({
    ...(await deployedConfig("hive")),
    source: `aws:${from}/${prefix}`.slice(0, -1),
    target: `ncp:${to}/${prefix}`.slice(0, -1),
    replaced: `ncp:${kept}/${prefix}`.slice(0, -1),
    mode: "sync",
    max_delete: 2,
    retry_delays_seconds: [0],
    ...change,
  });

beforeAll(async () => {
  await configure();
  await putAtSource(FIVE);
});

afterAll(async () => {
  await dataset.remove();
  await removeAll("aws", from, prefix);
  await removeAll("ncp", to, prefix);
  await removeAll("ncp", kept, prefix);
});

it("copies the tree", async () => {
  expect(await dataset.run()).toMatchObject({ code: 0 });
  expect(await atTarget()).toEqual(FIVE);
  expect(await hashBucket("ncp", to, prefix)).toEqual(await hashBucket("aws", from, prefix));
});

it("deletes nothing when more than max_delete are gone at the source, and says how many", async () => {
  await removeAtSource(FIVE.slice(0, 3));
  const { code, stderr } = await dataset.run();
  expect(code).toBe(1);
  expect(stderr).toContain("3 objects are gone at the source and would be deleted; nothing was changed");
  expect(stderr).toContain("allowed: max_delete, 2");
  expect(await atTarget()).toEqual(FIVE);
  expect(await keptKeys()).toEqual([]);
});

it("deletes up to max_delete, and keeps every byte of them in the bucket of replaced objects", async () => {
  await putAtSource(FIVE.slice(0, 1));
  expect(await dataset.run()).toMatchObject({ code: 0 });
  expect(await atTarget()).toEqual([FIVE[0], ...FIVE.slice(3)]);
  expect(await keptKeys()).toEqual(FIVE.slice(1, 3));
  const sizes = (await listObjects("ncp", kept, prefix)).map(({ bytes }) => bytes);
  expect(sizes).toEqual(FIVE.slice(1, 3).map((key) => `rows of ${key}`.length));
});

it("deletes nothing when the source can't be reached", async () => {
  const before = await atTarget();
  const { environment, rclone } = (await deployedConfig("hive")) as {
    environment: Record<string, string>;
    rclone: string[];
  };
  await configure({
    environment: { ...environment, HTTPS_PROXY: "https://127.0.0.1:1" }, // where nothing listens
    rclone: [...rclone, "--low-level-retries", "1"],
  });
  expect(await dataset.run()).toMatchObject({ code: 1 });
  expect(await atTarget()).toEqual(before);
});

it("deletes nothing when the source is emptied, and says so", async () => {
  const before = await atTarget();
  await configure({ max_delete: 1000 });
  await removeAll("aws", from, prefix);
  const { code, stderr } = await dataset.run();
  expect(code).toBe(1);
  expect(stderr).toContain("nothing there, not one object; nothing was changed");
  expect(await atTarget()).toEqual(before);
});
