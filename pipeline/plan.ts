/** From the pipeline file to the plan: hosts, addresses, flows, datasets, buckets as plain values. */
import { ansibleCoreFor } from "./ansible";
import { addressAt, isAddress } from "./cidr";
import { flowsOf } from "./flows";
import { imageOf } from "./images";
import { PORTS } from "./limits";
import type { Pipeline } from "./load";
import { airflowOf, clusterOf, prestoOf } from "./plan-cluster";
import {
  SECRET_NAMES,
  type DatasetPlan,
  type HostPlan,
  type ImagePlan,
  type Party,
  type Plan,
  type RemoteStatePlan,
  type Role,
  type SecretRef,
} from "./plan-types";
import { addressOf, ROLE_NAMES, roleOf, ROLES } from "./roles";
import { tableSetsOf } from "./table-sets";
import { startOfDay } from "./time";

const sortedEntries = <T>(record: Readonly<Record<string, T>>): [string, T][] =>
  Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));

function hostsOf(pipeline: Pipeline): HostPlan[] {
  return sortedEntries(pipeline.hosts).map(([name, host]) => {
    const { role } = roleOf(name) as NonNullable<ReturnType<typeof roleOf>>;
    return {
      name,
      fqdn: `${name}.${pipeline.network.domain}`,
      role,
      subnet: ROLES[role].subnet,
      address: addressOf(pipeline, name),
      image: imageOf(pipeline, host.image) as ImagePlan,
      spec: host.spec,
      ...(host.volume === undefined ? {} : { volume: { sizeGb: host.volume.size_gb, mount: host.volume.mount } }),
    };
  });
}

function datasetsOf(pipeline: Pipeline): DatasetPlan[] {
  return sortedEntries(pipeline.datasets).map(([name, dataset]): DatasetPlan => {
    const shared = {
      name,
      source: dataset.source,
      target: dataset.target,
      replacedBucket: pipeline.buckets.replaced,
      lateAfterHours: dataset.late_after_hours,
      ...(dataset.bandwidth_mb === undefined ? {} : { bandwidth: dataset.bandwidth_mb * 1_000_000 }),
    };
    if (dataset.layout === "tree")
      return {
        ...shared,
        layout: dataset.layout,
        mode: dataset.mode,
        ...(dataset.max_delete === undefined ? {} : { maxDelete: dataset.max_delete }),
        ...(dataset.schedule === undefined ? {} : { schedule: dataset.schedule }),
      };
    return {
      ...shared,
      layout: dataset.layout,
      prefixZone: dataset.prefix_zone,
      start: startOfDay(dataset.start_date, dataset.start_zone),
      beforeStart: dataset.before_start,
      latenessHours: dataset.lateness_hours,
      schedule: dataset.schedule,
      fullSchedule: dataset.full_schedule,
    };
  });
}

function secretsOf(pipeline: Pipeline): SecretRef[] {
  return SECRET_NAMES.flatMap((name) => {
    const found = pipeline.secrets[name];
    return found === undefined ? [] : [{ name, ...found }];
  });
}

function remoteStateOf({ state: { remote } }: Pipeline): RemoteStatePlan | undefined {
  if (remote === undefined) return undefined;
  const { runner, ...always } = remote;
  return { ...always, ...(runner === undefined ? {} : { runner }) };
}

function partiesOf(pipeline: Pipeline, hosts: readonly HostPlan[]): Record<Party, readonly string[]> {
  const blocks = (selected: readonly HostPlan[]): string[] => selected.map((host) => `${host.address}/32`);
  const times = pipeline.network.time_servers;
  const roles = ROLE_NAMES.map((role) => [role, blocks(hosts.filter((host) => host.role === role))] as const);
  return {
    ...(Object.fromEntries(roles) as Record<Role, string[]>),
    private: blocks(hosts.filter((host) => host.subnet === "private")),
    admin: pipeline.network.admin_cidrs,
    internet: ["0.0.0.0/0"],
    "object-storage": pipeline.object_storage.cidrs,
    "name-servers": pipeline.network.name_servers.map((address) => `${address}/32`),
    // A time server by name can stand anywhere: its address is the resolver's answer of the moment.
    "time-servers": times.every(isAddress) ? times.map((address) => `${address}/32`) : ["0.0.0.0/0"],
  };
}

const sortedUnique = (values: readonly string[]): string[] => [...new Set(values)].sort();

/** Computes the plan. Pure: the same pipeline gives the same plan. */
export function planOf(pipeline: Pipeline): Plan {
  const hosts = hostsOf(pipeline);
  const { network } = pipeline;
  const remoteState = remoteStateOf(pipeline);
  const cluster = clusterOf(pipeline, hosts);
  const presto = prestoOf(pipeline, hosts);
  const airflow = airflowOf(pipeline, hosts);
  const subnet = (cidr: string): Plan["network"]["public"] => ({ cidr, gateway: addressAt(cidr, 1) });
  const targets = sortedUnique(Object.values(pipeline.datasets).map((dataset) => dataset.target.bucket));
  const purposeOf = (bucket: string): string =>
    sortedEntries(pipeline.datasets).find(([, dataset]) => dataset.target.bucket === bucket)?.[0] ?? "replaced";
  return {
    name: pipeline.name,
    platform: {
      site: pipeline.platform.site,
      region: pipeline.platform.region,
      zone: pipeline.platform.zone,
      loginKey: pipeline.platform.login_key,
    },
    objectStorage: pipeline.object_storage,
    source: {
      region: pipeline.source.region,
      host: pipeline.source.host,
      reader: pipeline.source.reader,
      standbyAddresses: sortedUnique(pipeline.source.standby_addresses),
      kmsKeyArns: sortedUnique(pipeline.source.kms_key_arns),
    },
    network: {
      domain: network.domain,
      vpcCidr: network.vpc,
      public: subnet(network.public_subnet),
      private: subnet(network.private_subnet),
      adminCidrs: network.admin_cidrs,
      nameServers: network.name_servers,
      timeServers: network.time_servers,
    },
    parties: partiesOf(pipeline, hosts),
    flows: flowsOf(hosts),
    proxy: {
      active: pipeline.proxy.active ?? (hosts.find(({ role }) => role === "proxy") as HostPlan).name,
      portA: PORTS.proxyA,
      portB: PORTS.proxyB,
      innerPort: PORTS.proxyInner,
      bucketHosts: sortedUnique(
        Object.values(pipeline.datasets).map((d) => `${d.source.bucket}.${pipeline.source.host}`),
      ),
      packageHosts: sortedUnique(pipeline.proxy.package_hosts),
    },
    deployUser: (pipeline.operatorKeys[0] as { name: string }).name,
    operators: pipeline.operatorKeys,
    hosts,
    datasets: datasetsOf(pipeline),
    tables: tableSetsOf(pipeline),
    buckets: sortedUnique([...targets, pipeline.buckets.replaced]).map((name) => ({ name, purpose: purposeOf(name) })),
    secrets: secretsOf(pipeline),
    secretPlaces: pipeline.secretPlaces,
    ansibleCore: ansibleCoreFor(oldest(hosts.map((host) => host.image.python))),
    stateFolder: pipeline.state.folder,
    ...(remoteState === undefined ? {} : { remoteState }),
    ...(cluster === undefined ? {} : { cluster }),
    ...(presto === undefined ? {} : { presto }),
    ...(airflow === undefined ? {} : { airflow }),
    ...(pipeline.alerts === undefined ? {} : { alerts: pipeline.alerts }),
  };
}

/** The oldest of Python versions such as "3.6" and "3.10". */
function oldest(versions: readonly string[]): string {
  return [...versions].sort((a, b) => Number(a.split(".")[1]) - Number(b.split(".")[1]))[0] as string;
}
