/** Where the hosts of a manifest are reached, and which keys they have. */
import { join } from "node:path";
import { DEPLOY_ALL, HookError } from "../errors";
import { Pins } from "../ssh/pins";
import type { SshHost } from "../ssh/reach";
import type { LoadedManifest } from "./manifest";

export interface Whereabouts {
  /** Instance numbers of the platform by host name. */
  readonly servers: Readonly<Record<string, string>>;
  /** Public address of the bastion. */
  readonly bastionAddress: string;
  /** Port of sshd on every host. @default 22 */
  readonly port?: number;
}

/** Keys pinned for a stack's hosts; its own are `known` already. */
export const pinsOf = ({ state, stack }: LoadedManifest, of: string, known?: Pins): Pins =>
  of === stack && known !== undefined ? known : Pins.load(join(state, "pins", `${of}.json`));

/** Where each host's ssh is. Host names come from the manifest, numbers from apply: they must fit. */
export function addressesOf(manifest: LoadedManifest, o: Whereabouts): Map<string, SshHost> {
  const addresses = new Map(manifest.hosts.map(({ name, address }) => [name, address]));
  addresses.set(manifest.bastion, o.bastionAddress);
  const missing = [...addresses.keys()].filter((name) => o.servers[name] === undefined);
  if (missing.length > 0)
    throw new HookError(
      `AWS2NCP_SERVERS: no server number for ${missing.join(", ")}`,
      [
        `found: ${Object.keys(o.servers).join(", ") || "none"}`,
        `allowed: a number for each host of the manifest and for its bastion: ${[...addresses.keys()].join(", ")}`,
      ],
      `this variable is set by the stack; run the hook by: ${DEPLOY_ALL}`,
      2,
    );
  const port = o.port ?? 22;
  return new Map(
    [...addresses].map(([name, address]) => {
      const at = { name, address, port, server: o.servers[name]! };
      return [name, name === manifest.bastion ? at : { ...at, through: manifest.bastion }];
    }),
  );
}
