/** A second proxy that stands by: everything is there for it, nothing goes through it until one line says so. */
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { boundaryRules } from "../../constructs/network/port-rules";
import { inboundRules, outboundRules, tunnelEnds } from "../../constructs/provisioning/render-firewall";
import type { Manifest } from "../../pipeline/manifest";
import { fileOf, hostIn, rendered, settings } from "../constructs/provisioning/plans";
import { countsOf, resourcesOf, synthStacks } from "../constructs/synth";
import { examplePlan } from "../fixtures/plan";

const STANDBY = [
  "  sync-1:\n",
  "  proxy-2: { image: ubuntu-22.04-base, spec: s2-g3, reason: takes over when proxy-1 fails }\n  sync-1:\n",
] as const;
const SWITCHED = ["  package_hosts:", "  active: proxy-2\n  package_hosts:"] as const;

const plan = examplePlan(STANDBY);
const switched = examplePlan(STANDBY, SWITCHED);
const outdir = mkdtempSync(join(tmpdir(), "synth-"));
const { network, transfer } = synthStacks(plan, { outdir });

it("is a server of its own with a protected address of its own, in the proxies' group", () => {
  expect(countsOf(transfer)).toMatchObject({ ncloud_server: 3, ncloud_public_ip: 2, ncloud_network_interface: 3 });
  expect(countsOf(network)).toMatchObject({ ncloud_access_control_group: 2 });
  const nics = resourcesOf(transfer, "ncloud_network_interface");
  expect(nics["proxy-2_server_nic"]).toMatchObject({ private_ip: "10.20.0.7" });
  expect(nics["proxy-2_server_nic"]?.["access_control_groups"]).toEqual(
    nics["proxy-1_server_nic"]?.["access_control_groups"],
  );
});

it("has its address told apart from the one that is in use", () => {
  expect(transfer.output).toMatchObject({
    proxy_address: { value: "${ncloud_public_ip.proxy-1_address.public_ip}" },
    standby_address: { value: "${ncloud_public_ip.proxy-2_address.public_ip}" },
  });
  expect(synthStacks(switched).transfer.output).toMatchObject({
    proxy_address: { value: "${ncloud_public_ip.proxy-2_address.public_ip}" },
    standby_address: { value: "${ncloud_public_ip.proxy-1_address.public_ip}" },
  });
});

it("runs the same squid on its own address, with the same certificate", () => {
  const [first, second] = ["proxy-1", "proxy-2"].map((name) => rendered(plan, name));
  expect(second?.secretFiles).toEqual(first?.secretFiles);
  const moved = fileOf(first!, "/etc/squid/squid.conf")
    .replaceAll("10.20.0.6", "10.20.0.7")
    .replace("visible_hostname proxy-1", "visible_hostname proxy-2");
  expect(fileOf(second!, "/etc/squid/squid.conf")).toBe(moved);
});

it("is reached by ssh through the other one, and the other one through it", () => {
  const reachedFrom = (name: string): string[] =>
    inboundRules(plan, hostIn(plan, name)).flatMap(({ blocks, port, protocol }) =>
      port === "22" && protocol === "tcp" ? blocks : [],
    );
  expect(reachedFrom("proxy-2")).toEqual(["198.51.100.1/32", "10.20.0.6/32", "10.20.0.7/32"]);
  expect(tunnelEnds(plan, hostIn(plan, "proxy-1"))).toContain("10.20.0.7:22");
  expect(tunnelEnds(plan, hostIn(plan, "proxy-2"))).toContain("10.20.0.6:22");
  expect(reachedFrom("sync-1")).toEqual(["10.20.0.6/32", "10.20.0.7/32"]);
});

it("lets private hosts use ports A, B and the time of both", () => {
  const out = outboundRules(plan, hostIn(plan, "sync-1")).filter(({ blocks }) => blocks.includes("10.20.0.7/32"));
  expect(out.map(({ port, protocol, blocks }) => [port, protocol, blocks])).toEqual([
    ["3129", "tcp", ["10.20.0.6/32", "10.20.0.7/32"]],
    ["3128", "tcp", ["10.20.0.6/32", "10.20.0.7/32"]],
    ["123", "udp", ["10.20.0.6/32", "10.20.0.7/32"]],
  ]);
  expect(settings(fileOf(rendered(plan, "sync-1"), "/etc/chrony/chrony.conf")).slice(0, 2)).toEqual([
    "server proxy-1.aws2ncp.internal iburst",
    "server proxy-2.aws2ncp.internal iburst",
  ]);
});

it("adds no rule to the boundary for what stays inside the public subnet", () => {
  const { public: subnet } = plan.network;
  const rules = boundaryRules(subnet.cidr, plan.network.vpcCidr, plan.flows, plan.parties);
  expect([...rules.inbound, ...rules.outbound].filter(({ description }) => /standby/.test(description))).toEqual([]);
});

const wayOut = (of: typeof plan): string[] => {
  const sync = rendered(of, "sync-1");
  const job = JSON.parse(fileOf(sync, "/etc/aws2ncp/sync/event_log.json")) as { environment: Record<string, string> };
  const apt = settings(fileOf(sync, "/etc/apt/apt.conf.d/90aws2ncp-proxy")).find((line) =>
    line.includes("http::Proxy"),
  );
  return [job.environment["HTTPS_PROXY"] ?? "", apt ?? ""];
};

it("is the way out and the bastion once the pipeline file says so", () => {
  expect(wayOut(plan)).toEqual([
    "https://proxy-1.aws2ncp.internal:3129",
    'Acquire::http::Proxy "http://proxy-1.aws2ncp.internal:3128";',
  ]);
  expect(wayOut(switched)).toEqual([
    "https://proxy-2.aws2ncp.internal:3129",
    'Acquire::http::Proxy "http://proxy-2.aws2ncp.internal:3128";',
  ]);
  const manifestOf = (folder: string): Manifest =>
    JSON.parse(readFileSync(join(folder, "stacks/transfer/artifacts/manifest.json"), "utf8")) as Manifest;
  expect([manifestOf(outdir).bastion, manifestOf(outdir).hosts.map(({ name }) => name)]).toEqual([
    "proxy-1",
    ["proxy-1", "proxy-2", "sync-1"],
  ]);
  const other = mkdtempSync(join(tmpdir(), "synth-"));
  synthStacks(switched, { outdir: other });
  expect([manifestOf(other).bastion, manifestOf(other).hosts.map(({ name }) => name)]).toEqual([
    "proxy-2",
    ["proxy-2", "proxy-1", "sync-1"],
  ]);
});

it("leaves one proxy's rules as they are without it", () => {
  expect(examplePlan().flows).toEqual(plan.flows.slice(0, -1));
});
