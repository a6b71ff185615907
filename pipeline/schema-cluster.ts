/** The pipeline file's sections of the batch cluster and of what stands beside it. */
import { z } from "zod";
import { DEFAULT_DISTRIBUTION, DISTRIBUTIONS, type DistributionName } from "./hadoop/distributions";
import { hostName, text, zone } from "./schema-values";

const url = text(
  "an http or https URL without user, password, query or trailing slash, such as https://repo.company.test/hdp",
  (v) => /^https?:\/\/[a-z0-9.-]+(:[0-9]+)?(\/[A-Za-z0-9._~+-]+)*$/.test(v),
);

/** Names that Ambari gives operating systems, from all distributions; presto and airflow hosts may bear them too. */
const OS = /^(redhat|ubuntu|debian|suse|amazonlinux|openeuler)[0-9]+$/;

export const memberImage = z.strictObject({
  member_server_image_no: text("the number of a member server image, such as 4711", (v) => /^[0-9]+$/.test(v)).meta({
    description: "Number of the image on the platform, in quotes. Another number for hosts that exist changes nothing",
  }),
  os: text("an operating system as Ambari names it, such as ubuntu16 or redhat7", (v) => OS.test(v)),
  python: text("the version of the Python 3 in it, such as 3.8", (v) => /^3\.[0-9]+$/.test(v)).meta({
    description: "Ansible's modules run on it: 3.6 or newer, installed when the image is made",
  }),
});

const kerberos = z.strictObject({
  realm: text("a realm in capitals, such as COMPANY.INTERNAL", (v) => /^[A-Z0-9.-]+$/.test(v)),
  kdc_hosts: z.array(hostName).min(1).meta({ description: "Hosts of an MIT KDC" }),
  admin_server: hostName,
  admin_principal: text("a principal such as admin/admin@COMPANY.INTERNAL", (v) => /^[^@\s]+@[A-Z0-9.-]+$/.test(v)),
});

export const cluster = z.strictObject({
  name: text("a name of small letters and digits, such as batch", (v) => /^[a-z][a-z0-9]{1,19}$/.test(v))
    .default("batch")
    .meta({ description: "Ambari's name of the cluster. It can't be changed in place" }),
  distribution: z
    .enum(Object.keys(DISTRIBUTIONS) as [DistributionName, ...DistributionName[]])
    .default(DEFAULT_DISTRIBUTION)
    .meta({ description: "Decides the operating systems and the packages. It can't be changed in place" }),
  layout: z
    .enum(["non-ha", "ha"])
    .default("non-ha")
    .meta({ description: "ha: two NameNodes, three JournalNodes. It can't be changed in place" }),
  security: z.enum(["none", "kerberos"]).default("none"),
  kerberos: kerberos.optional().meta({ description: "With security: kerberos" }),
  time_zone: zone
    .default("UTC")
    .meta({ description: "Zone in which Hive, Spark and Presto all read timestamps that carry none (INT96)" }),
  ambari_repository: url.meta({ description: "Package repository of ambari-server and ambari-agent" }),
  repository: z.strictObject({
    version: text("version and build of the packages, such as 3.1.0.0-78", (v) => /^[0-9.]+(-[0-9]+)?$/.test(v)),
    base_urls: z.record(z.string(), url).meta({ description: "URL of each repository of the distribution, by name" }),
  }),
});

export const presto = z.strictObject({
  version: text("a version such as 0.287", (v) => /^[0-9]+(\.[0-9]+)+$/.test(v)),
  package: z.strictObject({
    url: url.meta({ description: "presto-server-VERSION.tar.gz, at a host of proxy.package_hosts" }),
    sha256: text("64 hexadecimal digits", (v) => /^[0-9a-f]{64}$/.test(v)),
  }),
});

export const airflow = z.strictObject({
  index: url.meta({ description: "Index of Python packages, at a host of proxy.package_hosts" }),
  jobs: text("a folder relative to this file, such as jobs", (v) => /^[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*$/.test(v))
    .optional()
    .meta({ description: "The company's own DAGs and jobs, delivered as they are" }),
});
