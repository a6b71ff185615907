/** Ports, doors and boundaries. */
import { edit, production, role, type Change } from "./change";

export const network: readonly Change[] = [
  {
    name: "operators from a wider block",
    edits: [production("admin_cidrs: [203.0.113.10/32]", "admin_cidrs: [203.0.113.0/24]")],
    there: [],
    back: [],
  },
  {
    name: "operators from one more block",
    edits: [production("admin_cidrs: [203.0.113.10/32]", "admin_cidrs: [203.0.113.10/32, 198.51.100.0/28]")],
    there: [],
    back: [],
  },
  {
    name: "operators from a 256th of the internet",
    edits: [production("admin_cidrs: [203.0.113.10/32]", "admin_cidrs: [64.0.0.0/8]")],
    there: [],
    back: [],
  },
  {
    name: "a way out of the sync hosts",
    edits: [
      edit(
        "pipeline/flows.ts",
        '  flow("proxy", "internet", 443, "TCP"',
        '  flow("sync", "internet", 443, "TCP", "tls", "direct"),\n  flow("proxy", "internet", 443, "TCP"',
      ),
    ],
    there: [],
    back: [],
  },
  {
    name: "a port of the sync hosts for the proxy",
    edits: [
      edit(
        "pipeline/flows.ts",
        '  flow("proxy", "internet", 443, "TCP"',
        '  flow("proxy", "sync", 9100, "TCP", "http", "figures"),\n  flow("proxy", "internet", 443, "TCP"',
      ),
    ],
    there: [],
    back: [],
  },
  {
    name: "port B for the internet",
    edits: [
      edit("pipeline/flows.ts", 'flow("private", "proxy", PORTS.proxyB', 'flow("internet", "proxy", PORTS.proxyB'),
    ],
    there: [],
    back: [],
  },
  {
    name: "a wider block of Object Storage",
    edits: [production("cidrs: [169.254.0.0/16]", "cidrs: [169.254.0.0/16, 203.0.113.128/25]")],
    there: [],
    back: [],
  },
  {
    name: "boundaries that drop no ICMP",
    edits: [edit("constructs/network/network-acl.ts", '  { protocol: "ICMP", portRange: UNUSED },\n', "")],
    there: [],
    back: [],
  },
  {
    name: "firewalls that let pass what they don't know",
    edits: [
      role(
        "firewall/templates/firewall.nft.j2",
        "hook input priority filter; policy drop;",
        "hook input priority filter; policy accept;",
      ),
    ],
    there: [],
    back: [],
  },
  {
    name: "a NAT gateway",
    edits: [
      edit(
        "stacks/network.ts",
        'import type { Construct } from "constructs";',
        'import type { Construct } from "constructs";\nimport { NatGateway } from "@cdktf/provider-ncloud/lib/nat-gateway";',
      ),
      edit(
        "stacks/network.ts",
        '    subnet("public");',
        '    const outside = subnet("public");\n    new NatGateway(this, "nat", { vpcNo: vpc.vpcId, zone: plan.platform.zone, name: "aws2ncp-nat", subnetNo: outside.subnetId });',
      ),
    ],
    there: [],
    back: [],
  },
  {
    name: "a proxy that stands by",
    edits: [
      production("  sync-1:\n", "  proxy-2: { image: ubuntu-22.04-base, spec: s2-g3, reason: stands by }\n  sync-1:\n"),
    ],
    there: [],
    back: [],
  },
  {
    name: "a subnet with another block",
    edits: [production("private_subnet: 10.30.1.0/24", "private_subnet: 10.30.2.0/24")],
    there: [],
    back: [],
  },
];
