import { checkConfig } from "@cdktf/provider-ncloud/rules";

/** Violations of a configuration as "path problem (who refuses)". */
const violationsOf = (type: string, config: Record<string, unknown>): string[] =>
  checkConfig(type, config).map(({ path, problem, checked }) => `${path} ${problem} (${checked})`);

describe("a whole configuration", () => {
  it("passes when it is right", () => {
    expect(violationsOf("ncloud_vpc", { name: "vpc", ipv4_cidr_block: "10.20.0.0/16" })).toEqual([]);
    expect(
      violationsOf("ncloud_server", {
        name: "proxy-1",
        subnet_no: "${ncloud_subnet.public.id}",
        server_image_number: "25495367",
        server_spec_code: "s2-g3",
        network_interface: [{ network_interface_no: "${ncloud_network_interface.proxy.id}", order: 0 }],
        timeouts: { create: "60m" },
      }),
    ).toEqual([]);
  });

  it("tells every violation, with indexes, and not only the first", () => {
    const config = {
      name: "Ab",
      subnet_no: "1",
      server_image_number: "1",
      colour: "red",
      network_interface: [{ network_interface_no: "1", order: 3 }, { order: 1 }],
    };
    expect(violationsOf("ncloud_server", config)).toEqual([
      "colour belongs to no argument (plan)",
      "name is 2 characters long (plan)",
      "name does not have the right form (plan)",
      "network_interface[0].order is out of range (plan)",
      "network_interface[1].network_interface_no is missing (plan)",
    ]);
  });

  it("refuses what the provider sets itself", () => {
    expect(checkConfig("ncloud_vpc", { ipv4_cidr_block: "10.20.0.0/16", vpc_no: "7" })).toEqual([
      {
        path: "vpc_no",
        problem: "can't be written: the provider sets it",
        found: '"7"',
        allowed: "nothing",
        checked: "plan",
      },
    ]);
  });

  it("asks for required arguments and blocks, members of object types included", () => {
    expect(violationsOf("ncloud_vpc", {})).toEqual(["ipv4_cidr_block is missing (plan)"]);
    expect(violationsOf("ncloud_ses_cluster", {})).toContain("data_node is missing (plan)");
    expect(
      violationsOf("ncloud_access_control_group_rule", {
        access_control_group_no: "1",
        inbound: [{ ip_block: "0.0.0.0/0" }],
      }),
    ).toEqual(["inbound[0].protocol is missing (plan)"]);
  });

  it("limits how often a block stands", () => {
    const nic = (order: number) => ({ network_interface_no: String(order), order });
    const config = { subnet_no: "1", server_image_number: "1" };
    const withNics = (count: number) => ({ ...config, network_interface: Array.from({ length: count }, () => nic(0)) });
    expect(violationsOf("ncloud_server", withNics(3))).toEqual([]);
    expect(violationsOf("ncloud_server", withNics(4))).toEqual(["network_interface has 4 elements (plan)"]);
  });
});

describe("attributes together", () => {
  const volume = { server_instance_no: "1", size: 10, zone: "KR-1" };

  it("conflicts_with", () => {
    expect(violationsOf("ncloud_block_storage", { ...volume, disk_detail_type: "SSD" })).toEqual([]);
    expect(
      violationsOf("ncloud_block_storage", {
        ...volume,
        disk_detail_type: "SSD",
        volume_type: "SSD",
        hypervisor_type: "XEN",
      }),
    ).toEqual([
      "disk_detail_type conflicts with volume_type (plan)",
      "volume_type conflicts with disk_detail_type (plan)",
    ]);
  });

  it("waits for what is not known yet", () => {
    const both = { ...volume, disk_detail_type: "SSD", volume_type: "${var.type}", hypervisor_type: "XEN" };
    expect(violationsOf("ncloud_block_storage", both)).toEqual([]);
  });

  it("required_with", () => {
    expect(violationsOf("ncloud_block_storage", { ...volume, volume_type: "CB1" })).toEqual([
      "volume_type stands without hypervisor_type (plan)",
    ]);
  });

  it("values that another attribute decides", () => {
    const kvm = { ...volume, hypervisor_type: "KVM" };
    expect(violationsOf("ncloud_block_storage", { ...kvm, volume_type: "CB1" })).toEqual([]);
    expect(checkConfig("ncloud_block_storage", { ...kvm, volume_type: "SSD" })).toEqual([
      {
        path: "volume_type",
        problem: 'does not go with hypervisor_type = "KVM"',
        found: '"SSD"',
        allowed: "FB1, CB1, FB2, CB2",
        checked: "plan",
      },
    ]);
    const lb = { type: "NETWORK", subnet_no_list: ["1"] };
    expect(violationsOf("ncloud_lb", { ...lb, throughput_type: "SMALL", idle_timeout: 60 })).toEqual([
      'idle_timeout conflicts with type = "NETWORK" (plan)',
      'throughput_type does not go with type = "NETWORK" (plan)',
    ]);
  });

  it("needs_true looks at what is written, not at defaults", () => {
    expect(violationsOf("ncloud_postgresql", { multi_zone: true, ha: true })).not.toContain(
      "multi_zone stands without ha = true (plan)",
    );
    expect(violationsOf("ncloud_postgresql", { multi_zone: true })).toContain(
      "multi_zone stands without ha = true (plan)",
    );
  });

  const acg = (rule: object) => ({ access_control_group_no: "1", inbound: [rule] });

  it("exactly one source of an access control group rule, refused at apply", () => {
    const rule = { protocol: "TCP", port_range: "22", description: "" };
    expect(violationsOf("ncloud_access_control_group_rule", acg({ ...rule, ip_block: "10.0.0.0/8" }))).toEqual([]);
    expect(
      violationsOf("ncloud_access_control_group_rule", acg({ ...rule, source_access_control_group_no: "2" })),
    ).toEqual([]);
    expect(violationsOf("ncloud_access_control_group_rule", acg(rule))).toEqual([
      "inbound[0].ip_block is missing (apply)",
    ]);
    expect(
      violationsOf(
        "ncloud_access_control_group_rule",
        acg({ ...rule, ip_block: "10.0.0.0/8", source_access_control_group_no: "2" }),
      ),
    ).toEqual(["inbound[0].source_access_control_group_no is one too many (apply)"]);
  });

  it("no ports for ICMP, which would never converge", () => {
    const icmp = { protocol: "ICMP", ip_block: "0.0.0.0/0" };
    expect(violationsOf("ncloud_access_control_group_rule", acg(icmp))).toEqual([]);
    expect(violationsOf("ncloud_access_control_group_rule", acg({ ...icmp, port_range: "1" }))).toEqual([
      'inbound[0].port_range can\'t be written with protocol = "ICMP" (never)',
    ]);
  });

  it("a priority of its own for each network ACL rule of a direction", () => {
    const rule = (priority: number) => ({ priority, protocol: "TCP", rule_action: "ALLOW", ip_block: "0.0.0.0/0" });
    const config = { network_acl_no: "1", inbound: [rule(1), rule(2), rule(1)], outbound: [rule(1)] };
    expect(violationsOf("ncloud_network_acl_rule", config)).toEqual([
      "inbound[2].priority is taken by inbound[0] (api)",
    ]);
  });

  it("arguments that only apply asks for", () => {
    expect(violationsOf("ncloud_nat_gateway", { vpc_no: "1", zone: "KR-1" })).toEqual(["subnet_no is missing (apply)"]);
    expect(violationsOf("ncloud_server", { subnet_no: "1" })).toEqual(["server_image_number is missing (apply)"]);
    expect(
      violationsOf("ncloud_block_storage", {
        server_instance_no: "1",
        size: 10,
        hypervisor_type: "KVM",
        volume_type: "CB1",
      }),
    ).toEqual(['zone is missing with hypervisor_type = "KVM" (apply)']);
  });
});
