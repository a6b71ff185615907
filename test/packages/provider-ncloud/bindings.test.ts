import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { App, TerraformStack, Testing } from "cdktf";
import { AccessControlGroupRule } from "@cdktf/provider-ncloud/lib/access-control-group-rule";
import { DataNcloudVpcs } from "@cdktf/provider-ncloud/lib/data-ncloud-vpcs";
import { NcloudProvider } from "@cdktf/provider-ncloud/lib/provider";
import { Vpc, type VpcConfig } from "@cdktf/provider-ncloud/lib/vpc";
import { typesOf } from "@cdktf/provider-ncloud/rules";

const PACKAGE = join(__dirname, "../../../packages/provider-ncloud");

it("has JavaScript and types for every resource and data source", () => {
  const folders = [
    ...typesOf("resource").map((type) => type.replace("ncloud_", "")),
    ...typesOf("data").map((type) => `data-${type}`),
    "provider",
  ].map((name) => name.replaceAll("_", "-"));
  const missing = folders.flatMap((folder) =>
    ["index.js", "index.d.ts"]
      .filter((file) => !existsSync(join(PACKAGE, "lib", folder, file)))
      .map((file) => `${folder}/${file}`),
  );
  expect(missing).toEqual([]);
  expect(folders.length).toBe(170);
});

it("synthesizes what the schema asks for, with the provider's source and version", () => {
  const stack = new TerraformStack(new App(), "stack");
  new NcloudProvider(stack, "ncloud", { supportVpc: true, region: "KR", site: "public" });
  const vpc = new Vpc(stack, "vpc", { name: "vpc", ipv4CidrBlock: "10.20.0.0/16" });
  const vpcs = new DataNcloudVpcs(stack, "vpcs", { filter: [{ name: "name", values: ["vpc"] }] });
  new AccessControlGroupRule(stack, "rule", {
    accessControlGroupNo: vpc.defaultAccessControlGroupNo,
    inbound: [{ protocol: "TCP", portRange: "22", ipBlock: vpcs.vpcs.get(0).ipv4CidrBlock }],
  });
  expect(JSON.parse(Testing.synth(stack))).toMatchObject({
    resource: {
      ncloud_vpc: { vpc: { name: "vpc", ipv4_cidr_block: "10.20.0.0/16" } },
      ncloud_access_control_group_rule: {
        rule: {
          access_control_group_no: "${ncloud_vpc.vpc.default_access_control_group_no}",
          inbound: [
            { protocol: "TCP", port_range: "22", ip_block: "${data.ncloud_vpcs.vpcs.vpcs[0].ipv4_cidr_block}" },
          ],
        },
      },
    },
  });
  expect(stack.toTerraform().terraform.required_providers).toEqual({
    ncloud: { source: "navercloudplatform/ncloud", version: "4.0.5" },
  });
});

it("is typed", () => {
  // @ts-expect-error a block is a text
  const config: VpcConfig = { ipv4CidrBlock: 10 };
  expect(config.ipv4CidrBlock).toBe(10);
});

it("builds nothing when nothing changed", () => {
  const { stdout, status } = spawnSync(process.execPath, ["scripts/build.mjs"], { encoding: "utf8", cwd: PACKAGE });
  expect([status, stdout]).toEqual([
    0,
    "@cdktf/provider-ncloud: lib/ is up to date\n@cdktf/provider-ncloud: dist/ is up to date\n",
  ]);
});
