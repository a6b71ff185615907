/** Servers, block storage and the package repository of the sandbox. */
export { ensureImage } from "./image";
export { ensurePackages, startPackageServer, stopPackageServer } from "./packages";
export { hostCommand, hostExec, hostExists, hostPid, listHosts } from "./enter";
export { createHost, destroyHost, hostsDown, startHost, stopHost, waitForHost } from "./hosts";
export type { HostOptions } from "./server";
export { attachVolume, createVolume, deleteVolume, detachVolume, listVolumes, type VolumeRecord } from "./volumes";
