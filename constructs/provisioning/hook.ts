import { Fn } from "cdktf";
import { Construct } from "constructs";
import type { SecretRef } from "../../pipeline/plan-types";
import { hookProgramSha256, rolesSha256 } from "./hashes";
import { LastResource } from "./last-resource";

export interface DeliverHookProps {
  /** Hash of the stack's manifest, which holds the hash of every file. */
  readonly manifestSha256: string;
  /** Only their versions count; a value is read at delivery, and no hash of it is kept. */
  readonly secrets: readonly SecretRef[];
  /** Numbers of the servers, by host. */
  readonly servers: Readonly<Record<string, string>>;
  /** Volumes and the servers they are attached to, by host. */
  readonly attachments: Readonly<Record<string, string>>;
  /** Public address of the host through which the others are reached. */
  readonly bastionAddress: string;
}

/**
 * Delivers the stack's rendered files to its hosts at the end of an apply, when anything that counts has changed. A failed
 * or killed delivery leaves the resource tainted or unmade, so the next apply runs it again.
 */
export class DeliverHook extends Construct {
  constructor(scope: Construct, id: string, props: DeliverHookProps) {
    super(scope, id);
    new LastResource(this, "Default", {
      triggers: {
        manifest: props.manifestSha256,
        roles: rolesSha256(),
        program: hookProgramSha256(),
        secrets: Object.fromEntries(props.secrets.map(({ name, version }) => [name, version])),
        servers: props.servers,
        attachments: props.attachments,
      },
      // `exec`: Terraform's signals reach the program, not a shell in between.
      command: "exec node ../../../dist/hooks/deliver/main.js artifacts/manifest.json",
      environment: {
        AWS2NCP_SERVERS: Fn.jsonencode(props.servers),
        AWS2NCP_BASTION_ADDRESS: props.bastionAddress,
      },
    });
  }
}
