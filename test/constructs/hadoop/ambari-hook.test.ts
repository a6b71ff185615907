/** The hook that makes the cluster: after the delivery's, when anything that counts for it has changed; no bad blueprint leaves synth. */
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AmbariHook } from "../../../constructs/hadoop/ambari-hook";
import { DeliverHook } from "../../../constructs/provisioning/hook";
import { Bucket } from "../../../constructs/storage/bucket";
import type { ClusterSpec } from "../../../pipeline/hadoop/cluster";
import type { ClusterPlan, SecretName, SecretRef } from "../../../pipeline/plan-types";
import { cluster, nodes } from "../../fixtures/cluster";
import { resourcesOf, synthOf } from "../synth";

const NAMES: SecretName[] = [
  "ambari_admin_password",
  "grafana_password",
  "hadoop_keystore_password",
  "hadoop_truststore_password",
  "hive_db_password",
];
const secrets = (version = 1): SecretRef[] => NAMES.map((name) => ({ name, from: `env:${name}`, version }));

function synth(change: { spec?: ClusterSpec; version?: number; servers?: Record<string, string> } = {}) {
  const artifacts = mkdtempSync(join(tmpdir(), "ambari-artifacts-"));
  const plan: ClusterPlan = {
    spec: change.spec ?? cluster(),
    server: "hdp-1",
    hive: "hdp-2",
    ambariRepository: "http://packages.ncp.test/ambari",
  };
  const made = synthOf((stack) => {
    new DeliverHook(stack, "deliver", {
      manifestSha256: "0",
      secrets: [],
      servers: {},
      attachments: {},
      bastionAddress: "198.51.100.129",
    });
    new AmbariHook(stack, "ambari", {
      pipeline: { secrets: secrets(change.version) },
      cluster: plan,
      artifacts,
      servers: change.servers ?? { "proxy-1": "1001", "hdp-1": "1003" },
      bastionAddress: "198.51.100.129",
    });
    new Bucket(stack, "late", { name: "aws2ncp-late" });
  });
  const { deliver, ambari } = resourcesOf(made, "terraform_data");
  return { deliver, ambari, folder: join(artifacts, "ambari") };
}

it("depends on every other resource and on the hook before it, which does not depend on it", () => {
  const { deliver, ambari } = synth();
  const others = ["ncloud_objectstorage_bucket.late", "ncloud_objectstorage_bucket_acl.late_acl"];
  expect(deliver?.["depends_on"]).toEqual(others);
  expect(ambari?.["depends_on"]).toEqual([...others, "terraform_data.deliver"]);
});

it("runs the compiled program on its folder", () => {
  expect(synth().ambari?.["provisioner"]).toEqual([
    {
      "local-exec": {
        command: "exec node ../../../dist/hooks/ambari/main.js artifacts/ambari",
        environment: {
          AWS2NCP_BASTION_ADDRESS: "198.51.100.129",
          AWS2NCP_SERVERS: '${jsonencode({"proxy-1" = "1001", "hdp-1" = "1003"})}',
        },
      },
    },
  ]);
});

it("runs again for other files, program, secret versions or servers, and for nothing else", () => {
  const { ambari, folder } = synth();
  expect(ambari?.["triggers_replace"]).toEqual({
    files: Object.fromEntries(
      readdirSync(folder).map((name) => [
        name,
        createHash("sha256")
          .update(readFileSync(join(folder, name)))
          .digest("hex"),
      ]),
    ),
    program: expect.stringMatching(/^[0-9a-f]{64}$/),
    secrets: Object.fromEntries(NAMES.map((name) => [name, 1])),
    servers: { "proxy-1": "1001", "hdp-1": "1003" },
  });
  expect(ambari).not.toHaveProperty("input");
  const triggers = (of: ReturnType<typeof synth>): unknown => of.ambari?.["triggers_replace"];
  expect(triggers(synth())).toEqual(triggers(synth()));
  for (const change of [
    { version: 2 },
    { servers: { "hdp-1": "1009" } },
    { spec: cluster("hdp-3.1", { nodes: nodes(4) }) },
  ])
    expect(triggers(synth(change))).not.toEqual(triggers(synth()));
});

it("lets no blueprint leave synth that Ambari refuses, or should: with the construct's path", () => {
  const spec = cluster();
  const twice = [spec.nodes[0]!, spec.nodes[1]!, spec.nodes[1]!];
  expect(() => synth({ spec: { ...spec, nodes: twice } })).toThrow(
    "test/ambari  template host_groups.2.hosts.0.fqdn: host group master3: hdp-2.aws2ncp.internal is already in host group master2",
  );
});
