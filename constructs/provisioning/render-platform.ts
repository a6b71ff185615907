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
  /** PostgreSQL's unit, by the folder of its drop-ins. */
  readonly postgresql: {
    readonly dropIn: string;
    /** Whether the unit learns where the data is from its environment; otherwise from the settings. */
    readonly pgdata: boolean;
    /** Settings by which the package makes no database system of its own. */
    readonly createcluster?: string;
  };
  /** The repository of Ambari's packages, and its template below roles/ambari_repository/templates. */
  readonly ambari: {
    readonly source: string;
    readonly template: string;
    /** Where the login at the repository stands, unless in `source` itself. */
    readonly login?: string;
    /** The key that signs packages; its owner is who checks. */
    readonly key: { readonly path: string; readonly owner: string };
    readonly notify: readonly string[];
  };
}

export const PLATFORMS: Readonly<Record<OsFamily, Platform>> = {
  debian: {
    chrony: { conf: "/etc/chrony/chrony.conf", drift: "/var/lib/chrony/chrony.drift" },
    squid: { user: "proxy", group: "proxy" },
    sshd: { conf: "/etc/ssh/sshd_config.d/00-aws2ncp.conf", whole: false },
    packageProxy: { path: "/etc/apt/apt.conf.d/90aws2ncp-proxy", template: "apt-proxy.conf.j2" },
    python: "/usr/bin/python3",
    shell: { nologin: "/usr/sbin/nologin" },
    postgresql: {
      dropIn: "postgresql@.service.d",
      pgdata: false,
      createcluster: "/etc/postgresql-common/createcluster.conf",
    },
    ambari: {
      source: "/etc/apt/sources.list.d/aws2ncp-ambari.list",
      template: "ambari.list.j2",
      login: "/etc/apt/auth.conf.d/aws2ncp-ambari.conf",
      key: { path: "/etc/apt/trusted.gpg.d/aws2ncp-repository.asc", owner: "_apt" },
      notify: ["Refresh the lists of packages"],
    },
  },
  redhat: {
    chrony: { conf: "/etc/chrony.conf", drift: "/var/lib/chrony/drift" },
    squid: { user: "squid", group: "squid" },
    sshd: { conf: "/etc/ssh/sshd_config", whole: true },
    packageProxy: { path: "/etc/dnf/dnf.conf", template: "dnf.conf.j2" },
    python: "/usr/bin/python3.9",
    shell: { nologin: "/sbin/nologin" },
    postgresql: { dropIn: "postgresql.service.d", pgdata: true },
    ambari: {
      source: "/etc/yum.repos.d/aws2ncp-ambari.repo",
      template: "ambari.repo.j2",
      key: { path: "/etc/pki/rpm-gpg/aws2ncp-repository", owner: "root" },
      notify: [],
    },
  },
};
