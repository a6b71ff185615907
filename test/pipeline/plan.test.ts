import { planOf } from "../../pipeline/plan";
import { examplePipeline } from "../fixtures/pipeline";

const plan = planOf(examplePipeline());

it("gives each host its role's place in its subnet", () => {
  expect(plan.hosts.map(({ name, fqdn, role, subnet, address }) => ({ name, fqdn, role, subnet, address }))).toEqual([
    { name: "proxy-1", fqdn: "proxy-1.aws2ncp.internal", role: "proxy", subnet: "public", address: "10.20.0.6" },
    { name: "sync-1", fqdn: "sync-1.aws2ncp.internal", role: "sync", subnet: "private", address: "10.20.1.6" },
  ]);
});

it("starts a day in Korea at 15:00 UTC of the day before", () => {
  expect(plan.datasets[0]).toMatchObject({ start: "2019-12-31T15:00:00Z" });
});

it("names who each party is", () => {
  expect(plan.parties).toEqual({
    admin: ["198.51.100.1/32"],
    airflow: [],
    hdp: [],
    internet: ["0.0.0.0/0"],
    "name-servers": ["169.254.169.53/32"],
    "object-storage": ["198.51.100.64/26"],
    private: ["10.20.1.6/32"],
    presto: [],
    proxy: ["10.20.0.6/32"],
    sync: ["10.20.1.6/32"],
    "time-servers": ["0.0.0.0/0"],
  });
});

it("lets no private host reach the internet", () => {
  const fromPrivate = plan.flows.filter((flow) => ["private", "sync"].includes(flow.from));
  expect([...new Set(fromPrivate.map((flow) => flow.to))].sort()).toEqual(["name-servers", "object-storage", "proxy"]);
});

it("admits only the datasets' buckets on port A", () => {
  expect(plan.proxy).toEqual({
    active: "proxy-1",
    portA: 3129,
    portB: 3128,
    innerPort: 3130,
    bucketHosts: ["company-api-log.s3.aws.test", "company-event-log.s3.aws.test", "company-hive.s3.aws.test"],
    packageHosts: ["packages.ncp.test"],
  });
});

it("makes a bucket for each target and one for replaced objects", () => {
  expect(plan.buckets).toEqual([
    { name: "aws2ncp-api-log", purpose: "api_log" },
    { name: "aws2ncp-event-log", purpose: "event_log" },
    { name: "aws2ncp-hive", purpose: "hive" },
    { name: "aws2ncp-replaced", purpose: "replaced" },
  ]);
});

it("keeps every address when a host's neighbour gets one of its own", () => {
  const moved = planOf(examplePipeline(["  sync-1:\n", "  sync-1:\n    address: 10.20.1.9\n"]));
  expect(moved.hosts.map((host) => host.address)).toEqual(["10.20.0.6", "10.20.1.9"]);
});

it("is the same for the same file", () => {
  expect(JSON.stringify(planOf(examplePipeline()))).toBe(JSON.stringify(plan));
});
