/** VPC, subnets, route tables. */
import { RouteTable } from "../../../constructs/network/route-table";
import { Subnet } from "../../../constructs/network/subnet";
import { Vpc } from "../../../constructs/network/vpc";
import { dataOf, onlyResource, synthOf } from "../synth";

const vpc = { vpcId: "4711" };

it("makes a network with a name and a block", () => {
  const synth = synthOf((stack) => void new Vpc(stack, "vpc", { name: "aws2ncp-vpc", cidr: "10.20.0.0/16" }));
  expect(onlyResource(synth, "ncloud_vpc")).toEqual({ name: "aws2ncp-vpc", ipv4_cidr_block: "10.20.0.0/16" });
});

it("finds a network by its name", () => {
  const synth = synthOf((stack) => void Vpc.fromName(stack, "vpc", "aws2ncp-vpc"));
  expect(dataOf(synth, "ncloud_vpc")).toEqual({ vpc: { name: "aws2ncp-vpc" } });
});

it("writes a subnet's name and usage type (ncloud 4.0.5: left out, a change of the ACL replaces it)", () => {
  const synth = synthOf(
    (stack) =>
      void new Subnet(stack, "private", {
        vpc,
        acl: { aclId: "12" },
        name: "aws2ncp-private",
        cidr: "10.20.1.0/24",
        type: "PRIVATE",
        zone: "KR-1",
      }),
  );
  expect(onlyResource(synth, "ncloud_subnet")).toEqual({
    vpc_no: "4711",
    network_acl_no: "12",
    name: "aws2ncp-private",
    subnet: "10.20.1.0/24",
    subnet_type: "PRIVATE",
    usage_type: "GEN",
    zone: "KR-1",
  });
});

it("finds a subnet by a filter: its data source takes no name", () => {
  const synth = synthOf((stack) => void Subnet.fromName(stack, "private", vpc, "aws2ncp-private"));
  expect(dataOf(synth, "ncloud_subnet")).toEqual({
    private: { vpc_no: "4711", filter: [{ name: "name", values: ["aws2ncp-private"] }] },
  });
});

it("replaces an association when its table is another (ncloud 4.0.5: the change in place sends nothing)", () => {
  const synth = synthOf(
    (stack) =>
      void new RouteTable(stack, "routes", {
        vpc,
        name: "aws2ncp-private",
        description: "no way out",
        type: "PRIVATE",
        subnets: { private: { subnetId: "77" } },
      }),
  );
  expect(onlyResource(synth, "ncloud_route_table_association")).toEqual({
    route_table_no: "${ncloud_route_table.routes.id}",
    subnet_no: "77",
    lifecycle: { replace_triggered_by: ["ncloud_route_table.routes.id"] },
  });
});
