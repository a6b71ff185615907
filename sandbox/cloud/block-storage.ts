import type { Plain } from "../provider/cloud";
import { type Problem, Refused } from "../provider/diagnostics";
import { specOf } from "./catalogue";
import { flag, type Kind, nameOf, required, text } from "./kind";
import type { Platform } from "./platform";
import { KIND, type Server, type Subnet, type Volume } from "./records";

export const blockStorage: Kind<Volume> = {
  type: KIND.volume,
  attributes: (record, { store }) => ({
    id: record.id,
    block_storage_no: record.id,
    name: record.name,
    description: record.description,
    size: record.size,
    hypervisor_type: record.hypervisor,
    volume_type: record.volumeType,
    disk_detail_type: null,
    zone: record.zone,
    return_protection: record.protected,
    server_instance_no: record.serverNo,
    server_name: record.serverNo === null ? null : (store.get<Server>(KIND.server, record.serverNo)?.name ?? null),
    device_name: record.device,
    status: record.serverNo === null ? "CREAT" : "ATTAC",
    encrypted_volume: record.encrypted,
  }),
  claim: (wanted, id, platform) => {
    const name = nameOf(wanted, id);
    platform.refuseTakenName<Volume>(KIND.volume, name);
    const server = serverIn(wanted, platform);
    const zone = text(wanted, "zone") ?? null;
    const hypervisor = text(wanted, "hypervisor_type");
    const volumeType = text(wanted, "volume_type");
    if (hypervisor !== "KVM" || volumeType === undefined)
      throw new Refused(
        `${hypervisor ?? "no hypervisor_type"}, ${volumeType ?? "no volume_type"}: the sandbox has volumes of KVM servers\n` +
          `  allowed here: hypervisor_type KVM with volume_type and zone`,
        ["hypervisor_type"],
      );
    refuseOtherPlace(server, hypervisor, zone, platform);
    if (text(wanted, "snapshot_no") !== undefined)
      throw new Refused("the sandbox has no snapshots\n  allowed here: an empty volume", ["snapshot_no"]);
    return {
      id,
      name,
      description: text(wanted, "description") ?? "",
      size: Number(wanted["size"]),
      hypervisor,
      volumeType,
      zone,
      protected: flag(wanted, "return_protection"),
      encrypted: server.encrypted,
      serverNo: server.id,
      device: null,
    };
  },
  make: async (record, platform) => {
    await platform.machinery.createVolume(record.id, record.size);
    return attached(record, platform);
  },
  change: (record, wanted, platform) => {
    const server = serverIn(wanted, platform);
    refuseOtherPlace(server, record.hypervisor, record.zone, platform);
    return { ...record, protected: flag(wanted, "return_protection"), serverNo: server.id };
  },
  apply: async (before, after, platform) => {
    if (before.serverNo === after.serverNo) return after;
    if (before.serverNo !== null) await platform.machinery.detachVolume(after.id);
    return attached(after, platform);
  },
  mayGo: ({ name, protected: kept }) => {
    if (!kept) return;
    throw new Refused(
      `volume ${name} is protected against return\n  allowed: first apply return_protection = false, then destroy it`,
      ["return_protection"],
    );
  },
  unmake: async ({ id, name }, { machinery }) => {
    try {
      await machinery.detachVolume(id);
    } catch (error) {
      throw new Refused(`volume ${name} can't be destroyed (24002): ${(error as Error).message}`);
    }
    await machinery.deleteVolume(id);
  },
  problems: volumeProblems,
};

async function attached(record: Volume, platform: Platform): Promise<Volume> {
  if (record.serverNo === null) return { ...record, device: null };
  const server = platform.need<Server>(KIND.server, record.serverNo, "server");
  const { device } = await platform.machinery.attachVolume(record.id, server.name);
  return { ...record, device };
}

function serverIn(wanted: Plain, platform: Platform): Server {
  return platform.need<Server>(KIND.server, required(wanted, "server_instance_no"), "server");
}

function refuseOtherPlace(server: Server, hypervisor: string, zone: string | null, platform: Platform): void {
  const theirs = specOf(server.spec)?.hypervisor;
  if (theirs !== hypervisor)
    throw new Refused(
      `server ${server.name} is ${theirs}, the volume ${hypervisor}\n  allowed: both of one hypervisor`,
      ["hypervisor_type"],
    );
  const { zone: wanted } = platform.need<Subnet>(KIND.subnet, server.subnetNo, "subnet");
  if (zone !== wanted)
    throw new Refused(`zone ${zone ?? "not written"} is not that of server ${server.name}\n  allowed: ${wanted}`, [
      "zone",
    ]);
}

function volumeProblems(wanted: Plain, state: Plain | undefined): readonly Problem[] {
  const [before, after] = [Number(state?.["size"] ?? wanted["size"]), Number(wanted["size"])];
  if (after === before) return [];
  const message =
    after < before
      ? `a volume can't shrink from ${before} to ${after} GB\n  allowed: ${before} GB or more`
      : `the sandbox can't grow a volume from ${before} to ${after} GB\n  for real it is detached and attached again while its server runs\n  allowed here: ${before}`;
  return [{ message, path: ["size"] }];
}
