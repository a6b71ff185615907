import { countByKind, requestsIn } from "../../../sandbox/object-storage/requests";

const line = (time: string, method: string, address: string): string =>
  `2026-11-24T19:52:${time}Z DEBUG S3ProxyHandler request: ogsoeje10s.ServletApiRequest@7b2ee146` +
  `{ogsoeje10s.ServletContextRequest@1511514b{ogsoejs.SecureRequestCustomizer$SecureRequestWithSslSessionData@2b4bdd7c` +
  `{${method}@5f8449bb ${address} HTTP/1.1}}}`;

const log = [
  "2026-11-24T19:52:09.000Z INFO Server Started ogsoejs.Server@2ba5aa7a{STARTING}[12.1.10,sto=0] @57ms",
  line("10.000", "GET", "https://company-hive.s3.aws.test/?delimiter=%2F&max-keys=1000&prefix=hive%2Fa+b%2F"),
  line("10.100", "HEAD", "https://company-hive.s3.aws.test/hive/a%20b/part-0.parquet"),
  "2026-11-24T19:52:10.101Z DEBUG S3ProxyHandler sendSimpleErrorResponse: 404 NoSuchKey The specified key does not exist. {}",
  line("11.000", "GET", "https://company-hive.s3.aws.test/hive/a%20b/part-0.parquet"),
  line("12.000", "GET", "https://s3.aws.test/"),
  "",
].join("\n");

it("reads each request from a server's log: a bucket's GET is a LIST, and the bucket is the host's first part", () => {
  const at = (seconds: string): number => Date.parse(`2026-11-24T19:52:${seconds}Z`);
  expect(requestsIn(log, "s3.aws.test")).toEqual([
    { time: at("10.000"), kind: "LIST", bucket: "company-hive", key: "", prefix: "hive/a b/" },
    { time: at("10.100"), kind: "HEAD", bucket: "company-hive", key: "hive/a b/part-0.parquet", prefix: "" },
    { time: at("11.000"), kind: "GET", bucket: "company-hive", key: "hive/a b/part-0.parquet", prefix: "" },
    { time: at("12.000"), kind: "LIST", bucket: "", key: "", prefix: "" },
  ]);
});

it("counts them by kind", () => {
  expect(countByKind(requestsIn(log, "s3.aws.test"))).toEqual({ LIST: 2, HEAD: 1, GET: 1 });
});
