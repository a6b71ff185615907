/** Rules of the batch cluster and of what stands beside it. */
import { shown, type Problem } from "./errors";
import { checkCluster } from "./hadoop/cluster";
import { DISTRIBUTIONS } from "./hadoop/distributions";
import { airflowRefusal, imageOf, IMAGES } from "./images";
import { type OPTIONAL_SECRETS, type HostPlan, type ImagePlan, type Role, type SecretName } from "./plan-types";
import { clusterOf } from "./plan-cluster";
import { addressOf, byNumber, roleOf } from "./roles";
import type { PipelineFile } from "./schema";

type Rule = (file: PipelineFile) => Problem[];
type OptionalSecret = (typeof OPTIONAL_SECRETS)[number];

const hostsNamed = (file: PipelineFile, role: Role): string[] =>
  Object.keys(file.hosts)
    .filter((name) => roleOf(name)?.role === role)
    .sort(byNumber);

/** Each section and its hosts: one without the other means nothing. */
const SECTIONS = [
  { section: "cluster", role: "hdp" },
  { section: "presto", role: "presto" },
  { section: "airflow", role: "airflow" },
] as const satisfies readonly { section: keyof PipelineFile; role: Role }[];

const sections: Rule = (file) =>
  SECTIONS.flatMap(({ section, role }): Problem[] => {
    const hosts = hostsNamed(file, role);
    if (file[section] === undefined && hosts.length > 0)
      return [
        {
          path: ["hosts", hosts[0] as string],
          message: `is a host of role ${role}, and there is no section ${section}`,
          allowed: `hosts of role ${role} and the section ${section}, both or neither`,
          hint: `add ${section}: as pipeline.yaml of the repository has it, or remove the host`,
        },
      ];
    if (file[section] !== undefined && hosts.length === 0)
      return [
        {
          path: [section],
          message: `there is no host of role ${role} for it`,
          allowed: `hosts of role ${role} and the section ${section}, both or neither`,
          hint: `add ${role}-1 under hosts, or remove the section`,
        },
      ];
    return [];
  });

/** What each is built upon. */
const ORDER: readonly (readonly [section: "presto" | "airflow", needs: "cluster" | "presto"])[] = [
  ["presto", "cluster"],
  ["airflow", "presto"],
];

const order: Rule = (file) =>
  ORDER.filter(([section, needs]) => file[section] !== undefined && file[needs] === undefined).map(
    ([section, needs]) => ({
      path: [section],
      message: `needs the section ${needs}, which is missing`,
      allowed: "cluster; cluster and presto; or cluster, presto and airflow",
      hint: `add ${needs}:, or remove ${section}`,
    }),
  );

const unknownImages: Rule = (file) =>
  Object.entries(file.hosts)
    .filter(([, { image }]) => imageOf(file, image) === undefined)
    .map(([name, { image }]) => ({
      path: ["hosts", name, "image"],
      message: `${shown(image)} is not known`,
      allowed: [...IMAGES.keys(), ...Object.keys(file.images)].join(", "),
      hint: "write one of these, or describe your own under images",
    }));

/** Told before a delivery fails at its packages. */
const airflowImages: Rule = (file) =>
  hostsNamed(file, "airflow").flatMap((name): Problem[] => {
    const image = file.hosts[name]?.image as string;
    const found = imageOf(file, image);
    const reason = found === undefined ? undefined : airflowRefusal(found);
    if (reason === undefined) return [];
    const good = [...IMAGES.keys(), ...Object.keys(file.images)].filter((each) => {
      const other = imageOf(file, each);
      return other !== undefined && airflowRefusal(other) === undefined;
    });
    return [
      {
        path: ["hosts", name, "image"],
        message: `${shown(image)} can't carry role airflow: ${reason}`,
        allowed: good.join(", "),
        hint: "choose one of these before the first deploy: another image replaces the server",
      },
    ];
  });

/** Numbers without a gap: a node's number is its place in the layout. */
const nodeNumbers: Rule = (file) => {
  const names = hostsNamed(file, "hdp");
  return names.flatMap((name, index): Problem[] =>
    name === `hdp-${index + 1}`
      ? []
      : [
          {
            path: ["hosts", name],
            message: `hdp-${index + 1} is missing before it`,
            allowed: "hdp-1, hdp-2 and so on, without a gap: a node's number is its place in the layout",
            hint: `name it hdp-${index + 1}`,
          },
        ],
  );
};

const kerberos: Rule = ({ cluster, secrets }) => {
  if (cluster === undefined) return [];
  const wanted = cluster.security === "kerberos";
  if (wanted !== (cluster.kerberos !== undefined))
    return [
      {
        path: ["cluster", wanted ? "security" : "kerberos"],
        message: wanted ? "kerberos: the section cluster.kerberos is missing" : "means nothing with security: none",
        allowed: "security: kerberos with cluster.kerberos, or neither",
        hint: wanted ? "add kerberos: { realm, kdc_hosts, admin_server, admin_principal }" : "remove it",
      },
    ];
  return wanted === (secrets.kerberos_admin_password !== undefined)
    ? []
    : [missingSecret("kerberos_admin_password", "security: kerberos")];
};

const missingSecret = (name: SecretName, whose: string): Problem => ({
  path: ["secrets", name],
  message: `does not fit: it is given with ${whose}, and only then`,
  allowed: "a reference to where it is kept: env:NAME, file:PATH or command:PROGRAM ARGS",
  hint: `add ${name}: { from: "env:${name.toUpperCase()}", version: 1 } under secrets, or remove it; docs/secrets.md says what it is`,
});

/** Secrets that come with a section. */
export const SECRETS_OF: Readonly<Record<"cluster" | "presto" | "airflow", readonly OptionalSecret[]>> = {
  cluster: [
    "hdp_tls_cert",
    "hdp_tls_key",
    "hadoop_keystore_password",
    "hadoop_truststore_password",
    "ambari_admin_password",
    "ambari_db_password",
    "hive_db_password",
    "grafana_password",
  ],
  presto: [
    "presto_tls_cert",
    "presto_tls_key",
    "presto_node_cert",
    "presto_node_key",
    "presto_internal_secret",
    "presto_users",
    "presto_batch_password",
  ],
  airflow: [
    "airflow_fernet_key",
    "airflow_web_secret",
    "airflow_admin_password",
    "batch_ssh_key",
    "batch_ssh_public_key",
  ],
};

const sectionSecrets: Rule = (file) =>
  SECTIONS.flatMap(({ section }) =>
    SECRETS_OF[section]
      .filter((name) => (file.secrets[name] !== undefined) !== (file[section] !== undefined))
      .map((name) => missingSecret(name, `the section ${section}`)),
  );

const repositoryLogin: Rule = ({ secrets: { repository_user: user, repository_password: password } }) =>
  (user === undefined) === (password === undefined)
    ? []
    : [
        {
          path: ["secrets", user === undefined ? "repository_password" : "repository_user"],
          message: "stands alone",
          allowed: "repository_user and repository_password, both or neither",
          hint: `add ${user === undefined ? "repository_user" : "repository_password"}`,
        },
      ];

/** The port B of the proxy admits listed hosts only. */
const packageHosts: Rule = (file) => {
  const { cluster, presto, airflow } = file;
  const urls: readonly (readonly [path: readonly string[], url: string])[] = [
    ...(cluster === undefined
      ? []
      : [
          [["cluster", "ambari_repository"], cluster.ambari_repository] as const,
          ...Object.entries(cluster.repository.base_urls).map(
            ([name, url]) => [["cluster", "repository", "base_urls", name], url] as const,
          ),
        ]),
    ...(presto === undefined ? [] : [[["presto", "package", "url"], presto.package.url] as const]),
    ...(airflow === undefined ? [] : [[["airflow", "index"], airflow.index] as const]),
  ];
  return urls
    .filter(([, url]) => !file.proxy.package_hosts.includes(new URL(url).hostname))
    .map(([path, url]) => ({
      path,
      message: `${new URL(url).hostname} is not among proxy.package_hosts, and private hosts reach no other`,
      allowed: file.proxy.package_hosts.join(", "),
      hint: `add ${new URL(url).hostname} under proxy.package_hosts`,
    }));
};

/** Paths of a cluster as the pipeline file has them. */
function inFile(path: Problem["path"], names: readonly string[]): Problem["path"] {
  const [top, index, key] = path;
  const keys: Readonly<Record<string, string>> = { os: "image", disks: "volume", spec: "spec" };
  if (top === "nodes" && typeof index !== "number") return ["hosts"];
  if (top === "nodes") return ["hosts", names[index as number] as string, keys[String(key)] ?? String(key)];
  if (top === "repository") return ["cluster", "repository", "base_urls", ...path.slice(2)];
  return ["cluster", ...path];
}

const clusterItself: Rule = (file) => {
  const names = hostsNamed(file, "hdp");
  const images = names.map((name) => imageOf(file, file.hosts[name]?.image as string));
  if (file.cluster === undefined || names.length === 0 || images.includes(undefined)) return [];
  const hosts = names.map((name, index) => hostOf(file, name, images[index] as ImagePlan));
  const { spec } = clusterOf(file, hosts) as NonNullable<ReturnType<typeof clusterOf>>;
  return checkCluster(spec).map((problem) => ({ ...problem, path: inFile(problem.path, names) }));
};

function hostOf(file: PipelineFile, name: string, image: ImagePlan): HostPlan {
  const { spec, volume } = file.hosts[name] as PipelineFile["hosts"][string];
  const { role } = roleOf(name) as { role: Role };
  const fqdn = `${name}.${file.network.domain}`;
  const at = { name, fqdn, role, subnet: "private", address: addressOf(file, name), image, spec } as const;
  return volume === undefined ? at : { ...at, volume: { sizeGb: volume.size_gb, mount: volume.mount } };
}

/** Ambari's names of systems are known from the distributions. */
const memberImages: Rule = ({ images }) =>
  Object.entries(images).flatMap(([name, { os }]): Problem[] => {
    const known = [...new Set(Object.values(DISTRIBUTIONS).flatMap(({ osFamilies }) => [...osFamilies]))].sort();
    return (known as string[]).includes(os)
      ? []
      : [
          {
            path: ["images", name, "os"],
            message: `${shown(os)} is no system of any distribution`,
            allowed: known.join(", "),
            hint: "write what /etc/os-release says as one of these",
          },
        ];
  });

export const CLUSTER_RULES: readonly Rule[] = [
  unknownImages,
  airflowImages,
  memberImages,
  sections,
  order,
  nodeNumbers,
  kerberos,
  sectionSecrets,
  repositoryLogin,
  packageHosts,
  clusterItself,
];
