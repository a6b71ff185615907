/** A server's outside as plain values: what podman is told, and what the server finds under /media/platform. */
import { sandboxPath } from "../paths";

/** Marks the containers of the sandbox, so that `down` finds all of them. */
export const LABEL = "aws2ncp=sandbox";

export interface HostOptions {
  /** Name of the server: "proxy-1". */
  readonly name: string;
  /** Full name, when the server starts with one. */
  readonly fqdn?: string;
  /** Path of its network namespace, with eth0 set up: "/run/netns/a2n-proxy-1". It outlives reboots. */
  readonly netns: string;
  /** Run once as root at the first boot, its own bytes. */
  readonly initScript?: string;
  /** Address of the platform's resolver. */
  readonly nameServer: string;
}

export const containerName = (host: string): string => `a2n-${host}`;

/** Folder of what is known about a server. */
export const serverFolder = (host: string): string => sandboxPath("hosts", "servers", host);

/** Folder that the server sees, read only, as /media/platform: its config drive. */
export const platformFolder = (host: string): string => `${serverFolder(host)}/platform`;

/** Files of the config drive by name. Volumes come later: the table starts empty. */
export function platformFiles(o: HostOptions): Record<string, string> {
  const names = o.fqdn === undefined ? o.name : `${o.fqdn} ${o.name}`;
  return {
    hostname: `${o.name}\n`,
    hosts: `127.0.0.1 localhost\n127.0.1.1 ${names}\n`,
    "resolv.conf": `nameserver ${o.nameServer}\n`,
    volumes: "",
    ...(o.initScript === undefined ? {} : { "init-script": o.initScript }),
  };
}

/**
 * Arguments of podman that start a server. Each was needed, or something on the server did not behave like one.
 * @param engines folders that it finds under /opt/apache, read only, by name
 */
export function startArguments(
  o: HostOptions,
  image: string,
  engines: Readonly<Record<string, string>> = {},
): string[] {
  return [
    "--runtime=runc", // crun fails where control groups are hybrid
    "run",
    "--detach",
    `--name=${containerName(o.name)}`,
    `--label=${LABEL}`,
    `--hostname=${o.name}`,
    "--privileged", // with single capabilities a unit's MemoryMax is silently ignored
    "--cgroupns=private",
    "--systemd=always",
    "--restart=always", // what makes `systemctl reboot` come back
    "--pull=never",
    `--network=ns:${o.netns}`,
    "--no-hosts",
    "--dns=none",
    "--pids-limit=-1", // else a unit gets 15 % of 2,048 tasks
    "--ulimit=nofile=20000:20000", // podman's own are above what a root without CAP_SYS_RESOURCE may set
    "--ulimit=nproc=32768:32768",
    "--volume=/sys:/sys:ro", // else systemd waits for udev before it mounts a volume
    `--volume=${platformFolder(o.name)}:/media/platform:ro`,
    ...Object.entries(engines).map(([name, folder]) => `--volume=${folder}:/opt/apache/${name}:ro`),
    image,
  ];
}

/** Takes away what would change the outer machine: the clock has no namespace, so one host could set it for all. */
export const WITHOUT_CLOCK = ["setpriv", "--bounding-set", "-sys_time"] as const;

/**
 * A command in all of a server's namespaces, with a clean environment. `podman exec` can hang beside block devices.
 * nsenter brings this process's own rights along, more than systemd has in there: they are cut to the same.
 */
export function enterArguments(pid: number, argv: readonly string[]): string[] {
  const namespaces = ["--mount", "--uts", "--ipc", "--net", "--pid", "--cgroup"];
  const path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  const environment = ["env", "-i", path, "HOME=/root", "LANG=C.UTF-8", `TERM=${process.env["TERM"] ?? "dumb"}`];
  return [`--target=${pid}`, ...namespaces, "--", ...WITHOUT_CLOCK, ...environment, ...argv];
}
