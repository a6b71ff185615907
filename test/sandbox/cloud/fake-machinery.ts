/** Network, hosts and object storage as files in a folder, so that a test sees what a provider process did to them. */
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Machinery } from "../../../sandbox/cloud/machinery";
import type { NetworkModel } from "../../../sandbox/network/model";

export interface FakeFolder {
  readonly machinery: Machinery;
  /** Everything that was done, a line each. */
  done(): string[];
  network(): NetworkModel;
  /** Names of what stands: "hosts", "nics", "volumes" or "buckets". */
  standing(kind: Kind): string[];
  /** Puts an object into a bucket, or takes it out. */
  putObject(bucket: string, key: string): void;
  deleteObject(bucket: string, key: string): void;
  /** Lets slow hosts be finished. */
  letGo(): void;
  /** Mounts a volume on its host, or the opposite. */
  mount(volume: string, mounted: boolean): void;
}

type Kind = "hosts" | "nics" | "volumes" | "buckets";

interface Thing {
  readonly host?: string;
  readonly mounted?: boolean;
  readonly objects?: readonly string[];
}

/** A host with this in its name takes until it is let go; one with "bad" fails. */
const SLOW = "slow";

export function fakeMachinery(folder: string): FakeFolder {
  const path = (...parts: string[]): string => join(folder, ...parts);
  for (const kind of ["hosts", "nics", "volumes", "buckets"]) mkdirSync(path(kind), { recursive: true });
  const log = (line: string): void => appendFileSync(path("done"), `${line}\n`);
  const put = (kind: Kind, name: string, value: object): void => writeFileSync(path(kind, name), JSON.stringify(value));
  const get = (kind: Kind, name: string): Thing => JSON.parse(readFileSync(path(kind, name), "utf8")) as Thing;
  const remove = (kind: Kind, name: string): void => rmSync(path(kind, name), { force: true });
  const bucketObjects = (name: string): readonly string[] => get("buckets", name).objects ?? [];

  const machinery: Machinery = {
    applyNetwork: async (model) => writeFileSync(path("network.json"), JSON.stringify(model)),
    attachNic: async (wish) => {
      log(`attach nic ${wish.ip} to ${wish.host}`);
      put("nics", wish.host, wish);
      return { netns: `/run/netns/fake-${wish.host}` };
    },
    detachNic: async (host) => {
      log(`detach nic of ${host}`);
      remove("nics", host);
    },
    createHost: async (wish) => {
      log(`create host ${wish.name}`);
      put("hosts", wish.name, wish);
      while (wish.name.includes(SLOW) && !existsSync(path("go"))) await sleep(20);
      if (wish.name.includes("bad")) throw new Error(`server ${wish.name}: its init script ended with 3`);
      log(`host ${wish.name} is up`);
    },
    destroyHost: async (name, volumes) => {
      for (const volume of volumes) await machinery.detachVolume(volume);
      log(`destroy host ${name}`);
      remove("hosts", name);
    },
    restartHost: async (name) => log(`restart host ${name}`),
    createVolume: async (id, sizeGb) => {
      log(`create volume ${id} of ${sizeGb} GB`);
      put("volumes", id, { sizeGb });
    },
    deleteVolume: async (id) => {
      log(`delete volume ${id}`);
      remove("volumes", id);
    },
    attachVolume: async (id, host) => {
      log(`attach volume ${id} to ${host}`);
      put("volumes", id, { ...get("volumes", id), host });
      return { device: "/dev/vdb" };
    },
    detachVolume: async (id) => {
      if (!existsSync(path("volumes", id))) return;
      const { host, mounted, ...rest } = get("volumes", id);
      if (mounted === true) throw new Error(`volume ${id} is mounted on ${host}: /dev/vdb at /data`);
      if (host !== undefined) log(`detach volume ${id} from ${host}`);
      put("volumes", id, rest);
    },
    bucketExists: async (name) => existsSync(path("buckets", name)),
    sourceBucketExists: async (name) => name.startsWith("company-"),
    createBucket: async (name) => put("buckets", name, { objects: [] }),
    deleteBucket: async (name) => {
      if (bucketObjects(name).length > 0) throw new Error(`BucketNotEmpty: ${name} holds objects`);
      remove("buckets", name);
    },
    allowEveryone: async (name, what) => log(`bucket ${name}: everyone may do ${what}`),
  };
  return {
    machinery,
    done: () => (existsSync(path("done")) ? readFileSync(path("done"), "utf8").trim().split("\n") : []),
    network: () => JSON.parse(readFileSync(path("network.json"), "utf8")) as NetworkModel,
    standing: (kind) => readdirSync(path(kind)).sort(),
    putObject: (name, key) => put("buckets", name, { objects: [...bucketObjects(name), key] }),
    deleteObject: (name, key) =>
      put("buckets", name, { objects: bucketObjects(name).filter((other) => other !== key) }),
    letGo: () => writeFileSync(path("go"), ""),
    mount: (volume, mounted) => put("volumes", volume, { ...get("volumes", volume), mounted }),
  };
}
