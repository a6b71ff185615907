/** The real things behind the platform's objects. Tests put others in their place. */
import type { NetworkModel } from "../network/model";

export interface HostWish {
  readonly name: string;
  /** Path of its network namespace. */
  readonly netns: string;
  readonly initScript?: string;
}

export interface NicWish {
  readonly host: string;
  readonly ip: string;
  readonly subnetCidr: string;
  readonly gateway: string;
}

export interface Machinery {
  applyNetwork(model: NetworkModel): Promise<void>;
  attachNic(wish: NicWish): Promise<{ netns: string }>;
  detachNic(host: string): Promise<void>;
  createHost(wish: HostWish): Promise<void>;
  /** Shuts it down, takes its volumes off, destroys it. Does nothing where there is none. */
  destroyHost(name: string, volumes: readonly string[]): Promise<void>;
  restartHost(name: string): Promise<void>;
  createVolume(id: string, sizeGb: number): Promise<void>;
  deleteVolume(id: string): Promise<void>;
  attachVolume(id: string, host: string): Promise<{ device: string }>;
  detachVolume(id: string): Promise<void>;
  bucketExists(name: string): Promise<boolean>;
  /** The same of the server that plays AWS S3. */
  sourceBucketExists(name: string): Promise<boolean>;
  createBucket(name: string): Promise<void>;
  /** Throws an error named BucketNotEmpty while an object is in it. */
  deleteBucket(name: string): Promise<void>;
  allowEveryone(name: string, what: "nothing" | "reading"): Promise<void>;
}

/** The sandbox's own network, hosts and object storage. Each is loaded at its first use: a plan needs none of them. */
export function realMachinery(): Machinery {
  return {
    applyNetwork: async (model) => network().applyNetwork(model),
    attachNic: async (wish) => network().attachNic(wish),
    detachNic: async (host) => network().detachNic(host),
    createHost: async (wish) => {
      await hosts().createHost({ ...wish, nameServer: network().RESOLVER_ADDRESS });
    },
    destroyHost: async (name, volumes) => {
      const { hostExists, stopHost, detachVolume, destroyHost } = hosts();
      if (await hostExists(name)) await stopHost(name);
      for (const volume of volumes) await detachVolume(volume);
      await destroyHost(name);
    },
    restartHost: async (name) => {
      const { stopHost, startHost } = hosts();
      await stopHost(name);
      await startHost(name);
    },
    createVolume: async (id, sizeGb) => hosts().createVolume(id, sizeGb),
    deleteVolume: async (id) => hosts().deleteVolume(id),
    attachVolume: async (id, host) => hosts().attachVolume(id, host),
    detachVolume: async (id) => hosts().detachVolume(id),
    bucketExists: async (name) => buckets().bucketExists(name),
    sourceBucketExists: async (name) => buckets().sourceBucketExists(name),
    createBucket: async (name) => buckets().createBucket(name),
    deleteBucket: async (name) => buckets().deleteBucket(name),
    allowEveryone: async (name, what) => buckets().allowEveryone(name, what),
  };
}

// Not import(): under it a compiled path needs its extension, which the sources don't have.
/* eslint-disable @typescript-eslint/no-require-imports */
const network = () => require("../network") as typeof import("../network");
const hosts = () => require("../hosts") as typeof import("../hosts");
const buckets = () => require("./real-buckets") as typeof import("./real-buckets");
