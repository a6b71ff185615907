import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { foreignMatter, writeArtifacts } from "../../../constructs/provisioning/artifacts";
import type { Manifest } from "../../../pipeline/manifest";
import { examplePlan } from "./plans";

const plan = examplePlan();
const folder = (): string => join(mkdtempSync(join(tmpdir(), "artifacts-")), "artifacts");
const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

function written(out: string): Manifest {
  return JSON.parse(readFileSync(join(out, "manifest.json"), "utf8")) as Manifest;
}

it("writes every file beside the manifest that names it by its hash", () => {
  const out = folder();
  const { manifestSha256: hash } = writeArtifacts(plan, "transfer", ["sync-1", "proxy-1"], out);
  const manifest = written(out);
  expect(sha256(readFileSync(join(out, "manifest.json")))).toBe(hash);
  for (const host of manifest.hosts) {
    const paths = readdirSync(join(out, host.name), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(join(out, host.name).length));
    expect(host.files.map((file) => file.path)).toEqual(paths.sort());
    for (const file of host.files) expect(sha256(readFileSync(join(out, host.name, file.path)))).toBe(file.sha256);
  }
});

it("says what the hook needs, bastion first", () => {
  const out = folder();
  writeArtifacts(plan, "transfer", ["sync-1", "proxy-1"], out);
  const { hosts, ...rest } = written(out);
  expect(hosts.map((host) => [host.name, host.fqdn, host.role, host.address, host.family])).toEqual([
    ["proxy-1", "proxy-1.aws2ncp.internal", "proxy", "10.20.0.6", "debian"],
    ["sync-1", "sync-1.aws2ncp.internal", "sync", "10.20.1.6", "debian"],
  ]);
  expect(rest).toMatchObject({
    version: 1,
    stack: "transfer",
    root: "../../../..",
    stateFolder: "out/sandbox/state",
    bastion: "proxy-1",
    ssh: { user: "deploy", key: "deploy_ssh_key" },
    ansibleCore: plan.ansibleCore,
  });
  expect(rest.secrets).toEqual(plan.secrets);
  expect(Object.keys(rest)).toEqual([...Object.keys(rest)].sort());
});

it("gives the same bytes again, and clears what lay there", () => {
  const out = folder();
  const { manifestSha256: hash } = writeArtifacts(plan, "transfer", ["sync-1"], out);
  mkdirSync(join(out, "old-1/etc"), { recursive: true });
  writeFileSync(join(out, "old-1/etc/left-over"), "");
  expect(writeArtifacts(examplePlan(), "transfer", ["sync-1"], out).manifestSha256).toBe(hash);
  expect(existsSync(join(out, "old-1"))).toBe(false);
});

it("says beside the manifest where references to secrets stand, and a line that moved asks for no delivery", () => {
  const [out, moved] = [folder(), folder()];
  const { manifestSha256: hash } = writeArtifacts(plan, "transfer", ["sync-1"], out);
  const later = examplePlan(["\nsecrets:\n", "\n# A comment.\nsecrets:\n"]);
  expect(writeArtifacts(later, "transfer", ["sync-1"], moved).manifestSha256).toBe(hash);
  const places = (place: string) => JSON.parse(readFileSync(join(place, "secret-places.json"), "utf8")) as unknown;
  expect([places(out), places(moved)]).toEqual([plan.secretPlaces, later.secretPlaces]);
  expect(later.secretPlaces).not.toEqual(plan.secretPlaces);
});

it("holds no secret, only references to secrets", () => {
  const out = folder();
  writeArtifacts(plan, "transfer", ["proxy-1", "sync-1"], out);
  const credentials = written(out).hosts[1]?.secretFiles.find((file) => file.path.endsWith("s3-credentials"));
  expect(credentials?.parts.filter((part) => "secret" in part)).toEqual([
    { secret: "aws_access_key_id" },
    { secret: "aws_secret_access_key" },
    { secret: "ncp_access_key_id" },
    { secret: "ncp_secret_access_key" },
  ]);
});

it("refuses a host that the plan does not have", () => {
  expect(() => writeArtifacts(plan, "transfer", ["hdp-1"], folder())).toThrow(
    "artifacts: no such host: hdp-1\n  allowed: proxy-1, sync-1\n",
  );
});

it("refuses a value known only after apply, naming file and line", () => {
  const out = folder();
  const host = `\${TfToken[TOKEN.7]}`;
  expect(() => writeArtifacts({ ...plan, source: { ...plan.source, host } }, "transfer", ["sync-1"], out)).toThrow(
    "sync-1/etc/aws2ncp/rclone.conf: line 10: a value known only after apply (token marker)\n",
  );
});

it.each([
  ["x = ${TfToken[TOKEN.0]}", "line 1: a value known only after apply (token marker)"],
  ["\n#{TOKEN[ip.3]}", "line 2: a value known only after apply (token marker)"],
  ["port -1.8881545897087626e+289", "line 1: a value known only after apply (token marker)"],
  ["-----BEGIN OPENSSH PRIVATE KEY-----", "line 1: a private key"],
  ["a\nb AKIAIOSFODNN7EXAMPLE", "line 2: an access key id of AWS"],
  ["[x]\nsecret_access_key = wJalr", "line 2: a password or secret key"],
  ["PasswordAuthentication no\nproxy_tls_key", undefined],
])("looks for what must not leave: %j", (text, found) => {
  expect(foreignMatter(text)).toBe(found);
});
