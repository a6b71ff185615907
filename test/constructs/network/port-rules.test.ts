/** The example's flows as rules: every line here is a port that is open. */
import { boundaryRules, groupRules, type PortRule } from "../../../constructs/network/port-rules";
import type { Flow, Role, SubnetKind } from "../../../pipeline/plan-types";
import { examplePlan } from "../../fixtures/plan";

const plan = examplePlan();
const lines = (rules: readonly PortRule[]): string[] =>
  rules.map(({ protocol, portRange, ipBlock }) => `${protocol} ${portRange} ${ipBlock}`);

const group = (role: Role) => groupRules(plan.parties[role], plan.flows, plan.parties);
const boundary = (kind: SubnetKind) =>
  boundaryRules(plan.network[kind].cidr, plan.network.vpcCidr, plan.flows, plan.parties);

describe("a role's group", () => {
  it("admits to the proxy: ssh from operators, port A from sync, port B and time from private hosts", () => {
    expect(lines(group("proxy").inbound)).toEqual([
      "TCP 22 198.51.100.1/32",
      "TCP 3129 10.20.1.6/32",
      "TCP 3128 10.20.1.6/32",
      "UDP 123 10.20.1.6/32",
    ]);
  });

  it("lets the proxy out to private ssh, the internet's web ports, time and names", () => {
    expect(lines(group("proxy").outbound)).toEqual([
      "TCP 22 10.20.1.6/32",
      "TCP 443 0.0.0.0/0",
      "TCP 80 0.0.0.0/0",
      "UDP 123 0.0.0.0/0",
      "UDP 53 169.254.169.53/32",
      "TCP 53 169.254.169.53/32",
    ]);
  });

  it("admits to sync the bastion's ssh alone", () => {
    expect(lines(group("sync").inbound)).toEqual(["TCP 22 10.20.0.6/32"]);
  });

  it("lets sync out to the proxy, Object Storage and names: nowhere on the internet", () => {
    expect(lines(group("sync").outbound)).toEqual([
      "TCP 3129 10.20.0.6/32",
      "TCP 3128 10.20.0.6/32",
      "UDP 123 10.20.0.6/32",
      "TCP 443 198.51.100.64/26",
      "UDP 53 169.254.169.53/32",
      "TCP 53 169.254.169.53/32",
    ]);
  });

  it("never opens the proxy's inner port", () => {
    const all = plan.hosts.flatMap(({ role }) => [...group(role).inbound, ...group(role).outbound]);
    expect(all.filter(({ portRange }) => portRange === String(plan.proxy.innerPort))).toEqual([]);
  });

  it("says with each rule why it is there", () => {
    expect(group("proxy").inbound[1]?.description).toBe("sync to proxy: personal data from AWS, client certificates");
  });

  it("makes one rule of flows that mean the same, with the reasons of both", () => {
    const flows: Flow[] = ["packages", "more packages"].map((why) => ({
      from: "private",
      to: "proxy",
      port: 3128,
      protocol: "TCP",
      carries: "http",
      why,
    }));
    expect(groupRules(plan.parties.proxy, flows, plan.parties).inbound).toEqual([
      {
        protocol: "TCP",
        portRange: "3128",
        ipBlock: "10.20.1.6/32",
        description: "private to proxy: packages; private to proxy: more packages",
      },
    ]);
  });
});

describe("a subnet's boundary, which is stateless", () => {
  it("lets into the private subnet ssh, and answers to Linux's client ports", () => {
    expect(lines(boundary("private").inbound)).toEqual([
      "TCP 22 10.20.0.6/32",
      "TCP 32768-60999 10.20.0.6/32",
      "UDP 32768-60999 10.20.0.6/32",
      "TCP 32768-60999 198.51.100.64/26",
      "UDP 32768-60999 169.254.169.53/32",
      "TCP 32768-60999 169.254.169.53/32",
    ]);
  });

  it("lets out of the private subnet answers to the bastion, and what the flows name", () => {
    expect(lines(boundary("private").outbound)).toEqual([
      "TCP 32768-60999 10.20.0.6/32",
      "TCP 3129 10.20.0.6/32",
      "TCP 3128 10.20.0.6/32",
      "UDP 123 10.20.0.6/32",
      "TCP 443 198.51.100.64/26",
      "UDP 53 169.254.169.53/32",
      "TCP 53 169.254.169.53/32",
    ]);
  });

  it("answers operators on any client port: their systems are not ours", () => {
    expect(lines(boundary("public").outbound)[0]).toBe("TCP 1024-65535 198.51.100.1/32");
  });

  it("admits from the whole internet answers alone, and never by a port that one of our services listens on", () => {
    const fromAnywhere = boundary("public").inbound.filter(({ ipBlock }) => ipBlock === "0.0.0.0/0");
    expect(lines(fromAnywhere)).toEqual(["TCP 32768-60999 0.0.0.0/0", "UDP 32768-60999 0.0.0.0/0"]);
    expect(plan.flows.filter(({ port }) => port >= 32768)).toEqual([]);
  });

  it.each(plan.flows)("answers $from to $to on port $port: as many rules each way", (flow) => {
    for (const kind of ["public", "private"] as const) {
      const rules = boundaryRules(plan.network[kind].cidr, plan.network.vpcCidr, [flow], plan.parties);
      expect(rules.inbound.length).toBe(rules.outbound.length);
    }
  });
});
