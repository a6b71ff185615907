import { checkValue, describeViolation, flatten, resourceFields, ruleOf, typesOf } from "@cdktf/provider-ncloud/rules";

/** What a value breaks, as "problem; allowed". */
const breaks = (type: string, path: string, value: unknown): string[] =>
  checkValue(type, path, value).map(({ problem, allowed }) => `${problem}; ${allowed}`);

const text = (length: number): string => "a".repeat(length);

describe("a value at its boundaries", () => {
  it.each([
    // type, path, just inside, just outside, what is said
    ["ncloud_vpc", "name", text(3), text(2), "is 2 characters long; 3 to 30 characters"],
    ["ncloud_vpc", "name", text(30), text(31), "is 31 characters long; 3 to 30 characters"],
    ["ncloud_nat_gateway", "description", text(1000), text(1001), "is 1001 characters long; at most 1000 characters"],
    ["ncloud_public_ip", "description", "a", "", "is 0 characters long; 1 to 10000 characters"],
    ["ncloud_redis", "image_product_code", "a", "", "is 0 characters long; at least 1 character"],
    ["ncloud_network_acl_rule", "inbound.priority", 0, -1, "is out of range; 0 to 199"],
    ["ncloud_network_acl_rule", "inbound.priority", 199, 200, "is out of range; 0 to 199"],
    ["ncloud_ses_cluster", "data_node.count", 3, 2, "is out of range; at least 3"],
    ["ncloud_block_storage", "size", 10, 0, "is out of range; 10 to 16380 in steps of 10"],
    ["ncloud_block_storage", "size", 16380, 16390, "is out of range; 10 to 16380 in steps of 10"],
    ["ncloud_block_storage", "size", 20, 15, "is no multiple of 10; 10 to 16380 in steps of 10"],
    [
      "ncloud_hadoop",
      "worker_node_data_storage_size",
      2000,
      2010,
      "is out of range; 100 to 2000 in steps of 10 or 4000, 6000",
    ],
    [
      "ncloud_hadoop",
      "worker_node_data_storage_size",
      6000,
      5000,
      "is out of range; 100 to 2000 in steps of 10 or 4000, 6000",
    ],
    ["ncloud_postgresql", "port", 5432, 5433, "is out of range; 10000 to 20000 or 5432"],
    ["ncloud_subnet", "usage_type", "NATGW", "NAT", "is none of the values; GEN, LOADB, BM, NATGW"],
    ["ncloud_subnet", "subnet_type", "PUBLIC", "public", "is none of the values; PUBLIC, PRIVATE"],
    ["ncloud_ses_cluster", "master_node.count", 5, 4, "is none of the values; 3, 5"],
    ["ncloud_access_control_group_rule", "inbound.protocol", "2", "6", "is refused; a value other than 1, 6, 17"],
    ["ncloud_vpc", "ipv4_cidr_block", "10.20.0.0/16", "10.20.0.1/16", "has host bits; 10.20.0.0/16"],
    [
      "ncloud_vpc",
      "ipv4_cidr_block",
      "10.0.0.0/8",
      "10.0.0.0/33",
      "is no IPv4 block; an IPv4 block such as 10.20.0.0/16",
    ],
    [
      "ncloud_network_acl_rule",
      "inbound.ip_block",
      "0.0.0.0/0",
      "",
      "is no IPv4 block; an IPv4 block such as 10.20.0.0/16",
    ],
    [
      "ncloud_network_acl_rule",
      "inbound.ip_block",
      "203.0.113.7/32",
      "203.0.113.7",
      "is no IPv4 block; an IPv4 block such as 10.20.0.0/16",
    ],
    [
      "ncloud_network_interface",
      "private_ip",
      "10.20.0.255",
      "10.20.0.256",
      "is no IPv4 address; an address such as 10.20.0.6",
    ],
    ["ncloud_redis", "backup_time", "23:59", "24:00", "is no time; a time such as 02:30"],
  ])("%s.%s takes %j and refuses %j", (type, path, good, bad, said) => {
    expect(breaks(type, path, good)).toEqual([]);
    expect(breaks(type, path, bad)).toEqual([said]);
  });

  it.each([
    ["1", []],
    ["65535", []],
    ["1-65535", []],
    ["22-22", []],
    ["", ["is no port and no range of ports"]],
    ["0", ["is no port and no range of ports"]],
    ["22,80", ["is no port and no range of ports"]],
    ["65536", ["is out of range"]],
    ["1-65536", ["is out of range"]],
    ["80-22", ["ends before it starts"]],
  ])("reads the port range %j", (range, problems) => {
    const found = checkValue("ncloud_access_control_group_rule", "inbound.port_range", range);
    expect(found.map(({ problem }) => problem)).toEqual(problems);
  });

  it.each([
    ["vpc-1", true],
    ["Vpc-1", false],
    ["1vpc", false],
    ["vpc_1", false],
    ["vpc-", false],
  ])("matches a name against all its patterns: %s", (name, good) => {
    const said = "does not have the right form; what matches ^[a-z][a-z0-9-]*$ and [^-_]$";
    expect(breaks("ncloud_vpc", "name", name)).toEqual(good ? [] : [said]);
  });

  it("counts bytes as the provider does, three for a Hangul syllable", () => {
    expect(breaks("ncloud_nat_gateway", "description", "가".repeat(333))).toEqual([]);
    expect(breaks("ncloud_nat_gateway", "description", "가".repeat(334))).toEqual([
      "is 1002 bytes in UTF-8 long; at most 1000 bytes in UTF-8",
    ]);
    expect(breaks("ncloud_postgresql", "service_name", "데이터-1")).toEqual([]);
    expect(breaks("ncloud_postgresql", "service_name", "데이터 1")[0]).toMatch(/^does not have the right form; /);
  });

  it("checks passwords without showing them", () => {
    const check = (value: string) => checkValue("ncloud_hadoop", "admin_user_password", value);
    expect(check("Secret-12")).toEqual([]);
    expect(check("secret-12")).toEqual([
      {
        path: "admin_user_password",
        problem: "does not have the right form",
        found: "(sensitive)",
        allowed: "what matches [A-Z] and \\d and [\\W_]",
        checked: "plan",
      },
    ]);
    expect(check("Secret 1/2").map(({ problem }) => problem)).toEqual(["contains / whitespace"]);
  });

  it("checks elements and their number", () => {
    const groups = (count: number): string[] => Array.from({ length: count }, (_, index) => String(index));
    const check = (value: unknown) => breaks("ncloud_network_interface", "access_control_groups", value);
    expect(check(groups(3))).toEqual([]);
    expect(check(groups(4))).toEqual(["has 4 elements; at most 3 elements"]);
    expect(check(["1", ""])).toEqual(["has an empty element; texts of at least one character"]);
    expect(check("1")).toEqual(["is no list; a list"]);
    expect(breaks("ncloud_lb_target_group_attachment", "target_no_list", [])).toEqual([
      "has 0 elements; at least 1 element",
    ]);
    expect(checkValue("ncloud_hadoop", "add_on_code_list", ["PRESTO", "SPARK"])).toEqual([
      {
        path: "add_on_code_list[1]",
        problem: "is none of the values",
        found: '"SPARK"',
        allowed: "PRESTO, HBASE, IMPALA, KUDU, TRINO, NIFI",
        checked: "plan",
      },
    ]);
  });

  it("checks the type before the value", () => {
    expect(breaks("ncloud_block_storage", "size", "10")).toEqual(["is no number; a number"]);
    expect(breaks("ncloud_server", "is_protect_server_termination", "true")).toEqual(["is no bool; true or false"]);
    expect(breaks("ncloud_vpc", "name", 3)).toEqual(["is no string; a string"]);
  });

  it("leaves alone what is not written and what is not known yet", () => {
    expect(breaks("ncloud_vpc", "name", null)).toEqual([]);
    expect(breaks("ncloud_vpc", "name", "${var.name}")).toEqual([]);
    const unknown = Symbol("unknown");
    expect(checkValue("ncloud_vpc", "name", unknown, { isUnknown: (value) => value === unknown })).toEqual([]);
  });
});

it("says where, what was found, what is wrong and what is allowed in one line", () => {
  const [violation] = checkValue("ncloud_vpc", "name", "vp");
  expect(describeViolation("ncloud_vpc", violation!)).toBe(
    'ncloud_vpc.name: "vp" is 2 characters long; allowed: 3 to 30 characters',
  );
});

it("names the paths that exist when it is asked for one that does not", () => {
  expect(() => checkValue("ncloud_init_script", "text", "")).toThrow(
    'ncloud_init_script has no "text"; allowed: content, description, id, init_script_no, name, os_type',
  );
  expect(() => checkValue("ncloud_vpcs", "name", "")).toThrow(
    'ncloud has no resource "ncloud_vpcs"; allowed: ncloud_vpc',
  );
});

it("has patterns that compile for every attribute", () => {
  const patterns = typesOf("resource").flatMap((type) =>
    flatten(resourceFields(type)).flatMap(({ path }) => {
      const { regex = [], must_match = [] } = ruleOf(type, path);
      return [...regex, ...must_match].map((pattern) => new RegExp(pattern));
    }),
  );
  expect(patterns.length).toBe(70);
});
