/** What the review reads of one side: everything that lies in an output folder of synth, and nothing else. */
import type { Manifest } from "../../pipeline/manifest";
import type { PlanDocument } from "../../pipeline/plan-document";
import type { JsonObject } from "../values/json";

export interface StackSynth {
  readonly name: string;
  /** cdk.tf.json */
  readonly json: JsonObject;
  /** artifacts/manifest.json: what the stack's hook delivers. */
  readonly manifest?: Manifest;
  /** Every other file of the stack's artifacts, by its path below them: "proxy-1/etc/hosts", "ambari/blueprint.json". */
  readonly artifacts: ReadonlyMap<string, string>;
}

export interface Synth {
  /** For messages. */
  readonly folder: string;
  readonly stacks: ReadonlyMap<string, StackSynth>;
  readonly plan?: PlanDocument;
}
