import { inboundRules, outboundRules, tunnelEnds } from "../../../constructs/provisioning/render-firewall";
import { examplePlan, fileOf, hostIn, rendered } from "./plans";

const plan = examplePlan();
const short = (rules: ReturnType<typeof inboundRules>): string[] =>
  rules.map((rule) => `${rule.blocks.join(",") || "anybody"} ${rule.protocol}/${rule.port}`);

it("proxy-1 is reached by operators, by sync hosts on port A, by private hosts on port B and for time", () => {
  expect(short(inboundRules(plan, hostIn(plan, "proxy-1")))).toEqual([
    "198.51.100.1/32 tcp/22",
    "10.20.1.6/32 tcp/3129",
    "10.20.1.6/32 tcp/3128",
    "10.20.1.6/32 udp/123",
  ]);
});

it("proxy-1 is the one way out", () => {
  expect(short(outboundRules(plan, hostIn(plan, "proxy-1")))).toEqual([
    "10.20.1.6/32 tcp/22",
    "anybody tcp/443",
    "anybody tcp/80",
    "anybody udp/123",
    "169.254.169.53/32 udp/53",
    "169.254.169.53/32 tcp/53",
  ]);
});

it("sync-1 is reached through the bastion alone, and has no way to the internet", () => {
  expect(short(inboundRules(plan, hostIn(plan, "sync-1")))).toEqual(["10.20.0.6/32 tcp/22"]);
  expect(short(outboundRules(plan, hostIn(plan, "sync-1")))).toEqual([
    "10.20.0.6/32 tcp/3129",
    "10.20.0.6/32 tcp/3128",
    "10.20.0.6/32 udp/123",
    "198.51.100.64/26 tcp/443",
    "169.254.169.53/32 udp/53",
    "169.254.169.53/32 tcp/53",
  ]);
});

it("drops by default, both ways, and touches its own table only", () => {
  const table = fileOf(rendered(plan, "sync-1"), "/etc/aws2ncp/firewall.nft");
  expect(table.match(/policy \w+/g)).toEqual(["policy drop", "policy drop", "policy drop"]);
  expect(table).not.toContain("flush");
  expect(table.match(/(?<=^|^delete )table \S+ \S+/gm)).toEqual([
    "table inet aws2ncp",
    "table inet aws2ncp",
    "table inet aws2ncp",
  ]);
});

it("lets answers of older sessions out, but no new connection from a served port", () => {
  const table = fileOf(rendered(plan, "sync-1"), "/etc/aws2ncp/firewall.nft");
  expect(table.split("\n").filter((line) => line.includes("sport 22"))).toEqual([
    '    ip daddr { 10.20.0.6/32 } tcp sport 22 tcp flags & (fin | syn | rst | ack) != syn accept comment "answers in sessions older than this table"',
  ]);
});

it("the bastion tunnels to the ssh of private hosts and nowhere else; other hosts tunnel nowhere", () => {
  expect(tunnelEnds(plan, hostIn(plan, "proxy-1"))).toEqual([
    "10.20.1.6:22",
    "sync-1.aws2ncp.internal:22",
    "sync-1:22",
  ]);
  expect(tunnelEnds(plan, hostIn(plan, "sync-1"))).toEqual([]);
});
