/** Jobs that every host has: names and accounts, packages, time, ssh, the firewall, a volume. */
import { createHash } from "node:crypto";
import { inboundRules, outboundRules, tunnelEnds } from "./render-firewall";
import { BATCH, isClientNode } from "./render-batch";
import type { Job, Scope } from "./render-types";

export function baseJob({ plan, host }: Scope): Job {
  return {
    folders: [{ path: "/etc/aws2ncp" }, { path: "/etc/systemd/journald.conf.d" }, { path: "/etc/cloud/cloud.cfg.d" }],
    files: [
      { path: "/etc/hosts", template: "hosts.j2" },
      { path: "/etc/cloud/cloud.cfg.d/99-aws2ncp.cfg", template: "cloud.cfg.j2" },
      { path: "/etc/sudoers.d/aws2ncp", template: "sudoers.j2", mode: "0440" },
      { path: "/etc/systemd/journald.conf.d/aws2ncp.conf", template: "journald.conf.j2", notify: ["Restart journald"] },
    ],
    vars: { base_fqdn: host.fqdn, base_operators: plan.operators.map((operator) => operator.name) },
  };
}

/** Private hosts have no way out but port B; the proxy itself needs none. */
export function packagesJob({ host, platform }: Scope): Job {
  return host.subnet === "private" ? { files: [platform.packageProxy] } : {};
}

export function timeJob({ platform }: Scope): Job {
  return { files: [{ path: platform.chrony.conf, template: "chrony.conf.j2", notify: ["Restart chrony"] }] };
}

export function sshdJob({ plan, host, platform }: Scope): Job {
  const folder = "/etc/ssh/authorized_keys";
  return {
    folders: [{ path: folder }, ...(platform.sshd.whole ? [] : [{ path: "/etc/ssh/sshd_config.d" }])],
    files: [
      ...plan.operators.map((operator) => ({
        path: `${folder}/${operator.name}`,
        template: "authorized_keys.j2",
        context: { operator },
      })),
      {
        path: platform.sshd.conf,
        template: "sshd.conf.j2",
        mode: "0600",
        notify: ["Reload sshd"],
        context: {
          logins: [...plan.operators.map((operator) => operator.name), ...(isClientNode(plan, host) ? [BATCH] : [])],
          tunnels: tunnelEnds(plan, host),
        },
      },
    ],
    prune: [{ folder, pattern: "*" }],
  };
}

export function firewallJob({ plan, host }: Scope): Job {
  const notify = ["Load the table"];
  return {
    files: [
      {
        path: "/etc/aws2ncp/firewall.nft",
        template: "firewall.nft.j2",
        mode: "0600",
        notify,
        context: { inbound: inboundRules(plan, host), outbound: outboundRules(plan, host) },
      },
      { path: "/etc/systemd/system/aws2ncp-firewall.service", template: "aws2ncp-firewall.service.j2", notify },
    ],
  };
}

/** UUID of the file system on a host's volume: the same for ever, so the volume is found again after its server was replaced. */
export function volumeUuid({ plan, host }: Pick<Scope, "plan" | "host">): string {
  const hash = createHash("sha256").update(`${plan.name} ${host.name} ${host.volume?.mount}`).digest();
  hash[6] = ((hash[6] as number) & 0x0f) | 0x80; // version 8: made from data of one's own
  hash[8] = ((hash[8] as number) & 0x3f) | 0x80;
  return hash.toString("hex", 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** "/var/lib/aws2ncp" -> "var-lib-aws2ncp.mount", as systemd-escape --path does. */
export function mountUnit(mount: string): string {
  const escaped = mount
    .replace(/^\/+|\/+$/g, "")
    .replace(/[^A-Za-z0-9:_./]/g, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`)
    .replaceAll("/", "-");
  return `${escaped}.mount`;
}

export function volumeJob({ plan, host }: Scope): Job {
  if (host.volume === undefined) return {};
  const uuid = volumeUuid({ plan, host });
  const unit = mountUnit(host.volume.mount);
  return {
    folders: [{ path: host.volume.mount }],
    files: [
      { path: `/etc/systemd/system/${unit}`, template: "volume.mount.j2", context: { uuid } },
      { path: "/usr/local/sbin/aws2ncp-volume", source: "aws2ncp-volume", mode: "0755" },
    ],
    vars: { volume_mount: host.volume.mount, volume_size_gb: host.volume.sizeGb, volume_unit: unit, volume_uuid: uuid },
  };
}
