import {
  alwaysWrite,
  codes,
  combinationsOf,
  defaultOf,
  defaultsOf,
  factsOf,
  fieldOf,
  forgets,
  importIdOf,
  providerAddress,
  replaces,
  replacingPaths,
  resourceFields,
  ruleOf,
  schemaOf,
  typesOf,
  valuesOf,
} from "@cdktf/provider-ncloud/rules";

it("knows every resource and data source of 4.0.5", () => {
  expect([typesOf("resource").length, typesOf("data").length]).toEqual([60, 109]);
  expect(providerAddress()).toMatch(/\/navercloudplatform\/ncloud$/);
  expect(Object.keys(schemaOf("provider").block.attributes!)).toEqual([
    "access_key",
    "region",
    "secret_key",
    "site",
    "support_vpc",
  ]);
  expect(schemaOf("data", "ncloud_vpc").block.attributes!["id"]).toEqual({
    computed: true,
    optional: true,
    type: "string",
  });
});

it("says which changes replace", () => {
  expect(replacingPaths("ncloud_vpc")).toEqual(["ipv4_cidr_block", "name"]);
  expect(replaces("ncloud_server", "init_script_no")).toBe(true);
  expect(replaces("ncloud_server", "server_spec_code")).toBe(false);
  expect(replaces("ncloud_server", "network_interface.order")).toBe(true);
  expect(replaces("ncloud_subnet", "network_acl_no")).toBe(false);
});

it("says what the provider forgets, so that it is always written (ncloud.md, 3)", () => {
  expect(forgets("ncloud_subnet", "usage_type")).toBe(true);
  expect(forgets("ncloud_subnet", "network_acl_no")).toBe(false);
  expect(alwaysWrite("ncloud_subnet")).toEqual(["name", "usage_type"]);
  expect(alwaysWrite("ncloud_nat_gateway")).toContain("name");
  expect(alwaysWrite("ncloud_hadoop")).toEqual(["engine_version_code"]);
  expect(alwaysWrite("ncloud_lb")).toEqual(expect.arrayContaining(["name", "network_type"]));
  expect(alwaysWrite("ncloud_vpc_peering")).toContain("name");
  expect(alwaysWrite("ncloud_server")).toEqual([]);
});

it("gives defaults in the type of their attribute", () => {
  expect(defaultOf("ncloud_access_control_group_rule", "inbound.port_range")).toBe("");
  expect(defaultOf("ncloud_vpc", "name")).toBeUndefined();
  expect(defaultsOf("ncloud_hadoop")).toEqual({ use_kdc: false, worker_node_count: 2 });
  const wrong = typesOf("resource").flatMap((type) =>
    Object.entries(defaultsOf(type))
      .filter(([path, value]) => fieldOf(type, path).type !== typeof value && fieldOf(type, path).type !== "bool")
      .map(([path]) => `${type}.${path}`),
  );
  expect(wrong).toEqual([]);
});

it("gives closed lists, import ids, facts and codes", () => {
  expect(valuesOf("ncloud_subnet", "usage_type")).toEqual(["GEN", "LOADB", "BM", "NATGW"]);
  expect(valuesOf("ncloud_subnet", "name")).toBeUndefined();
  expect(importIdOf("ncloud_route")).toBe("<route_table_no>:<destination_cidr_block>");
  expect(importIdOf("ncloud_network_acl_rule")).toBeUndefined();
  expect(factsOf("ncloud_server")?.updatable_in_place).toEqual([
    "is_protect_server_termination",
    "server_product_code",
    "server_spec_code",
  ]);
  expect(factsOf("ncloud_mssql")).toBeUndefined();
  expect(codes().zones).toEqual({ KR: ["KR-1", "KR-2"] });
});

it("has rules for attributes that exist only, in a type that they fit", () => {
  const wrong: string[] = [];
  for (const type of typesOf("resource")) {
    const names = resourceFields(type).map((field) => field.name);
    const check = (field: (typeof names)[number] | undefined, where: string) => {
      if (field !== undefined && !names.includes(field)) wrong.push(`${type}: ${where} names ${field}`);
    };
    for (const field of resourceFields(type)) {
      const rule = ruleOf(type, field.path);
      for (const other of [...(rule.conflicts_with ?? []), ...(rule.required_with ?? []), ...(rule.needs_true ?? [])])
        check(other, field.path);
    }
    for (const rule of combinationsOf(type)) {
      for (const place of rule.in ?? []) check(place, "a combination");
      const members = [
        ...Object.keys(rule.when ?? {}),
        ...(rule.needs ?? []),
        ...(rule.forbids ?? []),
        ...(rule.exactly_one_of ?? []),
        ...(rule.at_least_one_of ?? []),
        ...(rule.unique === undefined ? [] : [rule.unique]),
      ];
      for (const place of rule.in ?? [""])
        for (const member of members)
          expect(fieldOf(type, place === "" ? member : `${place}.${member}`).name).toBe(member);
    }
  }
  expect(wrong).toEqual([]);
});
