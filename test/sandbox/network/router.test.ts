import { DROP_REASONS, nicInterface, renderRouter } from "../../../sandbox/network";
import type { GroupRule, NetworkModel } from "../../../sandbox/network";
import { aclRule, cloud, nic, PRIVATE, PUBLIC, tcp } from "./models";

/** Lines of one chain or set of the script, without their indentation. */
function block(script: string, head: string): string[] {
  const lines = script.split("\n").map((line) => line.trim());
  const start = lines.indexOf(`${head} {`);
  if (start < 0) throw new Error(`no ${head} in\n${script}`);
  return lines.slice(start + 1, lines.indexOf("}", start));
}

const inbound = (...rules: GroupRule[]): NetworkModel =>
  cloud({ groups: [{ id: "g", inbound: rules, outbound: [] }], nics: [], publicIps: [] });

describe("renderRouter", () => {
  it("replaces the whole table in one transaction", () => {
    expect(renderRouter(cloud()).split("\n").slice(0, 3)).toEqual([
      "table ip sandbox",
      "delete table ip sandbox",
      "table ip sandbox {",
    ]);
  });

  it("carries the counters over", () => {
    const script = renderRouter(cloud(), { acl_inbound: { packets: 3, bytes: 180 } });
    expect(script).toContain("  counter acl_inbound { packets 3 bytes 180 }\n");
    expect(script.match(/^ {2}counter \w+ \{ packets 0 bytes 0 \}$/gm)).toHaveLength(DROP_REASONS.length - 1);
  });

  it("asks in the order routes, ACLs, connections, groups", () => {
    expect(block(renderRouter(cloud()), "chain forward")).toEqual([
      "type filter hook forward priority filter; policy accept;",
      "jump routes",
      'oifname "nowhere" counter name no_route drop',
      "jump boundaries",
      "ct state { established, related } accept",
      "ct state invalid counter name invalid drop",
      "ip saddr @nics jump groups_outbound",
      "ip daddr @nics jump groups_inbound",
    ]);
  });

  it("binds every sender to its own address", () => {
    const script = renderRouter(cloud());
    expect(block(script, "chain senders")).toEqual([
      "type filter hook prerouting priority raw; policy accept;",
      'iifname "lo" accept',
      "iifname . ip saddr != @bound counter name spoofed drop",
    ]);
    const [, elements] = block(script, "set bound");
    expect(elements).toBe(
      'elements = { "outside" . 198.51.100.1, "peer-aws" . 198.51.100.10, "peer-packages" . 198.51.100.20, ' +
        '"peer-unlisted" . 198.51.100.30, "peer-alerts" . 198.51.100.35, "peer-outsider" . 198.51.100.40, "peer-ncp" . 198.51.100.65, ' +
        '"peer-time" . 198.51.100.67, "nic-0a140006" . 10.20.0.6, "nic-0a140106" . 10.20.1.6, "nic-0a140107" . 10.20.1.7 }',
    );
  });

  it("names interfaces within the 15 characters that Linux allows", () => {
    expect(nicInterface("10.20.1.6")).toBe("nic-0a140106");
    expect(nicInterface("255.255.255.255")).toHaveLength(12);
  });

  it("says where private subnets may go", () => {
    expect(block(renderRouter(cloud()), "chain routes")).toEqual([
      "ip saddr @subnets ip daddr @subnets return",
      "ip saddr @subnets ip daddr 198.51.100.64/26 return",
      "ip saddr @subnets ip saddr != @published ip saddr != @natted counter name no_internet drop",
      "ip daddr @subnets ct state { established, related } return",
      "ip daddr @subnets ct status dnat return",
      "ip daddr @subnets counter name private_address drop",
      'oifname "outside" ct state { established, related } return',
      'oifname "outside" counter name this_machine drop',
    ]);
  });

  it("lets a public address work in a public subnet only", () => {
    const publicIps = [
      { ip: "198.51.100.129", privateIp: "10.20.0.6" },
      { ip: "198.51.100.254", privateIp: "10.20.1.6" },
    ];
    expect(block(renderRouter(cloud({ publicIps })), "set published")).toEqual([
      "type ipv4_addr;",
      "elements = { 10.20.0.6 }",
    ]);
  });

  it("opens a private subnet by its NAT gateway, never a public one", () => {
    const subnets = cloud().subnets.map((subnet) => ({ ...subnet, internet: true }));
    expect(block(renderRouter(cloud({ subnets })), "set natted")).toContain(`elements = { ${PRIVATE} }`);
    expect(block(renderRouter(cloud()), "set natted")).toEqual(["type ipv4_addr;", "flags interval; auto-merge;"]);
  });

  it("translates public addresses for what comes from outside, and platform services never", () => {
    const script = renderRouter(cloud());
    expect(block(script, "chain public_to_private").slice(1)).toEqual([
      'iifname != "nic-*" dnat to ip daddr map { 198.51.100.129 : 10.20.0.6 }',
    ]);
    expect(block(script, "chain private_to_public").slice(1)).toEqual([
      "ip daddr @subnets return",
      "ip daddr 198.51.100.64/26 return",
      "snat to ip saddr map { 10.20.0.6 : 198.51.100.129 }",
      "ip saddr @natted snat to 198.51.100.128",
    ]);
    expect(block(renderRouter(cloud({ publicIps: [] })), "chain public_to_private")).toHaveLength(1);
  });
});

describe("network ACLs", () => {
  it("stand at the boundaries of their subnets, in both directions", () => {
    expect(block(renderRouter(cloud()), "chain boundaries")).toEqual([
      `ip saddr ${PUBLIC} ip daddr != ${PUBLIC} jump acl_1_outbound`,
      `ip daddr ${PUBLIC} ip saddr != ${PUBLIC} jump acl_1_inbound`,
      `ip saddr ${PRIVATE} ip daddr != ${PRIVATE} jump acl_2_outbound`,
      `ip daddr ${PRIVATE} ip saddr != ${PRIVATE} jump acl_2_inbound`,
    ]);
  });

  it("are asked from the lowest priority number up", () => {
    const acl = {
      id: "1",
      inbound: [
        aclRule({ priority: 100 }),
        aclRule({ priority: 9, ipBlock: "10.20.1.0/24", portRange: "1024-65535", action: "ALLOW" }),
        aclRule({ priority: 10, protocol: "UDP", portRange: "53" }),
      ],
      outbound: [aclRule({ protocol: "ICMP", ipBlock: "10.20.1.6/32" })],
    };
    const script = renderRouter(cloud({ acls: [acl, { id: "2", inbound: [], outbound: [] }] }));
    expect(block(script, "chain acl_1_inbound")).toEqual([
      "ip saddr 10.20.1.0/24 tcp dport 1024-65535 return",
      "udp dport 53 counter name acl_inbound drop",
      "meta l4proto tcp counter name acl_inbound drop",
    ]);
    expect(block(script, "chain acl_1_outbound")).toEqual([
      "ip daddr 10.20.1.6/32 meta l4proto icmp counter name acl_outbound drop",
    ]);
    expect(block(script, "chain acl_2_inbound")).toEqual([]);
  });
});

describe("access control groups", () => {
  it("admit what any group of the interface admits, and nothing else", () => {
    const groups = [
      { id: "a", inbound: [tcp("0.0.0.0/0", "22")], outbound: [] },
      { id: "b", inbound: [{ protocol: "ICMP", sourceGroupId: "a", portRange: null }], outbound: [tcp(PUBLIC, null)] },
    ];
    const nics = [nic("h", "10.20.0.6", "1", "a", "b"), nic("i", "10.20.0.7", "1")];
    const script = renderRouter(cloud({ groups, nics }));
    expect(block(script, "chain groups_inbound")).toEqual([
      "ip daddr @group_a tcp dport 22 return",
      "ip daddr @group_b ip saddr @group_a meta l4proto icmp return",
      "counter name group_inbound drop",
    ]);
    expect(block(script, "chain groups_outbound")).toEqual([
      "ip saddr @group_b ip daddr 10.20.0.0/24 meta l4proto tcp return",
      "counter name group_outbound drop",
    ]);
    expect(block(script, "set group_a")).toEqual(["type ipv4_addr;", "elements = { 10.20.0.6 }"]);
    expect(block(script, "set nics")).toEqual(["type ipv4_addr;", "elements = { 10.20.0.6, 10.20.0.7 }"]);
  });

  it.each([
    ["1", "tcp dport 1"],
    ["65535", "tcp dport 65535"],
    ["1-65535", "tcp dport 1-65535"],
    ["22-22", "tcp dport 22"],
  ])("take the port range %s", (portRange, expected) => {
    expect(block(renderRouter(inbound(tcp("0.0.0.0/0", portRange))), "chain groups_inbound")[0]).toBe(
      `ip daddr @group_g ${expected} return`,
    );
  });

  it.each(["0", "65536", "2-1", "22,80", "", "22 accept", "0-5"])("refuse the port range %p", (portRange) => {
    expect(() => renderRouter(inbound(tcp("0.0.0.0/0", portRange)))).toThrow(
      `sandbox network: port_range: ${JSON.stringify(portRange)}\n  allowed: one port or FIRST-LAST, from 1 to 65535`,
    );
  });

  it.each([
    ["1", "meta l4proto 1"],
    ["254", "meta l4proto 254"],
  ])("take the protocol number %s", (protocol, expected) => {
    const script = renderRouter(inbound({ protocol, ipBlock: PUBLIC, portRange: null }));
    expect(block(script, "chain groups_inbound")[0]).toBe(`ip daddr @group_g ip saddr ${PUBLIC} ${expected} return`);
  });

  it.each(["0", "255", "SCTP", "tcp; drop"])("refuse the protocol %p", (protocol) => {
    expect(() => renderRouter(inbound({ protocol, ipBlock: PUBLIC, portRange: null }))).toThrow(
      "allowed: TCP, UDP, ICMP or a number from 1 to 254",
    );
  });

  it.each(["10.20.0.1/24", "10.20.0.0", "::/0", "0.0.0.0/0; accept"])("refuse the block %p", (ipBlock) => {
    expect(() => renderRouter(inbound(tcp(ipBlock, "22")))).toThrow(`sandbox network: ip_block: "${ipBlock}"`);
  });

  it("refuse a rule with both ends or none", () => {
    expect(() => renderRouter(inbound({ protocol: "TCP", portRange: "22" }))).toThrow("one of the two");
    expect(() => renderRouter(inbound({ ...tcp(PUBLIC, "22"), sourceGroupId: "g" }))).toThrow("one of the two");
  });
});

describe("a model that contradicts itself is refused", () => {
  it.each<[string, Partial<NetworkModel>, string]>([
    [
      "an address outside its subnet",
      { nics: [nic("h", "10.20.1.6", "1")] },
      'address of interface nic_h: "10.20.1.6"',
    ],
    ["two interfaces with one address", { nics: [nic("h", "10.20.0.6", "1"), nic("i", "10.20.0.6", "1")] }, "nic_i"],
    [
      "an unknown subnet",
      { nics: [nic("h", "10.20.0.6", "9")] },
      'subnet of interface nic_h: "9"\n  allowed: one of 1, 2',
    ],
    ["an unknown group", { nics: [nic("h", "10.20.0.6", "1", "x")] }, 'group of interface nic_h: "x"'],
    ["an unknown ACL", { acls: [] }, 'network ACL of subnet 1: "1"\n  allowed: one of none yet'],
    ["a public IP of nobody", { publicIps: [{ ip: "198.51.100.130", privateIp: "10.20.0.9" }] }, "10.20.0.9"],
    [
      "an id that is no name",
      {
        acls: [
          { id: "1", inbound: [], outbound: [] },
          { id: "2 {", inbound: [], outbound: [] },
        ],
        subnets: [],
        nics: [],
        publicIps: [],
      },
      'id of the acl: "2 {"',
    ],
  ])("%s", (_, over, message) => {
    expect(() => renderRouter(cloud(over))).toThrow(message);
  });
});
