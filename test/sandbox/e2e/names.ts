/** Names of the sandbox's Object Storage for programs of this machine, whose resolver does not know them. */
import { mkdirSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { PEERS } from "../../../sandbox/network";
import { sandboxPath } from "../../../sandbox/paths";

/** The command in a mount namespace of its own, with a hosts file that names Object Storage; no other process sees that file. */
export function withObjectStorageNamed(command: readonly string[]): [program: string, args: string[]] {
  const hosts = sandboxPath("run", "hosts-of-tests");
  mkdirSync(dirname(hosts), { recursive: true });
  writeFileSync(hosts, `127.0.0.1 localhost ${hostname()}\n${PEERS.ncp.address} ${PEERS.ncp.hostName}\n`);
  return ["unshare", ["--mount", "sh", "-c", 'mount --bind "$0" /etc/hosts && exec "$@"', hosts, ...command]];
}
