/**
 * The folder `artifacts/ambari` of a stack: what the Ambari hook reads, written at synth. `blueprint.json`, `template.json` and
 * `version-definition.xml` are the bodies of its requests; `cluster.json`, described here, says the rest.
 */
import type { SecretRef } from "../plan-types";

/** Names in that folder. */
export const AMBARI_FILES = {
  cluster: "cluster.json",
  blueprint: "blueprint.json",
  template: "template.json",
  versionDefinition: "version-definition.xml",
} as const;

export interface AmbariClusterFile {
  readonly version: 1;
  /** Name of the cluster in Ambari, "batch". */
  readonly name: string;
  /** Short name of the host with ambari-server, one of the manifest's. */
  readonly server: string;
  /** Port of its REST interface, on that host's loopback. */
  readonly port: number;
  /** User of the hook, and which secret is its password. */
  readonly admin: { readonly user: string; readonly password: "ambari_admin_password" };
  /** Name under which the blueprint is posted: it has a hash of the content. */
  readonly blueprint: string;
  /** Of the packages: "3.1.0.0-78" of the stack HDP 3.1. */
  readonly repository: { readonly stack: string; readonly stackVersion: string; readonly version: string };
  /** Host components of the whole cluster, and those of them that run: the provisioning is over at these numbers. */
  readonly components: { readonly installed: number; readonly started: number };
  /** Components that are installed and never started, sorted. */
  readonly clients: readonly string[];
  /** Host group that grows: the others have one host each. */
  readonly workers: string;
  /** References to the secrets that the hook puts into request bodies, the admin's password among them. */
  readonly secrets: readonly SecretRef[];
}
