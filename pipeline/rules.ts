/** Rules that span several values of the pipeline file. Each returns every breach it finds; none stops the others. */
import { contains, offsetIn, overlap, prefixOf, sizeOf } from "./cidr";
import { shown, type Problem } from "./errors";
import { foreignBlocks } from "./foreign-blocks";
import { IMAGES } from "./images";
import { RESERVED_ADDRESSES } from "./limits";
import { CLUSTER_RULES } from "./rules-cluster";
import { addressOf, ROLE_NAMES, roleOf, ROLES, subnetCidr } from "./roles";
import type { PipelineFile } from "./schema";
import { TABLE_RULES } from "./table-sets";

type Rule = (file: PipelineFile) => Problem[];

const hostNames: Rule = (file) =>
  Object.keys(file.hosts)
    .filter((name) => roleOf(name) === undefined)
    .map((name) => ({
      path: ["hosts", name],
      message: `${shown(name)} names no role`,
      allowed: ROLE_NAMES.map((role) => `${role}-N`).join(", "),
      hint: "name the host after its role, or remove it",
    }));

const hostCounts: Rule = (file) =>
  ROLE_NAMES.flatMap((role) => {
    const { min, max } = ROLES[role];
    const count = Object.keys(file.hosts).filter((name) => roleOf(name)?.role === role).length;
    if (count >= min && count <= max) return [];
    return [
      {
        path: ["hosts"],
        message: `${count} hosts of role ${role}`,
        allowed: min === max ? `exactly ${min}` : `${min} to ${max}`,
        hint: count < min ? `add ${role}-1` : `keep ${role}-1`,
      },
    ];
  });

const roleImages: Rule = (file) =>
  Object.entries(file.hosts).flatMap(([name, host]) => {
    const role = roleOf(name)?.role;
    const reason = role === undefined ? undefined : IMAGES.get(host.image)?.refuses?.[role];
    if (reason === undefined) return [];
    return [
      {
        path: ["hosts", name, "image"],
        message: `${shown(host.image)} can't carry role ${role}: ${reason}`,
        allowed: [...IMAGES.values()]
          .filter((image) => image.refuses?.[role as string] === undefined)
          .map((image) => image.name)
          .join(", "),
        hint: "choose one of these before the first deploy: another image replaces the server",
      },
    ];
  });

const subnets: Rule = ({ network }) => {
  const problems: Problem[] = [];
  for (const key of ["public_subnet", "private_subnet"] as const) {
    if (!contains(network.vpc, network[key]))
      problems.push({
        path: ["network", key],
        message: `${network[key]} lies outside the VPC`,
        allowed: `a block inside ${network.vpc}`,
        hint: `write one such as ${network.vpc.split("/")[0]}/24, or another vpc`,
      });
  }
  if (overlap(network.public_subnet, network.private_subnet))
    problems.push({
      path: ["network", "private_subnet"],
      message: `${network.private_subnet} overlaps the public subnet ${network.public_subnet}`,
      allowed: `another block inside ${network.vpc}`,
      hint: `begin it behind the end of ${network.public_subnet}`,
    });
  return problems;
};

const privateVpc: Rule = ({ network }) =>
  ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"].some((range) => contains(range, network.vpc))
    ? []
    : [
        {
          path: ["network", "vpc"],
          message: `${network.vpc} is no private network`,
          allowed: "a block inside 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16",
          hint: "write one that none of your other networks has",
        },
      ];

const addresses: Rule = (file) => {
  const taken = new Map<string, string>();
  return Object.keys(file.hosts)
    .sort()
    .flatMap((name): Problem[] => {
      const role = roleOf(name)?.role;
      if (role === undefined) return [];
      const cidr = subnetCidr(file, ROLES[role].subnet);
      const address = addressOf(file, name);
      const offset = offsetIn(cidr, address);
      const path = ["hosts", name, "address"];
      const hint = "remove the line to have the role's place chosen";
      if (offset < RESERVED_ADDRESSES || offset > sizeOf(cidr) - 2)
        return [
          {
            path,
            message: `${address} is not free for hosts in the ${ROLES[role].subnet} subnet ${cidr}`,
            allowed: `the subnet without its first ${RESERVED_ADDRESSES} addresses, which the platform keeps, and its last`,
            hint,
          },
        ];
      const other = taken.get(address);
      taken.set(address, name);
      return other === undefined
        ? []
        : [{ path, message: `${address} is already the address of ${other}`, allowed: "an address of its own", hint }];
    });
};

const adminCidrs: Rule = ({ network }) =>
  network.admin_cidrs.flatMap((cidr, index) =>
    prefixOf(cidr) >= 8
      ? []
      : [
          {
            path: ["network", "admin_cidrs", index],
            message: `${cidr} opens proxy-1's ssh to much of the internet`,
            allowed: "blocks of /8 or longer: the addresses that operators come from",
            hint: "write the public address of your office or VPN, as a /32",
          },
        ],
  );

const zones: Rule = ({ platform }) =>
  platform.zone.startsWith(`${platform.region}-`)
    ? []
    : [
        {
          path: ["platform", "zone"],
          message: `${shown(platform.zone)} lies in another region than ${platform.region}`,
          allowed: `${platform.region}-1, ${platform.region}-2`,
          hint: `write ${platform.region}-1`,
        },
      ];

/** Two datasets that write under one prefix would take each other's objects for changed ones. */
const targets: Rule = (file) => {
  const entries = Object.entries(file.datasets);
  return entries.flatMap(([name, dataset], index) => {
    const path = ["datasets", name, "target"];
    const same = entries
      .slice(0, index)
      .find(
        ([, other]) =>
          other.target.bucket === dataset.target.bucket &&
          (other.target.prefix.startsWith(dataset.target.prefix) ||
            dataset.target.prefix.startsWith(other.target.prefix)),
      );
    return [
      ...(same === undefined
        ? []
        : [
            {
              path,
              message: `${dataset.target.bucket}/${dataset.target.prefix} overlaps the target of ${same[0]}`,
              allowed: "a bucket or prefix of its own for each dataset",
              hint: `write prefix: ${name}/`,
            },
          ]),
      ...(dataset.target.bucket === file.buckets.replaced
        ? [
            {
              path: [...path, "bucket"],
              message: `${shown(dataset.target.bucket)} is the bucket of replaced objects`,
              allowed: "another bucket than buckets.replaced",
              hint: "give one of the two another name",
            },
          ]
        : []),
    ];
  });
};

/** Rules between the values of one dataset. */
const datasetValues: Rule = (file) =>
  Object.entries(file.datasets).flatMap(([name, dataset]): Problem[] => {
    const at = (key: string): string[] => ["datasets", name, key];
    if (dataset.layout !== "tree")
      return dataset.lateness_hours >= dataset.source_retention_hours
        ? []
        : [
            {
              path: at("lateness_hours"),
              message: `${dataset.lateness_hours} is below the source's retention of ${dataset.source_retention_hours} hours: what its last tries write would never be copied`,
              allowed: `${dataset.source_retention_hours} or more`,
              hint: `write ${dataset.source_retention_hours + 2}: the retention, and the time that a last try takes`,
            },
          ];
    const problems: Problem[] = [];
    if (dataset.mode === "sync" && dataset.max_delete === undefined)
      problems.push({
        path: at("mode"),
        message: `"sync" deletes, and nothing says how much`,
        allowed: "mode: copy, or sync with max_delete",
        hint: "add max_delete: the most objects that one run may delete",
      });
    if (dataset.mode === "copy" && dataset.max_delete !== undefined)
      problems.push({
        path: at("max_delete"),
        message: "a copy deletes nothing",
        allowed: "max_delete with mode: sync",
        hint: "remove max_delete",
      });
    return problems;
  });

/** A webhook and the host that port B admits for it belong together. */
const alerts: Rule = (file) => {
  if ((file.alerts === undefined) === (file.secrets.alert_webhook === undefined)) return [];
  return file.alerts === undefined
    ? [
        {
          path: ["secrets", "alert_webhook"],
          message: "nothing is sent to it",
          allowed: "alerts.host and this secret, both or neither",
          hint: "add alerts: { host: … }",
        },
      ]
    : [
        {
          path: ["alerts"],
          message: "secrets.alert_webhook is missing: the URL to post to",
          allowed: "alerts.host and this secret, both or neither",
          hint: 'add alert_webhook: { from: "env:ALERT_WEBHOOK", version: 1 } under secrets',
        },
      ];
};

const remoteState: Rule = ({ state: { remote } }) => {
  if (remote === undefined) return [];
  const path = ["state", "remote", "runner"];
  if (remote.locking === "single-runner" && remote.runner === undefined)
    return [
      {
        path,
        message: "is missing: nothing locks the states",
        allowed: "the host name of the one machine that deploys",
        hint: "add runner: and what hostname prints there",
      },
    ];
  if (remote.locking === "lockfile" && remote.runner !== undefined)
    return [
      {
        path,
        message: "means nothing where the states are locked",
        allowed: "runner with locking: single-runner",
        hint: "remove runner",
      },
    ];
  return [];
};

const activeProxy: Rule = (file) => {
  const { active } = file.proxy;
  const proxies = Object.keys(file.hosts).filter((name) => roleOf(name)?.role === "proxy");
  if (active === undefined || proxies.includes(active)) return [];
  return [
    {
      path: ["proxy", "active"],
      message: `${shown(active)} is no proxy among the hosts`,
      allowed: proxies.sort().join(", "),
      hint: `write one of these, or add ${active} under hosts`,
    },
  ];
};

const publicHosts: Rule = (file) =>
  Object.keys(file.hosts)
    .filter((name) => ROLES[roleOf(name)?.role ?? "sync"].subnet === "public")
    .sort()
    .slice(1)
    .filter((name) => file.hosts[name]?.reason === undefined)
    .map((name) => ({
      path: ["hosts", name],
      message: "is a second public host, without a reason",
      allowed: "one public host, or a reason: for each further one",
      hint: `add reason: to ${name}, or remove it`,
    }));

/** In the reader's policy a prefix is a pattern. */
const sourcePrefixes: Rule = (file) =>
  Object.entries(file.datasets)
    .filter(([, { source }]) => /[*?$]/.test(source.prefix))
    .map(([name, { source }]) => ({
      path: ["datasets", name, "source", "prefix"],
      message: `${shown(source.prefix)} holds what IAM takes for a pattern`,
      allowed: "a prefix without *, ? and $",
    }));

const someDataset: Rule = (file) =>
  Object.keys(file.datasets).length > 0
    ? []
    : [
        {
          path: ["datasets"],
          message: "no dataset",
          allowed: "one or more",
          hint: "see pipeline.yaml of the repository",
        },
      ];

const operatorNames: Rule = (file) =>
  file.operators.flatMap((operator, index) =>
    file.operators.findIndex((other) => other.name === operator.name) === index
      ? []
      : [
          {
            path: ["operators", index, "name"],
            message: `${shown(operator.name)} is named twice; accounts are not shared`,
            allowed: "a name for each person",
            hint: "give one of the two another name",
          },
        ],
  );

export const RULES: readonly Rule[] = [
  zones,
  privateVpc,
  subnets,
  adminCidrs,
  foreignBlocks,
  hostNames,
  hostCounts,
  roleImages,
  addresses,
  someDataset,
  datasetValues,
  sourcePrefixes,
  targets,
  ...TABLE_RULES,
  alerts,
  remoteState,
  activeProxy,
  publicHosts,
  operatorNames,
  ...CLUSTER_RULES,
];
