/** What sandbox/limits.md says, held against the sandbox that is up: one check for each row, by its name. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { release, tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetObjectCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { bindingSource } from "../../../sandbox/cloud/aws/bindings";
import { schemaOf } from "../../../sandbox/cloud/aws/derived-schema";
import { platformApi } from "../../../ops/doctor/endpoints";
import { sandboxEnv } from "../../../sandbox/env";
import { hostExec } from "../../../sandbox/hosts";
import { OUTER_ADDRESS, PEERS, receivedAlerts } from "../../../sandbox/network";
import { s3Client } from "../../../sandbox/object-storage";
import { projectRoot } from "../../../sandbox/paths";
import { run } from "../../../sandbox/run";
import { readSecret, secretPath } from "../../../sandbox/secrets";
import { ambari } from "./ambari";
import { datasetNamed, eventLog, rehearsedPlan, stateOf } from "./support";
import { withObjectStorageNamed } from "./names";

jest.setTimeout(120_000);

const plan = rehearsedPlan();
const page = readFileSync(join(projectRoot(), "sandbox", "limits.md"), "utf8");

const on = async (host: string, ...argv: string[]): Promise<string> => (await hostExec(host, argv)).stdout.trim();

/** HTTP status of a refused request. */
async function refusal(request: Promise<unknown>): Promise<number | undefined> {
  try {
    await request;
    return undefined;
  } catch (error) {
    return (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
  }
}

/** What Terraform says to a plan of this one resource, in a folder and a cloud of its own. */
const terraformSays = (type: string, values: object, keys: object = {}): Promise<string> =>
  terraformPlans({
    terraform: { required_providers: { ncloud: { source: "navercloudplatform/ncloud", version: "4.0.5" } } },
    provider: { ncloud: { support_vpc: true, region: "KR", site: "public", ...keys } },
    resource: { [type]: { it: values } },
  });

/** The same with the AWS provider. */
const awsSays = (config: object, region = "ap-northeast-2"): Promise<string> =>
  terraformPlans({
    terraform: { required_providers: { aws: { source: "hashicorp/aws", version: "6.25.0" } } },
    provider: { aws: { region } },
    ...config,
  });

async function terraformPlans(config: object): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "limits-"));
  try {
    writeFileSync(join(folder, "main.tf.json"), JSON.stringify(config));
    const opts = { cwd: folder, env: sandboxEnv(), allowFail: true };
    await run("terraform", ["init", "-no-color"], opts);
    const { stdout, stderr } = await run("terraform", ["plan", "-no-color", "-input=false"], opts);
    return `${stdout}${stderr}`.replace(/[\s│╵╷]+/g, " ");
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const CHECKS: Readonly<Record<string, () => Promise<void>>> = {
  image: async () =>
    expect(await on("sync-1", "sh", "-c", ". /etc/os-release; echo $ID $VERSION_ID")).toBe("debian 12"),
  kernel: async () => {
    expect(await on("sync-1", "uname", "-r")).toBe(release());
    expect(await on("sync-1", "findmnt", "--noheadings", "--output", "OPTIONS", "/proc/sys/vm")).toMatch(/^ro\b/);
  },
  // Bit 25 of the bounding set is CAP_SYS_TIME. The clock itself is never touched: it is the machine's own.
  clock: async () => {
    const bounding = BigInt(`0x${await on("sync-1", "sh", "-c", "awk '/CapBnd/ {print $2}' /proc/1/status")}`);
    expect((bounding >> 25n) & 1n).toBe(0n);
  },
  isolation: async () => {
    const bounding = BigInt(`0x${await on("sync-1", "sh", "-c", "awk '/CapBnd/ {print $2}' /proc/1/status")}`);
    expect((bounding >> 21n) & 1n).toBe(1n); // CAP_SYS_ADMIN
  },
  memory: async () => {
    const total = /MemTotal:\s+\d+/.exec(readFileSync("/proc/meminfo", "utf8"))?.[0];
    expect(await on("sync-1", "head", "-n", "1", "/proc/meminfo")).toContain(total);
  },
  "power-off": async () => {
    const format = "{{.HostConfig.RestartPolicy.Name}}";
    const policy = execFileSync("podman", ["inspect", "--format", format, "a2n-sync-1"], { encoding: "utf8" });
    expect(policy.trim()).toBe("always");
  },
  udev: async () => {
    const source = await on("sync-1", "findmnt", "-no", "SOURCE", "/var/lib/aws2ncp");
    expect(await on("sync-1", "stat", "-Lc", "%Hr", source)).toBe("7"); // major number of loop devices
  },
  packages: async () => {
    expect(await on("sync-1", "sh", "-c", "apt-get indextargets --format '$(REPO_URI) $(TRUSTED)' | sort -u")).toBe(
      "http://packages.ncp.test/debian/ yes",
    );
  },
  "config-drive": async () => expect(await on("sync-1", "ls", "/media/platform")).not.toBe(""),
  router: async () => expect(await on("sync-1", "ip", "-6", "route", "show", "default")).toBe(""),
  internet: async () => {
    const outside = execFileSync("ip", ["netns", "exec", "a2n-router", "ip", "route"], { encoding: "utf8" });
    expect(
      outside
        .split("\n")
        .filter((line) => line.startsWith("default"))
        .map((line) => line.trim()),
    ).toEqual(["default dev nowhere scope link"]);
  },
  resolver: async () => {
    expect(await on("sync-1", "getent", "ahostsv4", PEERS.unlisted.hostName)).toContain(PEERS.unlisted.address);
    expect((await hostExec("sync-1", ["getent", "ahostsv4", "example.com"], { allowFail: true })).code).not.toBe(0);
  },
  time: async () => expect(await on("proxy-1", "chronyc", "-c", "sources")).toMatch(/^\^,.,time\.ncp\.test,10,|,10,/m),
  alerts: async () => {
    const input = `url = "${await readSecret("alert-webhook")}"\n`; // a secret: no argument
    const address = `${PEERS.alerts.hostName}:443:${PEERS.alerts.address}`;
    const post = ["--json", '{"text":"limits"}', "--cacert", secretPath("ca.crt"), "--resolve", address];
    const before = receivedAlerts().length;
    expect((await run("curl", ["--silent", "--show-error", "--config", "-", ...post], { input })).stdout).toBe("ok\n");
    expect(
      receivedAlerts()
        .slice(before)
        .map(({ body }) => body),
    ).toEqual([{ text: "limits" }]);
  },
  interfaces: async () => expect(await on("sync-1", "sh", "-c", "ls /sys/class/net | grep -c ^eth")).toBe("1"),
  "ambari-rest": async () => {
    const refused = await ambari("/clusters/batch/alerts");
    expect([refused.status, refused.body.message]).toEqual([
      501,
      "the stand-in does not do GET /clusters/batch/alerts",
    ]);
  },
  "ambari-settings": async () => {
    const { body } = await ambari("/clusters/batch/configurations?(type=yarn-site&tag=TOPOLOGY_RESOLVED)");
    const properties = Object.keys(body.items[0].properties);
    expect(properties).toContain("yarn.resourcemanager.hostname");
    expect(properties).not.toContain("yarn.resourcemanager.scheduler.class");
  },
  distribution: async () => {
    const versions = [
      "hadoop-common-3.3.6",
      "hive-exec-3.1.3",
      "spark-core_2.12-3.5.7",
      "tez-api-0.10.2",
      "sqoop-1.4.7-hadoop260",
    ];
    const jars = await on("hdp-3", "sh", "-c", "cd /opt/apache && ls hadoop/lib hive/lib spark/jars tez/lib sqoop/lib");
    expect(versions.filter((name) => !jars.includes(`${name}.jar`))).toEqual([]);
    expect(await on("hdp-3", "sh", "-c", "touch /opt/apache/hadoop/new 2>&1 || true")).toContain(
      "Read-only file system",
    );
  },
  java: async () => {
    const [first] = (await on("hdp-3", "sh", "-c", "/usr/lib/jvm/aws2ncp-java/bin/java -version 2>&1")).split("\n");
    expect(first).toContain('"11.0.');
    expect(await on("presto-1", "systemctl", "show-environment")).toContain(
      "-XX:TieredStopAtLevel=1 -XX:-BytecodeVerificationRemote",
    );
    expect(await on("hdp-3", "sh", "-c", "dpkg-query -W -f '${Status}' openjdk-8-jre-headless")).toBe(
      "install ok installed",
    );
  },
  recorded: async () => {
    const { body } = await ambari("/clusters/batch/host_components?fields=HostRoles/state");
    const collector = body.items.find((item: any) => item.HostRoles.component_name === "METRICS_COLLECTOR");
    expect(collector.HostRoles.state).toBe("STARTED");
    const processes = await on("hdp-1", "ps", "-ww", "-eo", "args");
    expect(processes.split("\n").filter((line) => /ambari.*metrics|timelineserver/i.test(line))).toEqual([]);
  },
  "stand-in-settings": async () => {
    const site = await on("hdp-2", "cat", "/etc/hive/conf.server/hive-site.xml");
    expect(site).toContain("<name>hive.server2.webui.port</name><value>0</value>");
  },
  "rpc-without-kerberos": async () => {
    const site = await on("hdp-1", "cat", "/etc/hadoop/conf/core-site.xml");
    expect(site).toContain("<name>hadoop.rpc.protection</name><value>privacy</value>");
    expect(site).not.toContain("<value>kerberos</value>");
  },
  policies: async () => {
    const place = { Bucket: eventLog(plan).target.bucket };
    const versions = new PutBucketVersioningCommand({ ...place, VersioningConfiguration: { Status: "Enabled" } });
    const policy = new PutBucketPolicyCommand({
      ...place,
      Policy: JSON.stringify({ Version: "2012-10-17", Statement: [] }),
    });
    expect(await refusal(s3Client("ncp").send(versions))).toBe(501);
    expect(await refusal(s3Client("ncp").send(policy))).toBe(400);
  },
  "read-only": async () => {
    const reader = s3Client("aws", { account: "aws" });
    const { bucket } = eventLog(plan).source;
    expect(await refusal(reader.send(new PutObjectCommand({ Bucket: bucket, Key: "x", Body: "x" })))).toBe(501);
    expect(await refusal(reader.send(new CreateBucketCommand({ Bucket: "one-more-bucket" })))).toBe(501);
  },
  listing: async () => {
    const { Contents } = await s3Client("ncp").send(
      new ListObjectsV2Command({ Bucket: eventLog(plan).target.bucket, MaxKeys: 1 }),
    );
    expect(Contents).toHaveLength(1);
  },
  parquet: async () => {
    const { bucket, prefix } = datasetNamed(plan, "hive").source;
    const client = s3Client("aws");
    const key = `${prefix}airlines/part-0.parquet`;
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    expect(Buffer.from((await Body?.transformToByteArray()) ?? []).toString("latin1")).toMatch(
      /parquet-cpp-arrow version [\d.]+.*PAR1$/s,
    );
    client.destroy();
  },
  "conditional-put": async () => {
    const place = {
      bucket: eventLog(plan).target.bucket,
      host: PEERS.ncp.hostName,
      region: "kr-standard",
      profile: "ncp",
    };
    const prove = `require("./dist/states/proof").proveLocking(${JSON.stringify(place)}, "limits").then((proof) => console.log(JSON.stringify(proof)))`;
    const [program, args] = withObjectStorageNamed([process.execPath, "-e", prove]);
    const { stdout } = await run(program, args, { cwd: projectRoot(), env: { ...process.env, ...sandboxEnv() } });
    expect(JSON.parse(stdout)).toEqual({
      holds: false,
      found: expect.stringMatching(/^[234] of 4 puts at the same time succeeded/) as string,
    });
  },
  "folder-markers": async () => {
    const client = s3Client("ncp");
    const { bucket: Bucket, prefix } = datasetNamed(plan, "hive").target;
    const [marker, below] = [`limits-${prefix}`, `limits-${prefix}below`];
    for (const Key of [marker, below]) await client.send(new PutObjectCommand({ Bucket, Key, Body: Buffer.alloc(0) }));
    try {
      expect(await refusal(client.send(new DeleteObjectCommand({ Bucket, Key: marker })))).toBe(500);
    } finally {
      for (const Key of [below, marker]) await client.send(new DeleteObjectCommand({ Bucket, Key }));
    }
  },
  "bucket-encryption": async () => {
    const { bucket } = eventLog(plan).target;
    const answer = await s3Client("ncp").send(new GetBucketEncryptionCommand({ Bucket: bucket }));
    expect(answer.ServerSideEncryptionConfiguration?.Rules ?? []).toEqual([]);
  },
  certificates: async () => {
    const issuer =
      "openssl s_client -connect kr.object.private.ncp.test:443 </dev/null 2>/dev/null | openssl x509 -noout -issuer";
    expect(await on("sync-1", "sh", "-c", issuer)).toMatch(/sandbox/i);
  },
  types: async () => {
    const said = await terraformSays("ncloud_nks_cluster", {
      cluster_type: "SVR.VNKS.STAND.C002.M008.NET.SSD.B050.G002",
      login_key_name: "aws2ncp",
      name: "no-handler",
      subnet_no_list: ["1"],
      vpc_no: "1",
      zone: "KR-1",
      lb_private_subnet_no: "1",
    });
    expect(said).toContain("ncloud_nks_cluster: the sandbox has no stand-in for it");
    expect(said).not.toMatch(/will be created/);
  },
  "login-key": async () => expect(await terraformSays("ncloud_login_key", { key_name: "another" })).toMatch(/private/),
  snapshots: async () =>
    expect(await terraformSays("ncloud_block_storage_snapshot", { block_storage_instance_no: "1" })).toContain(
      "the sandbox has no stand-in for it",
    ),
  encryption: async () => {
    const device = await on("sync-1", "findmnt", "-no", "SOURCE", "/var/lib/aws2ncp");
    expect(await on("sync-1", "blkid", "-p", "-o", "value", "-s", "TYPE", device)).toBe("ext4");
    expect(stateOf(plan, "transfer", "ncloud_block_storage")[0]?.["encrypted_volume"]).toBe(true);
  },
  credentials: async () => {
    const nobody = { access_key: "nobody", secret_key: "wrong" };
    expect(await terraformSays("ncloud_vpc", { ipv4_cidr_block: "10.0.0.0/16" }, nobody)).toMatch(/Plan: 1 to add/);
  },
  iam: async () => {
    const policy = String(stateOf(plan, "source", "aws_iam_policy")[0]?.["policy"]);
    expect(policy).toContain('"NotIpAddress"');
    // This machine has none of the addresses that the policy admits.
    expect(policy).not.toContain(`"${OUTER_ADDRESS}/32"`);
    const reader = s3Client("aws", { account: "aws" });
    const { bucket } = eventLog(plan).source;
    const { Contents } = await reader.send(new ListObjectsV2Command({ Bucket: bucket, MaxKeys: 1 }));
    expect(Contents).toHaveLength(1);
  },
  "aws-types": async () =>
    expect(await awsSays({ resource: { aws_iam_access_key: { it: { user: plan.source.reader } } } })).toContain(
      'does not support resource type "aws_iam_access_key"',
    ),
  "aws-schema": async () => {
    const { attributes = {} } = schemaOf(bindingSource("provider")).block;
    expect(attributes["secret_key"]).toEqual({ type: "string", optional: true });
  },
  "aws-region": async () => {
    const config = {
      data: { aws_s3_bucket: { it: { bucket: eventLog(plan).source.bucket } } },
      output: { region: { value: "${data.aws_s3_bucket.it.bucket_region}" } },
    };
    expect(await awsSays(config, "eu-west-3")).toContain('region = "eu-west-3"');
  },
  "aws-settings": async () => {
    const place = { Bucket: eventLog(plan).source.bucket };
    const client = s3Client("aws");
    const encryption = await client.send(new GetBucketEncryptionCommand(place));
    expect(encryption.ServerSideEncryptionConfiguration?.Rules).toBeUndefined();
    expect(await refusal(client.send(new GetBucketLifecycleConfigurationCommand(place)))).toBe(501);
  },
  api: async () => expect(platformApi(plan.platform, sandboxEnv())).toBeUndefined(),
};

it("names each limit once, and checks each that is named", () => {
  const named = [...page.matchAll(/^\| `([a-z-]+)` \|/gm)].map((row) => row[1]);
  expect([...named].sort()).toEqual(Object.keys(CHECKS).sort());
});

it.each(Object.keys(CHECKS))("%s", async (limit) => {
  await (CHECKS[limit] as () => Promise<void>)();
});
