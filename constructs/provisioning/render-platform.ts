/** Where the two families of Linux keep what is delivered. Names of packages and services stand in the roles' vars. */
import type { OsFamily } from "../../pipeline/plan-types";

export interface Platform {
  readonly chrony: { readonly conf: string; readonly drift: string };
  /** Account and group of squid's workers, compiled into squid; its logs belong to it. */
  readonly squid: { readonly user: string; readonly group: string };
  /**
   * sshd's settings. Where `whole` is true the file replaces the distribution's: OpenSSH 8.0 of EL8 has no Include,
   * so a drop-in would be ignored without a word.
   */
  readonly sshd: { readonly conf: string; readonly whole: boolean };
  /** The package manager's way out: a file and its template below roles/packages/templates. */
  readonly packageProxy: { readonly path: string; readonly template: string };
  /** A Python of 3.8 or newer; EL8's own is 3.6. */
  readonly python: string;
  readonly shell: { readonly nologin: string };
}

export const PLATFORMS: Readonly<Record<OsFamily, Platform>> = {
  debian: {
    chrony: { conf: "/etc/chrony/chrony.conf", drift: "/var/lib/chrony/chrony.drift" },
    squid: { user: "proxy", group: "proxy" },
    sshd: { conf: "/etc/ssh/sshd_config.d/00-aws2ncp.conf", whole: false },
    packageProxy: { path: "/etc/apt/apt.conf.d/90aws2ncp-proxy", template: "apt-proxy.conf.j2" },
    python: "/usr/bin/python3",
    shell: { nologin: "/usr/sbin/nologin" },
  },
  redhat: {
    chrony: { conf: "/etc/chrony.conf", drift: "/var/lib/chrony/drift" },
    squid: { user: "squid", group: "squid" },
    sshd: { conf: "/etc/ssh/sshd_config", whole: true },
    packageProxy: { path: "/etc/dnf/dnf.conf", template: "dnf.conf.j2" },
    python: "/usr/bin/python3.9",
    shell: { nologin: "/sbin/nologin" },
  },
};
