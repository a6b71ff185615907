/** Small configurations for the tests: a VPC with a public and a private subnet, and servers in it. */
import type { Resources } from "./workspace";

type Arguments = Readonly<Record<string, unknown>>;

export const vpc: Arguments = { name: "test", ipv4_cidr_block: "10.20.0.0/16" };

export const acl = (name: string): Arguments => ({ name, vpc_no: "${ncloud_vpc.main.id}", description: "of a test" });

export const subnet = (type: "PUBLIC" | "PRIVATE", more: Arguments = {}): Arguments => ({
  name: `test-${type.toLowerCase()}`,
  vpc_no: "${ncloud_vpc.main.id}",
  subnet: type === "PUBLIC" ? "10.20.0.0/24" : "10.20.1.0/24",
  zone: "KR-1",
  network_acl_no: "${ncloud_vpc.main.default_network_acl_no}",
  subnet_type: type,
  usage_type: "GEN",
  ...more,
});

/** A rule of a group with every key, as Terraform's JSON wants it. */
export const groupRule = (more: Arguments): Arguments => ({
  protocol: "TCP",
  ip_block: null,
  source_access_control_group_no: null,
  port_range: null,
  description: null,
  ...more,
});

export const aclRule = (more: Arguments): Arguments => ({
  priority: 1,
  protocol: "TCP",
  rule_action: "ALLOW",
  ip_block: "0.0.0.0/0",
  deny_allow_group_no: null,
  port_range: null,
  description: null,
  ...more,
});

export const script = "#!/bin/sh\necho hello\n";

export const nic = (subnetName: string, ip: string): Arguments => ({
  name: `nic-${ip.replaceAll(".", "-")}`,
  subnet_no: `\${ncloud_subnet.${subnetName}.id}`,
  private_ip: ip,
  access_control_groups: ["${ncloud_access_control_group.main.id}"],
});

export const server = (subnetName: string, nicName: string, more: Arguments = {}): Arguments => ({
  name: "proxy-1",
  description: "a test's",
  subnet_no: `\${ncloud_subnet.${subnetName}.id}`,
  server_image_number: "sandbox-ubuntu-22.04-base",
  server_spec_code: "s2-g3",
  login_key_name: "aws2ncp",
  init_script_no: "${ncloud_init_script.main.id}",
  is_protect_server_termination: false,
  network_interface: [{ network_interface_no: `\${ncloud_network_interface.${nicName}.id}`, order: 0 }],
  ...more,
});

export const volume = (more: Arguments = {}): Arguments => ({
  name: "test-data",
  description: "data",
  server_instance_no: "${ncloud_server.main.id}",
  size: 10,
  hypervisor_type: "KVM",
  volume_type: "CB1",
  zone: "KR-1",
  return_protection: false,
  ...more,
});

/** VPC, both subnets, a group with rules. */
export const network: Resources = {
  ncloud_vpc: { main: vpc },
  ncloud_subnet: { public: subnet("PUBLIC"), private: subnet("PRIVATE") },
  ncloud_access_control_group: {
    main: { name: "test-main", description: "of a test", vpc_no: "${ncloud_vpc.main.id}" },
  },
  ncloud_access_control_group_rule: {
    main: {
      access_control_group_no: "${ncloud_access_control_group.main.id}",
      inbound: [groupRule({ ip_block: "10.20.0.0/16", port_range: "22" })],
      outbound: [groupRule({ ip_block: "0.0.0.0/0", port_range: "1-65535", description: "out" })],
    },
  },
};

/** The network with a server in the public subnet, its public IP and its volume. */
export const withServer = (
  more: { server?: Arguments; nic?: Arguments; script?: Arguments; volume?: Arguments } = {},
): Resources => ({
  ...network,
  ncloud_init_script: {
    main: { name: "test-init", description: "first boot", os_type: "LNX", content: script, ...more.script },
  },
  ncloud_network_interface: { main: { ...nic("public", "10.20.0.6"), ...more.nic } },
  ncloud_server: { main: server("public", "main", more.server) },
  ncloud_public_ip: { main: { description: "of proxy-1", server_instance_no: "${ncloud_server.main.id}" } },
  ncloud_block_storage: { main: volume(more.volume) },
});
