/** Ports, doors and boundaries. */
import { edit, production, role, type Change } from "./change";

export const network: readonly Change[] = [
  {
    name: "operators from a wider block",
    edits: [production("admin_cidrs: [203.0.113.10/32]", "admin_cidrs: [203.0.113.0/24]")],
    there: ["high network-opened network/proxy-group/rules"],
    back: ["info network-narrowed network/proxy-group/rules"],
  },
  {
    name: "operators from one more block",
    edits: [production("admin_cidrs: [203.0.113.10/32]", "admin_cidrs: [203.0.113.10/32, 198.51.100.0/28]")],
    there: ["high network-opened network/proxy-group/rules"],
    back: ["info network-narrowed network/proxy-group/rules"],
  },
  {
    name: "operators from a 256th of the internet",
    edits: [production("admin_cidrs: [203.0.113.10/32]", "admin_cidrs: [64.0.0.0/8]")],
    there: ["high network-opened network/proxy-group/rules", "info network-narrowed network/proxy-group/rules"],
    back: ["high network-opened network/proxy-group/rules", "info network-narrowed network/proxy-group/rules"],
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
    there: ["high way-out-opened network/sync-group/rules"],
    back: ["info network-narrowed network/sync-group/rules"],
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
    there: [
      "high ssh-widened proxy-1:/etc/ssh/sshd_config.d/00-aws2ncp.conf",
      "medium network-opened network/proxy-group/rules",
      "medium network-opened network/sync-group/rules",
    ],
    back: [
      "info network-narrowed network/proxy-group/rules",
      "info network-narrowed network/sync-group/rules",
      "info ssh-narrowed proxy-1:/etc/ssh/sshd_config.d/00-aws2ncp.conf",
    ],
  },
  {
    name: "port B for the internet",
    edits: [
      edit("pipeline/flows.ts", 'flow("private", "proxy", PORTS.proxyB', 'flow("internet", "proxy", PORTS.proxyB'),
    ],
    there: ["critical internet-opened network/proxy-group/rules", "info network-narrowed network/sync-group/rules"],
    back: ["medium network-opened network/sync-group/rules", "info network-narrowed network/proxy-group/rules"],
  },
  {
    name: "a wider block of Object Storage",
    edits: [production("cidrs: [169.254.0.0/16]", "cidrs: [169.254.0.0/16, 203.0.113.128/25]")],
    there: ["high way-out-opened network/sync-group/rules"],
    back: ["info network-narrowed network/sync-group/rules"],
  },
  {
    name: "boundaries that drop no ICMP",
    edits: [edit("constructs/network/network-acl.ts", '  { protocol: "ICMP", portRange: UNUSED },\n', "")],
    there: ["critical internet-opened network/private-acl/rules", "high way-out-opened network/private-acl/rules"],
    back: ["info network-narrowed network/private-acl/rules", "info network-narrowed network/private-acl/rules"],
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
    there: ["critical internet-opened proxy-1:/etc/aws2ncp/firewall.nft"],
    back: ["info network-narrowed proxy-1:/etc/aws2ncp/firewall.nft"],
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
    there: ["high way-out-opened network/nat"],
    back: ["info way-out-closed network/nat"],
  },
  {
    name: "a proxy that stands by",
    edits: [
      production("  sync-1:\n", "  proxy-2: { image: ubuntu-22.04-base, spec: s2-g3, reason: stands by }\n  sync-1:\n"),
    ],
    there: [
      "critical internet-opened transfer/proxy-2/address",
      "high iam-widened source/reader",
      "high ssh-widened proxy-2:/etc/ssh/sshd_config.d/00-aws2ncp.conf",
      "medium network-opened network/proxy-group/rules",
      "medium network-opened network/proxy-group/rules",
      "low network-opened network/proxy-group/rules",
      "low ssh-widened proxy-1:/etc/ssh/sshd_config.d/00-aws2ncp.conf",
      "low secret-spread proxy-2:/etc/squid/tls/client-ca.crt",
      "low secret-spread proxy-2:/etc/squid/tls/client.crl",
      "low secret-spread proxy-2:/etc/squid/tls/server.crt",
      "low secret-spread proxy-2:/etc/squid/tls/server.key",
    ],
    back: [
      "high server-removed transfer/proxy-2/server",
      "high resource-removed transfer/proxy-2/address",
      "info network-narrowed network/proxy-group/rules",
      "info network-narrowed network/proxy-group/rules",
      "info network-narrowed network/proxy-group/rules",
      "info way-out-closed transfer/proxy-2/address",
      "info iam-narrowed source/reader",
      "info ssh-narrowed proxy-1:/etc/ssh/sshd_config.d/00-aws2ncp.conf",
    ],
  },
  {
    name: "a subnet with another block",
    edits: [production("private_subnet: 10.30.1.0/24", "private_subnet: 10.30.2.0/24")],
    there: [
      "critical data-replaced transfer/sync-1/server",
      "high ssh-widened proxy-1:/etc/ssh/sshd_config.d/00-aws2ncp.conf",
      "high proxy-clients-widened proxy-1:/etc/squid/squid.conf",
      "high resource-replaced network/private",
      "medium network-opened network/proxy-group/rules",
      "medium network-opened network/proxy-group/rules",
      "medium network-opened network/proxy-group/rules",
      "medium network-opened network/proxy-group/rules",
      "medium proxy-clients-widened proxy-1:/etc/squid/squid.conf",
      "info network-narrowed network/proxy-group/rules",
      "info network-narrowed network/proxy-group/rules",
      "info network-narrowed network/proxy-group/rules",
      "info network-narrowed network/proxy-group/rules",
      "info ssh-narrowed proxy-1:/etc/ssh/sshd_config.d/00-aws2ncp.conf",
      "info proxy-clients-narrowed proxy-1:/etc/squid/squid.conf",
      "info proxy-clients-narrowed proxy-1:/etc/squid/squid.conf",
    ],
    back: [
      "critical data-replaced transfer/sync-1/server",
      "high ssh-widened proxy-1:/etc/ssh/sshd_config.d/00-aws2ncp.conf",
      "high proxy-clients-widened proxy-1:/etc/squid/squid.conf",
      "high resource-replaced network/private",
      "medium network-opened network/proxy-group/rules",
      "medium network-opened network/proxy-group/rules",
      "medium network-opened network/proxy-group/rules",
      "medium network-opened network/proxy-group/rules",
      "medium proxy-clients-widened proxy-1:/etc/squid/squid.conf",
      "info network-narrowed network/proxy-group/rules",
      "info network-narrowed network/proxy-group/rules",
      "info network-narrowed network/proxy-group/rules",
      "info network-narrowed network/proxy-group/rules",
      "info ssh-narrowed proxy-1:/etc/ssh/sshd_config.d/00-aws2ncp.conf",
      "info proxy-clients-narrowed proxy-1:/etc/squid/squid.conf",
      "info proxy-clients-narrowed proxy-1:/etc/squid/squid.conf",
    ],
  },
];
