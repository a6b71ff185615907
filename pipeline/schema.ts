/**
 * The pipeline file's shape: the one source of its type, of the loader's errors and of the JSON Schema for editors
 * (`pipeline.schema.json`). What spans several values stands in rules.ts.
 */
import { z } from "zod";
import { LATENESS_HOURS, PIPELINE_NAME, VOLUME_GB } from "./limits";
import { isHiveType } from "./hive-type";
import {
  OPTIONAL_SECRETS,
  PARTITION_TYPES,
  SECRET_NAMES,
  TABLE_FORMATS,
  TABLE_LAYOUTS,
  type SecretName,
} from "./plan-types";
import { airflow, cluster, memberImage, presto } from "./schema-cluster";
import { address, block, bucket, cron, hostName, named, network, prefix, text, zone } from "./schema-values";
import { isDate } from "./time";

type OptionalSecret = (typeof OPTIONAL_SECRETS)[number];
const isOptional = (name: SecretName): name is OptionalSecret => (OPTIONAL_SECRETS as readonly string[]).includes(name);

const KMS_KEY_ARN = /^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key\/[A-Za-z0-9-]+$/;
const place = z.strictObject({ bucket, prefix });

const host = z.strictObject({
  image: z.string().meta({ description: "Server image of the platform, or one of your own from images" }),
  spec: text("a spec code of the platform for KVM images, such as s2-g3", (v) => /^[csm][0-9]+-g3[a-z]?$/.test(v)),
  address: address.optional().meta({ description: "Fixed private address; left out, the role's place in its subnet" }),
  reason: z
    .string()
    .min(1)
    .optional()
    .meta({ description: "Why there is a second public host: each is one more door to the network" }),
  volume: z
    .strictObject({
      size_gb: z.int().min(VOLUME_GB.min).max(VOLUME_GB.max).multipleOf(VOLUME_GB.step),
      mount: text("an absolute path such as /var/lib/aws2ncp", (v) => /^(\/[a-z0-9._-]+)+$/.test(v)),
    })
    .optional()
    .meta({ description: "A volume that outlives its server" }),
});

const anyDataset = {
  source: place.meta({ description: "Where the objects come from, at AWS" }),
  target: place.meta({ description: "Where they go, in NCP Object Storage" }),
  bandwidth_mb: z.int().min(1).max(10_000).optional().meta({
    description: "Most that a run may take, in MB a second: a bulk copy leaves the rest to the hourly one",
  }),
};

const logDataset = <Layout extends string>(layout: Layout, folders: string, late: number, schedule: string) =>
  z.strictObject({
    layout: z.literal(layout).meta({ description: folders }),
    ...anyDataset,
    prefix_zone: zone
      .default("UTC")
      .meta({ description: "Zone in which the folders are named; Firehose's default is UTC" }),
    start_date: text("a date such as 2020-01-01", isDate).meta({
      description: "First day that is copied, in start_zone",
    }),
    start_zone: zone.meta({ description: "Zone of start_date: a day in Korea starts at 15:00 UTC of the day before" }),
    before_start: z.enum(["leave", "copy"]).default("leave").meta({
      description: "What happens to folders from before the start: left at the source, or copied by the full run",
    }),
    lateness_hours: z.int().min(LATENESS_HOURS.min).max(LATENESS_HOURS.max).default(LATENESS_HOURS.default).meta({
      description: "How late an object may appear in a folder whose time is over; never below source_retention_hours",
    }),
    source_retention_hours: z.int().min(LATENESS_HOURS.min).max(LATENESS_HOURS.max).default(LATENESS_HOURS.min).meta({
      description: "How long the stream behind the folders keeps records and tries to write them: 24 hours or more",
    }),
    late_after_hours: z.int().min(1).max(LATENESS_HOURS.max).default(late).meta({
      description: "Hours without a good run after which the dataset is late, and an alert is raised",
    }),
    schedule: cron.default(schedule).meta({ description: "When the window that can have changed is copied" }),
    full_schedule: cron
      .default("17 3 * * 0")
      .meta({ description: "When everything since the start date is listed again" }),
  });

const treeDataset = z.strictObject({
  layout: z.literal("tree").meta({ description: "A whole prefix, whatever lies in it" }),
  ...anyDataset,
  mode: z.enum(["copy", "sync"]).default("copy").meta({
    description: "sync also deletes at the target what is gone at the source, into the bucket of replaced objects",
  }),
  max_delete: z.int().min(0).optional().meta({
    description: "With sync, and only with it: a run that would delete more objects deletes none, and fails",
  }),
  schedule: cron.optional().meta({ description: "When it is copied; left out, on demand only" }),
  late_after_hours: z.int().min(1).max(LATENESS_HOURS.max).default(170).meta({
    description: "With a schedule: hours without a good run after which the dataset is late",
  }),
});

const dataset = z.discriminatedUnion("layout", [
  logDataset("firehose-hourly", "Folders YYYY/MM/DD/HH under the prefix, as Firehose writes them", 3, "7 * * * *"),
  logDataset("daily", "Folders YYYY/MM/DD under the prefix", 27, "37 1 * * *"),
  treeDataset,
]);

const hiveName = (what: string) =>
  text("lower-case letters, digits and _, up to 128, beginning with a letter", (v) =>
    /^[a-z][a-z0-9_]{0,127}$/.test(v),
  ).meta({
    description: what,
  });

const tableSet = z.strictObject({
  dataset: z.string().optional().meta({ description: "Dataset whose target and folders these tables lie in" }),
  bucket: bucket.optional(),
  prefix: prefix.optional(),
  layout: z.enum(TABLE_LAYOUTS).optional().meta({
    description:
      "hive: a folder for each table, in it files or folders k=v; firehose-hourly: YYYY/MM/DD/HH as partitions dt and hour; daily: YYYY/MM/DD as dt; flat: the prefix is one table's folder. A dataset of logs has its own",
  }),
  database: hiveName(
    "Hive's database. With layout hive and without it: the first folder names the database",
  ).optional(),
  format: z.enum(TABLE_FORMATS).default("parquet").meta({ description: "json: an object a line, gzipped or not" }),
  columns: z
    .record(z.string(), text("a type of Hive such as bigint or array<string>", isHiveType))
    .optional()
    .meta({ description: "Columns of format json; left out, those of a sample of the files" }),
  timestamps: z.literal("bigint").optional().meta({
    description:
      "INT64 timestamps, which Hive 3.1 can't read as such, are columns of numbers; left out, their table is reported",
  }),
  partition_types: z.record(z.string(), z.enum(PARTITION_TYPES)).optional().meta({
    description: "Types of partition columns of layout hive; left out, int or bigint where all values are numbers",
  }),
});

const remoteState = z.strictObject({
  bucket,
  host: hostName.meta({ description: "Public endpoint of Object Storage: deploys run outside the platform's network" }),
  region: text("a region name such as kr-standard", (v) => /^[a-z0-9-]+$/.test(v)),
  profile: text("a profile name such as ncp", (v) => /^[A-Za-z0-9_-]+$/.test(v))
    .default("ncp")
    .meta({
      description:
        "Profile of the shared AWS credentials file with this bucket's key; AWS_* in the environment is AWS's own",
    }),
  locking: z.enum(["lockfile", "single-runner"]).meta({
    description:
      "lockfile: only after aws2ncp doctor has proved that the endpoint honours conditional writes; else single-runner",
  }),
  runner: text("the host name of the machine that deploys", (v) => /^[A-Za-z0-9][A-Za-z0-9.-]*$/.test(v))
    .optional()
    .meta({ description: "With single-runner: the only machine that deploys" }),
});

const secret = z.strictObject({
  from: text("env:NAME, file:PATH or command:PROGRAM ARGS", (v) =>
    /^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+|command:.+)$/.test(v),
  ),
  version: z.int().min(1).meta({ description: "Raised by hand to rotate: the next deploy delivers the new value" }),
});

const secrets = z.strictObject(
  Object.fromEntries(SECRET_NAMES.map((name) => [name, isOptional(name) ? secret.optional() : secret])) as Record<
    Exclude<SecretName, OptionalSecret>,
    typeof secret
  > &
    Record<OptionalSecret, z.ZodOptional<typeof secret>>,
);

export const PipelineSchema = z
  .strictObject({
    version: z.literal(1).meta({ description: "Version of this file's format" }),
    name: named(PIPELINE_NAME, "Prefix of every name on the platform. A change replaces everything"),
    platform: z.strictObject({
      site: z.enum(["public", "gov", "fin"]).default("public"),
      region: text("a region code such as KR", (v) => /^[A-Z]{2,4}$/.test(v)),
      zone: text("a zone code such as KR-1", (v) => /^[A-Z]{2,4}-[0-9]$/.test(v)),
      login_key: text("the name of a login key, 3 to 30 characters", (v) => /^[A-Za-z0-9-]{3,30}$/.test(v)).meta({
        description:
          "Login key registered on the platform; made outside Terraform, which would keep its private half in the state",
      }),
    }),
    state: z.strictObject({
      folder: text("a folder relative to this file, such as state", (v) =>
        /^[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*$/.test(v),
      ).meta({
        description: "What a deploy keeps on this machine: pins, results; the states too unless they are remote",
      }),
      remote: remoteState.optional().meta({ description: "States in a bucket of Object Storage" }),
    }),
    network: z.strictObject({
      domain: hostName.meta({ description: "Domain of the hosts' names" }),
      vpc: network,
      public_subnet: network,
      private_subnet: network,
      admin_cidrs: z.array(block).min(1).meta({ description: "From where operators reach proxy-1's ssh" }),
      name_servers: z.array(address).min(1).meta({ description: "The platform's resolvers" }),
      time_servers: z
        .array(z.union([address, hostName]))
        .min(1)
        .meta({ description: "Where proxy-1 gets the time" }),
    }),
    object_storage: z.strictObject({
      host: hostName.meta({ description: "Private endpoint of Object Storage" }),
      region: text("a region name such as kr-standard", (v) => /^[a-z0-9-]+$/.test(v)),
      cidrs: z.array(block).min(1).meta({ description: "Blocks that the endpoint answers on" }),
    }),
    source: z.strictObject({
      region: text("an AWS region such as ap-northeast-2", (v) => /^[a-z]{2}(-[a-z]+)+-[0-9]$/.test(v)),
      host: hostName.meta({ description: "S3 endpoint of the region" }),
      reader: text("the name of an IAM user, 1 to 64 characters", (v) => /^[\w+=,.@-]{1,64}$/.test(v)).meta({
        description: "IAM user whose key the sync hosts have; made, with its key, outside Terraform",
      }),
      standby_addresses: z.array(address).default([]).meta({
        description: "Addresses besides the proxies' own that the reader may come from",
      }),
      kms_key_arns: z
        .array(
          text(
            "the ARN of a KMS key, not of an alias, such as arn:aws:kms:ap-northeast-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
            (v) => KMS_KEY_ARN.test(v),
          ),
        )
        .default([])
        .meta({
          description: "Keys that source objects are encrypted with (SSE-KMS); the reader may decrypt with these",
        }),
    }),
    proxy: z.strictObject({
      package_hosts: z.array(hostName).min(1).meta({ description: "Package hosts that port B admits" }),
      active: z.string().optional().meta({
        description:
          "Proxy that is the bastion and everybody's way out; left out, the first. A standby is switched to by this line",
      }),
    }),
    images: z
      .record(z.string(), memberImage)
      .default({})
      .meta({ description: "Member server images of your own, by a name for this file" }),
    hosts: z.record(z.string(), host).meta({ description: "ROLE-NUMBER: what the host is for and which one" }),
    datasets: z.record(
      z
        .string()
        .regex(/^[a-z][a-z0-9_]{1,30}$/, { error: "a dataset's name: lower-case letters, digits and _, up to 31" }),
      dataset,
    ),
    tables: z
      .record(hiveName("A table of layout hive has its folder's name, any other table this one"), tableSet)
      .optional()
      .meta({ description: "Tables that `aws2ncp metastore rebuild` makes of data in Object Storage" }),
    alerts: z
      .strictObject({ host: hostName.meta({ description: "Host of the webhook; its URL is secrets.alert_webhook" }) })
      .optional()
      .meta({ description: "Where late and failed runs are told" }),
    cluster: cluster.optional().meta({ description: "The batch cluster on the hdp hosts" }),
    presto: presto.optional().meta({ description: "The query engine on the presto hosts" }),
    airflow: airflow.optional().meta({ description: "The scheduler on airflow-1" }),
    buckets: z.strictObject({ replaced: bucket.meta({ description: "Keeps what a copy would overwrite" }) }),
    operators: z
      .array(
        z.strictObject({
          name: text("a login name such as deploy", (v) => /^[a-z][a-z0-9-]{0,30}$/.test(v) && v !== "root"),
          public_key_file: z
            .string()
            .min(1)
            .meta({ description: "File with one line of authorized_keys, relative to this file" }),
        }),
      )
      .min(1)
      .meta({ description: "Who may log in. The first is the account that deploys" }),
    secrets: secrets.meta({ description: "Where the deploying program finds each secret; never its value" }),
  })
  .meta({ title: "aws2ncp pipeline" });

/** The pipeline file after validation and defaults. */
export type PipelineFile = z.output<typeof PipelineSchema>;
