/**
 * What the router really does to packets: a network of its own kind beside the sandbox that is up, hosts without containers, and
 * for every attempt that must fail one that differs in a single thing and gets through.
 */
import type { DropCounters, DropReason, GroupRule, NetworkModel } from "../../../sandbox/network";
import { aclRule, anything, cloud, PRIVATE, PUBLIC, tcp } from "../network/models";
import { Stage } from "../network/stage";

const PROXY = "a2n-proxy-1";
const SYNC = "a2n-sync-1";
const SYNC_2 = "a2n-sync-2";
const OUTSIDER = "a2n-outsider";
const THIS_MACHINE = undefined;
const UNLISTED = "198.51.100.30";
const OBJECT_STORAGE = "198.51.100.65";
const PUBLIC_IP = "198.51.100.129";
const RESOLVER = "169.254.169.53";

jest.setTimeout(30_000);

let stage: Stage;

const apply = (model: NetworkModel): Promise<void> => stage.call("network", "applyNetwork", model);
const groups = (of: { proxy?: Groups; sync?: Groups }): NetworkModel["groups"] =>
  (["proxy", "sync"] as const).map((id) => ({ id, inbound: anything, outbound: anything, ...of[id] }));
interface Groups {
  readonly inbound?: readonly GroupRule[];
  readonly outbound?: readonly GroupRule[];
}

/** What an attempt gives, and which counters of the router it moved. */
async function dropped(attempt: () => Promise<unknown>): Promise<{ answer: unknown; reasons: DropReason[] }> {
  const before = await stage.call<DropCounters>("network", "dropCounters");
  const answer = await attempt();
  const after = await stage.call<DropCounters>("network", "dropCounters");
  const reasons = (Object.keys(after) as DropReason[]).filter(
    (reason) => after[reason].packets > before[reason].packets,
  );
  return { answer, reasons };
}

beforeAll(async () => {
  stage = await Stage.open();
  await stage.call("secrets", "makeSecrets");
  await stage.call("network", "networkUp");
  for (const [host, ip, subnetCidr, gateway] of [
    ["proxy-1", "10.20.0.6", PUBLIC, "10.20.0.1"],
    ["sync-1", "10.20.1.6", PRIVATE, "10.20.1.1"],
    ["sync-2", "10.20.1.7", PRIVATE, "10.20.1.1"],
  ]) {
    await stage.call("network", "attachNic", { host, ip, subnetCidr, gateway });
  }
  await Promise.all([PROXY, SYNC, SYNC_2].map((netns) => stage.serve(netns, [22, 8080], [53])));
  await stage.serve("a2n-ncp", [443]);
  await stage.serve("a2n-unlisted", [8443]);
  await stage.serve(THIS_MACHINE, [2222]);
}, 60_000);

afterAll(() => stage.close());

describe("access control groups", () => {
  it("judge the destination's inbound rules inside one subnet too, and let replies pass", async () => {
    await apply(cloud({ groups: groups({ sync: { inbound: [tcp("10.20.1.6/32", "22")] } }) }));
    expect(await stage.tcp(SYNC, "10.20.1.7", 22)).toBe("10.20.1.6");
    expect(await dropped(() => stage.tcp(SYNC, "10.20.1.7", 8080))).toEqual({
      answer: "dropped",
      reasons: ["group_inbound"],
    });
    expect(await stage.tcp(SYNC_2, "10.20.1.6", 22)).toBe("dropped");
  });

  it("judge the source's outbound rules", async () => {
    await apply(cloud({ groups: groups({ sync: { outbound: [tcp("10.20.0.6/32", "8080")] } }) }));
    expect(await stage.tcp(SYNC, "10.20.0.6", 8080)).toBe("10.20.1.6");
    expect(await dropped(() => stage.tcp(SYNC, "10.20.0.6", 22))).toEqual({
      answer: "dropped",
      reasons: ["group_outbound"],
    });
    expect(await stage.ping(SYNC, "10.20.0.6")).toBe("dropped");
  });

  it("name other groups as sources", async () => {
    const fromProxy: GroupRule = { protocol: "TCP", sourceGroupId: "proxy", portRange: "1-65535" };
    await apply(cloud({ groups: groups({ sync: { inbound: [fromProxy] } }) }));
    expect(await stage.tcp(PROXY, "10.20.1.6", 22)).toBe("10.20.0.6");
    expect(await stage.tcp(SYNC_2, "10.20.1.6", 22)).toBe("dropped");
  });

  it("hold at both edges of a port range", async () => {
    await apply(cloud({ groups: groups({ proxy: { inbound: [tcp(PRIVATE, "22-8079")] } }) }));
    expect(await stage.tcp(SYNC, "10.20.0.6", 22)).toBe("10.20.1.6");
    expect(await stage.tcp(SYNC, "10.20.0.6", 8080)).toBe("dropped");
  });
});

describe("network ACLs", () => {
  const withAcl = (inbound: Partial<Parameters<typeof aclRule>[0]>[], outbound: typeof inbound = []): NetworkModel =>
    cloud({
      acls: [
        { id: "1", inbound: [], outbound: [] },
        { id: "2", inbound: inbound.map(aclRule), outbound: outbound.map(aclRule) },
      ],
    });

  it("are stateless: a reply needs a rule of its own", async () => {
    await apply(withAcl([], [{ ipBlock: PUBLIC }]));
    expect(await dropped(() => stage.tcp(PROXY, "10.20.1.6", 22))).toEqual({
      answer: "dropped",
      reasons: ["acl_outbound"],
    });
    const replies = { priority: 0, ipBlock: PUBLIC, portRange: "1024-65535", action: "ALLOW" } as const;
    await apply(withAcl([], [{ ipBlock: PUBLIC }, replies]));
    expect(await stage.tcp(PROXY, "10.20.1.6", 22)).toBe("10.20.0.6");
  });

  it("are asked in the order of their priorities", async () => {
    await apply(
      withAcl([
        { priority: 2, portRange: "22" },
        { priority: 1, portRange: "22", action: "ALLOW" },
      ]),
    );
    expect(await stage.tcp(PROXY, "10.20.1.6", 22)).toBe("10.20.0.6");
    await apply(
      withAcl([
        { priority: 2, portRange: "22", action: "ALLOW" },
        { priority: 1, portRange: "22" },
      ]),
    );
    expect(await stage.tcp(PROXY, "10.20.1.6", 22)).toBe("dropped");
  });

  it("judge ICMP, and nothing inside a subnet", async () => {
    await apply(withAcl([{ protocol: "ICMP" }, { protocol: "TCP" }]));
    expect(await stage.ping(PROXY, "10.20.1.6")).toBe("dropped");
    expect(await stage.ping(SYNC_2, "10.20.1.6")).toBe("answered");
    expect(await stage.tcp(SYNC_2, "10.20.1.6", 22)).toBe("10.20.1.7");
    await apply(withAcl([{ protocol: "TCP" }]));
    expect(await stage.ping(PROXY, "10.20.1.6")).toBe("answered");
  });
});

describe("routes", () => {
  it("lead from a private subnet to the platform's services, to the internet only through a NAT gateway", async () => {
    await apply(cloud());
    expect(await stage.tcp(SYNC, OBJECT_STORAGE, 443)).toBe("10.20.1.6");
    expect(await dropped(() => stage.tcp(SYNC, UNLISTED, 8443))).toEqual({
      answer: "dropped",
      reasons: ["no_internet"],
    });
    expect(await dropped(() => stage.tcp(SYNC, "192.0.2.1", 443))).toEqual({
      answer: "dropped",
      reasons: ["no_internet"],
    });
    const [publicSubnet, privateSubnet] = cloud().subnets as [NetworkModel["subnets"][0], NetworkModel["subnets"][0]];
    await apply(cloud({ subnets: [publicSubnet, { ...privateSubnet, internet: true }] }));
    expect(await stage.tcp(SYNC, UNLISTED, 8443)).toBe("198.51.100.128");
  });

  it("lead from a public subnet to the internet for hosts with a public address", async () => {
    await apply(cloud());
    expect(await stage.tcp(PROXY, UNLISTED, 8443)).toBe(PUBLIC_IP);
    await apply(cloud({ publicIps: [] }));
    expect(await dropped(() => stage.tcp(PROXY, UNLISTED, 8443))).toEqual({
      answer: "dropped",
      reasons: ["no_internet"],
    });
  });

  it("lead nowhere for addresses that the sandbox does not have", async () => {
    await apply(cloud());
    expect(await dropped(() => stage.tcp(PROXY, "192.0.2.1", 443))).toEqual({
      answer: "dropped",
      reasons: ["no_route"],
    });
  });

  it("lead no connection to the machine that the sandbox runs on", async () => {
    await apply(cloud());
    expect(await dropped(() => stage.tcp(PROXY, "198.51.100.1", 2222))).toEqual({
      answer: "dropped",
      reasons: ["this_machine"],
    });
    expect(await stage.tcp(OUTSIDER, "198.51.100.1", 2222)).toBe("dropped");
    expect(await stage.tcp(THIS_MACHINE, "198.51.100.1", 2222)).toBe("198.51.100.1");
  });
});

describe("from outside", () => {
  it("a public address answers whom the group admits", async () => {
    await apply(cloud({ groups: groups({ proxy: { inbound: [tcp("198.51.100.1/32", "22")] } }) }));
    expect(await stage.tcp(THIS_MACHINE, PUBLIC_IP, 22)).toBe("198.51.100.1");
    expect(await stage.tcp(THIS_MACHINE, PUBLIC_IP, 8080)).toBe("dropped");
    expect(await dropped(() => stage.tcp(OUTSIDER, PUBLIC_IP, 22))).toEqual({
      answer: "dropped",
      reasons: ["group_inbound"],
    });
  });

  it("private addresses are not reached, whatever the groups admit", async () => {
    await apply(cloud());
    await stage.run(["ip", "route", "replace", "10.20.0.0/16", "dev", "a2n-out", "src", "198.51.100.1"]);
    expect(await dropped(() => stage.tcp(THIS_MACHINE, "10.20.0.6", 22))).toEqual({
      answer: "dropped",
      reasons: ["private_address"],
    });
    expect(await dropped(() => stage.tcp(OUTSIDER, "10.20.1.6", 22))).toEqual({
      answer: "dropped",
      reasons: ["private_address"],
    });
    expect(await stage.tcp("a2n-ncp", "10.20.1.6", 22)).toBe("dropped");
    await stage.run(["ip", "route", "del", "10.20.0.0/16", "dev", "a2n-out"]);
  });
});

describe("senders", () => {
  it("can not take another address", async () => {
    await apply(cloud());
    await stage.run(["ip", "addr", "add", "10.20.1.99/32", "dev", "eth0"], { netns: SYNC });
    await stage.run(["ip", "addr", "add", "10.20.0.6/32", "dev", "eth0"], { netns: SYNC });
    expect(await stage.tcp(SYNC, "10.20.1.7", 22)).toBe("10.20.1.6");
    expect(await dropped(() => stage.tcp(SYNC, "10.20.1.7", 22, "10.20.1.99"))).toEqual({
      answer: "dropped",
      reasons: ["spoofed"],
    });
    expect(await dropped(() => stage.tcp(SYNC, UNLISTED, 8443, "10.20.0.6"))).toEqual({
      answer: "dropped",
      reasons: ["spoofed"],
    });
  });
});

describe("services of the platform", () => {
  const ask = (name: string, netns = SYNC): Promise<unknown> =>
    stage.attempt(netns, { kind: "name", address: RESOLVER, name });

  it("the resolver knows the sandbox's names and no others", async () => {
    await apply(cloud());
    expect(await ask("company-event-log.s3.aws.test")).toBe("198.51.100.10");
    expect(await ask("kr.object.private.ncp.test")).toBe(OBJECT_STORAGE);
    expect(await ask("packages.ncp.test", PROXY)).toBe("198.51.100.20");
    expect(await ask("no-such-host.test")).toBe("unknown");
    expect(await ask("example.com")).toBe("refused");
    expect(await ask("unlisted.test", OUTSIDER)).toBe("dropped");
  });

  it("the resolver stands under the rules of groups and ACLs", async () => {
    await apply(cloud({ groups: groups({ sync: { outbound: [tcp("0.0.0.0/0", null)] } }) }));
    expect(await ask("unlisted.test")).toBe("dropped");
    const replies = aclRule({ protocol: "UDP", ipBlock: `${RESOLVER}/32` });
    const acls = [
      { id: "1", inbound: [], outbound: [] },
      { id: "2", inbound: [replies], outbound: [] },
    ];
    await apply(cloud({ acls }));
    expect(await dropped(() => ask("unlisted.test"))).toEqual({ answer: "dropped", reasons: ["acl_inbound"] });
  });

  it("the time server answers", async () => {
    await apply(cloud());
    expect(await stage.attempt(PROXY, { kind: "stratum", address: "198.51.100.67" })).toBe(10);
  });
});

it("goes without a trace", async () => {
  const pids = (await stage.run(["ip", "netns", "pids", "a2n-time"])).stdout.trim();
  expect(pids).toMatch(/^\d+$/);
  await stage.call("network", "networkDown");
  expect((await stage.run(["ip", "netns", "list"])).stdout).toBe("");
  expect((await stage.run(["ip", "-o", "link", "show"])).stdout.match(/^\d+: (\S+):/gm)).toEqual(["1: lo:"]);
  expect((await stage.run(["ip", "route", "show", "table", "all", "198.51.100.0/24"])).stdout).toBe("");
  const state = await stage.run(["ps", "-o", "stat=", "-p", pids], { allowFail: true });
  expect(state.stdout.trim()).toMatch(/^(Z.*)?$/); // gone, or ended and not yet asked how by process 1
  await stage.call("network", "networkDown");
});
