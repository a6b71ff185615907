/** The form of a rule about blueprints. Tables of them stand in rules-*.ts; rules.ts joins them. */
import type { Finding } from "./problems";
import type { View } from "./view";

export interface BlueprintRule {
  /** Stands in errors' JSON and in tests: "cardinality". */
  readonly id: string;
  /**
   * What a real server does (Ambari 2.8). `blueprint`: refuses at POST /blueprints; `cluster`: refuses at POST /clusters/NAME;
   * `never`: accepts, although the cluster is then broken, or another than the one that was written down.
   */
  readonly refused: "blueprint" | "cluster" | "never";
  /** In a sentence, what is wrong with it. */
  readonly why: string;
  readonly check: (view: View) => readonly Finding[];
}
