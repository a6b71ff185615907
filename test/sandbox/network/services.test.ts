import { addressOf } from "../../../sandbox/network";
import { ntpReply } from "../../../sandbox/network/ntp";
import { dnsmasqConfig } from "../../../sandbox/network/resolver";

describe("names", () => {
  it.each([
    ["s3.aws.test", "198.51.100.10"],
    ["company-event-log.s3.aws.test", "198.51.100.10"],
    ["aws2ncp-event-log.kr.object.private.ncp.test", "198.51.100.65"],
    ["packages.ncp.test", "198.51.100.20"],
    ["a.packages.ncp.test", undefined],
    ["evils3.aws.test", undefined],
    ["example.com", undefined],
  ])("%s is %s", (name, address) => expect(addressOf(name)).toBe(address));

  it("the resolver answers them and asks nobody", () => {
    const lines = dnsmasqConfig().split("\n");
    expect(lines).toEqual(expect.arrayContaining(["no-resolv", "no-hosts", "local=/test/"]));
    expect(lines.filter((line) => /^(address|host-record)=/.test(line))).toEqual([
      "address=/s3.aws.test/198.51.100.10",
      "host-record=packages.ncp.test,198.51.100.20",
      "host-record=unlisted.test,198.51.100.30",
      "host-record=alerts.ncp.test,198.51.100.35",
      "address=/kr.object.private.ncp.test/198.51.100.65",
      "host-record=time.ncp.test,198.51.100.67",
    ]);
    expect(lines.some((line) => line.startsWith("server="))).toBe(false);
  });
});

describe("ntpReply", () => {
  const question = (first: number): Buffer => {
    const packet = Buffer.alloc(48);
    packet.writeUInt8(first, 0);
    packet.writeUInt8(6, 2);
    packet.write("12345678", 40, "latin1");
    return packet;
  };

  it("answers a client with this machine's time", () => {
    const reply = ntpReply(question(0x23), Date.UTC(2020, 0, 1) + 500) as Buffer;
    expect([...reply.subarray(0, 4)]).toEqual([0x24, 10, 6, 256 - 10]);
    expect(reply.subarray(24, 32).toString("latin1")).toBe("12345678");
    expect(reply.readUInt32BE(40)).toBe(3_786_825_600); // 1577836800 + 2208988800
    expect(reply.readUInt32BE(44)).toBe(2 ** 31);
  });

  it("answers in the client's version", () => expect(ntpReply(question(0x1b), 0)?.readUInt8(0)).toBe(0x1c));

  it.each([
    ["a server's answer", question(0x24)],
    ["a control message", question(0x26)],
    ["version 2", question(0x13)],
    ["a short packet", question(0x23).subarray(0, 47)],
  ])("does not answer %s", (_, packet) => expect(ntpReply(packet, 0)).toBeUndefined());
});
