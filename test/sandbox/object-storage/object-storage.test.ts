import { lookup } from "../../../sandbox/object-storage";
import { javaVersion } from "../../../sandbox/object-storage/java";
import { ACCOUNTS, S3PROXY, s3proxyProperties } from "../../../sandbox/object-storage/servers";

const ask = (name: string, all: boolean): Promise<unknown> =>
  new Promise((resolve) => {
    lookup(name, { all }, (error, address, family) => resolve(error?.code ?? (all ? address : [address, family])));
  });

it("resolves the sandbox's names without the machine's resolver, and no others", async () => {
  expect(await ask("company-event-log.s3.aws.test", true)).toEqual([{ address: "198.51.100.10", family: 4 }]);
  expect(await ask("kr.object.private.ncp.test", false)).toEqual(["198.51.100.65", 4]);
  expect(await ask("localhost", true)).toBe("ENOTFOUND");
});

it.each([
  ['openjdk version "17.0.15" 2025-04-15', 17],
  ['openjdk version "25" 2025-09-16', 25],
  ['java version "1.8.0_402"', 8],
  ["command not found", undefined],
])("reads the version of Java from %s", (text, version) => expect(javaVersion(text)).toBe(version));

it("speaks TLS with signature version 4 and nothing else", () => {
  const options = {
    hostName: "s3.aws.test",
    keystore: "/k",
    password: "p",
    identity: "i",
    credential: "c",
    folder: "/f",
  };
  expect(s3proxyProperties({ ...options, readOnly: true })).toBe(
    [
      "s3proxy.secure-endpoint=https://0.0.0.0:443",
      "s3proxy.virtual-host=s3.aws.test",
      "s3proxy.keystore-path=/k",
      "s3proxy.keystore-password=p",
      "s3proxy.authorization=aws-v4",
      "s3proxy.identity=i",
      "s3proxy.credential=c",
      "s3proxy.read-only-blobstore=true",
      "jclouds.provider=filesystem-nio2",
      "jclouds.filesystem.basedir=/f",
      "",
    ].join("\n"),
  );
});

it("gives the pipeline's key on the source side no right to write", () => {
  expect(ACCOUNTS.aws).toContainEqual({ name: "aws", readOnly: true });
  expect(S3PROXY.sha256).toMatch(/^[0-9a-f]{64}$/);
});
