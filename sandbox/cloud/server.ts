import type { Plain } from "../provider/cloud";
import { type Problem, Refused } from "../provider/diagnostics";
import { gatewayOf, privateAddress } from "./addresses";
import { breakpoint } from "./breakpoint";
import { canBeHost, type Image, images, isMemberImage, memberImages, type Spec, specOf } from "./catalogue";
import { flag, type Kind, labelOf, nameOf, required, text } from "./kind";
import type { Platform } from "./platform";
import {
  type InitScript,
  KIND,
  type Nic,
  type PublicIp,
  type Server,
  type Subnet,
  type Vpc,
  type Volume,
} from "./records";
import { objectsOf } from "./rules";

const GIGABYTE = 2 ** 30;

/** A server is a host of the sandbox: made with one interface, and its init script run once. */
export const server: Kind<Server> = {
  type: KIND.server,
  network: true,
  keepsFailures: true, // a server whose init script failed is there to be looked at
  attributes: serverAttributes,
  claim: (wanted, id, platform) => {
    const name = nameOf(wanted, id);
    platform.refuseTakenName<Server>(KIND.server, name);
    const subnet = platform.need<Subnet>(KIND.subnet, required(wanted, "subnet_no"), "subnet");
    refuseOtherUsage(subnet, text(wanted, "zone"));
    const image = imageOf(wanted);
    const spec = fittingSpec(text(wanted, "server_spec_code"), image);
    const loginKey = loginKeyOf(wanted, platform);
    const initScriptNo = text(wanted, "init_script_no") ?? null;
    if (initScriptNo !== null) platform.need<InitScript>(KIND.initScript, initScriptNo, "init script");
    return {
      id,
      name,
      description: text(wanted, "description") ?? "",
      imageNo: image.number,
      spec: spec.code,
      subnetNo: subnet.id,
      nicNos: claimNics(wanted, id, subnet, platform),
      loginKey,
      initScriptNo,
      protected: flag(wanted, "is_protect_server_termination"),
      encrypted: flag(wanted, "is_encrypted_base_block_storage_volume"),
    };
  },
  make: async (record, platform) => {
    const [nic] = nicsOf(record, platform);
    if (nic === undefined) throw new Error(`server ${record.name} has no interface`);
    const subnet = platform.need<Subnet>(KIND.subnet, nic.subnetNo, "subnet");
    const { netns } = await platform.machinery.attachNic({
      host: record.name,
      ip: nic.ip,
      subnetCidr: subnet.cidr,
      gateway: gatewayOf(subnet),
    });
    await platform.refreshNetwork();
    await breakpoint(`${labelOf(server, record)}.making`);
    const script = record.initScriptNo === null ? undefined : contentOf(record.initScriptNo, platform);
    await platform.machinery.createHost({
      name: record.name,
      netns,
      ...(script === undefined ? {} : { initScript: script }),
    });
    return record;
  },
  change: (record, wanted) => ({
    ...record,
    spec: fittingSpec(text(wanted, "server_spec_code"), madeFrom(record)).code,
    protected: flag(wanted, "is_protect_server_termination"),
  }),
  apply: async (before, after, { machinery }) => {
    if (before.spec !== after.spec) await machinery.restartHost(after.name);
    return after;
  },
  mayGo: ({ name, protected: kept }) => {
    if (!kept) return;
    throw new Refused(
      `server ${name} is protected against termination\n  allowed: first apply is_protect_server_termination = false, then destroy it`,
      ["is_protect_server_termination"],
    );
  },
  unmake: async (record, { machinery, store }) => {
    const volumes = store.list<Volume>(KIND.volume).filter(({ serverNo }) => serverNo === record.id);
    await machinery.destroyHost(
      record.name,
      volumes.map(({ id }) => id),
    );
    await machinery.detachNic(record.name);
  },
  leave: (record, platform) => {
    const { store } = platform;
    for (const nic of nicsOf(record, platform)) {
      if (nic.isDefault) store.delete(KIND.nic, nic.id);
      else store.put<Nic>(KIND.nic, { ...nic, serverNo: null });
    }
    for (const volume of store.list<Volume>(KIND.volume).filter(({ serverNo }) => serverNo === record.id))
      store.put<Volume>(KIND.volume, { ...volume, serverNo: null, device: null });
    for (const address of store.list<PublicIp>(KIND.publicIp).filter(({ serverNo }) => serverNo === record.id))
      store.put<PublicIp>(KIND.publicIp, { ...address, serverNo: null });
  },
  problems: serverProblems,
};

/** Public, and used by its data sources: what the real provider leaves empty in a VPC is empty here too. */
export function serverAttributes(record: Server, platform: Platform): Plain {
  const subnet = platform.store.get<Subnet>(KIND.subnet, record.subnetNo);
  const spec = specOf(record.spec);
  const address = platform.store.list<PublicIp>(KIND.publicIp).find(({ serverNo }) => serverNo === record.id);
  return {
    id: record.id,
    instance_no: record.id,
    name: record.name,
    description: record.description,
    server_image_number: isMemberImage(record.imageNo) ? null : record.imageNo,
    member_server_image_no: isMemberImage(record.imageNo) ? record.imageNo : null,
    server_image_product_code: null,
    server_spec_code: record.spec,
    server_product_code: null,
    hypervisor_type: spec?.hypervisor ?? null,
    cpu_count: spec?.cpus ?? null,
    memory_size: (spec?.memoryGb ?? 0) * GIGABYTE,
    subnet_no: record.subnetNo,
    vpc_no: subnet?.vpcNo ?? null,
    zone: subnet?.zone ?? null,
    login_key_name: record.loginKey,
    init_script_no: record.initScriptNo,
    is_protect_server_termination: record.protected,
    is_encrypted_base_block_storage_volume: record.encrypted,
    public_ip: address?.ip ?? null,
    network_interface: nicsOf(record, platform).map((nic, order) => ({
      network_interface_no: nic.id,
      order,
      private_ip: nic.ip,
      subnet_no: nic.subnetNo,
    })),
  };
}

function nicsOf({ nicNos }: Server, { store }: Platform): Nic[] {
  return nicNos.flatMap((id) => store.get<Nic>(KIND.nic, id) ?? []);
}

const contentOf = (scriptNo: string, platform: Platform): string =>
  platform.need<InitScript>(KIND.initScript, scriptNo, "init script").content;

function refuseOtherUsage(subnet: Subnet, zone: string | undefined): void {
  if (subnet.usage !== "GEN")
    throw new Refused(
      `subnet ${subnet.name} is for ${subnet.usage}\n  allowed: servers in subnets with usage_type GEN`,
      ["subnet_no"],
    );
  if (zone !== undefined && zone !== subnet.zone)
    throw new Refused(`zone ${zone} is not that of subnet ${subnet.name}\n  allowed: ${subnet.zone}`, ["zone"]);
}

function imageNumbered(number: string, of: readonly Image[], attribute: string): Image {
  const image = of.find((candidate) => candidate.number === number);
  if (image !== undefined) return image;
  const known = of.map((each) => `${each.number} (${each.name})`).join(", ");
  throw new Refused(`no server image has the number ${number}\n  allowed: ${known}`, [attribute]);
}

const madeFrom = ({ imageNo }: Server): Image =>
  imageNumbered(imageNo, [...images(), ...memberImages()], "server_image_number");

function imageOf(wanted: Plain): Image {
  const memberNo = text(wanted, "member_server_image_no");
  if (memberNo !== undefined) return imageNumbered(memberNo, memberImages(), "member_server_image_no");
  const number = text(wanted, "server_image_number");
  if (number === undefined)
    throw new Refused(
      "the sandbox knows images by their number only\n  allowed here: server_image_number, member_server_image_no",
      ["server_image_number"],
    );
  const image = imageNumbered(number, images(), "server_image_number");
  if (canBeHost(image)) return image;
  const possible = images().filter(canBeHost);
  throw new Refused(
    `the sandbox's hosts are of Debian's family: ${image.name} can't be made into one\n  allowed here: ${possible
      .map((known) => `${known.number} (${known.name})`)
      .join(", ")}`,
    ["server_image_number"],
  );
}

function fittingSpec(code: string | undefined, image: Image): Spec {
  const spec = specOf(code ?? "");
  if (spec === undefined)
    throw new Refused(
      `${code === undefined ? "no server_spec_code" : `no spec has the code ${code}`}\n  allowed: [csm]CPUS-g3 for KVM, [csm]CPUS-g2-[sh]GB for XEN, such as s2-g3`,
      ["server_spec_code"],
    );
  if (spec.hypervisor !== image.hypervisor)
    throw new Refused(
      `spec ${spec.code} is ${spec.hypervisor}, image ${image.name} is ${image.hypervisor}\n  allowed: both of one hypervisor`,
      ["server_spec_code"],
    );
  return spec;
}

function loginKeyOf(wanted: Plain, platform: Platform): string | null {
  const name = text(wanted, "login_key_name") ?? null;
  const known = platform.loginKeys();
  if (name === null || known.includes(name)) return name;
  throw new Refused(
    `there is no login key "${name}"\n  allowed: ${known.join(", ") || "none is registered"}\n  try: npx aws2ncp sandbox up, which registers the pipeline file's`,
    ["login_key_name"],
  );
}

/** The interfaces that the server names, or one of its own in the VPC's default group. */
function claimNics(wanted: Plain, serverNo: string, subnet: Subnet, platform: Platform): string[] {
  const { store } = platform;
  const [named] = objectsOf(wanted["network_interface"]);
  if (named === undefined) {
    const id = store.nextId();
    const { defaultGroupNo } = platform.need<Vpc>(KIND.vpc, subnet.vpcNo, "VPC");
    store.put<Nic>(KIND.nic, {
      id,
      name: `sandbox-${id}`,
      subnetNo: subnet.id,
      ip: privateAddress(subnet, undefined, platform),
      groupNos: [defaultGroupNo],
      description: "",
      serverNo,
      isDefault: true,
    });
    return [id];
  }
  const nic = platform.need<Nic>(KIND.nic, required(named, "network_interface_no"), "network interface");
  if (nic.serverNo !== null)
    throw new Refused(`network interface ${nic.name} is attached to server ${nic.serverNo}`, ["network_interface"]);
  if (nic.subnetNo !== subnet.id)
    throw new Refused(
      `network interface ${nic.name} is in another subnet (${nic.subnetNo}) than the server (${subnet.id})`,
      ["network_interface"],
    );
  store.put<Nic>(KIND.nic, { ...nic, serverNo });
  return [nic.id];
}

/** Known at plan already, so that nothing is made before it is said. */
function serverProblems(wanted: Plain): readonly Problem[] {
  const interfaces = objectsOf(wanted["network_interface"]);
  const first = interfaces[0]?.["order"];
  return [
    ...(interfaces.length > 1
      ? [
          {
            message: `${interfaces.length} network interfaces\n  allowed for real: 1 to 3; in the sandbox a host has one\n  try: one interface with up to three access control groups`,
            path: ["network_interface", 1],
          },
        ]
      : []),
    ...(typeof first === "number" && first !== 0
      ? [
          {
            message: `the first interface has order ${first}\n  allowed: 0, which is eth0`,
            path: ["network_interface", 0, "order"],
          },
        ]
      : []),
  ];
}
