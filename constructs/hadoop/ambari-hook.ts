import { createHash } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Fn } from "cdktf";
import { Construct } from "constructs";
import { formatAtConstruct } from "../../pipeline/hadoop/problems";
import { blueprintOf, creationTemplateOf } from "../../pipeline/hadoop/render";
import { checkBlueprint } from "../../pipeline/hadoop/rules";
import type { ClusterPlan, Plan } from "../../pipeline/plan-types";
import { refuseForeignMatter } from "../provisioning/artifacts";
import { hookProgramSha256 } from "../provisioning/hashes";
import { LastResource } from "../provisioning/last-resource";
import { ambariFilesOf } from "./ambari-files";

const FOLDER = "ambari";

export interface AmbariHookProps {
  readonly pipeline: Pick<Plan, "secrets">;
  readonly cluster: ClusterPlan;
  /** The stack's folder of rendered files, with the manifest that the delivery wrote. */
  readonly artifacts: string;
  /** Numbers of the servers, by host, the bastion's among them. */
  readonly servers: Readonly<Record<string, string>>;
  /** Public address of the host through which the others are reached. */
  readonly bastionAddress: string;
}

/**
 * Makes the cluster by its blueprint once the hosts are delivered, and adds the hosts that the pipeline file adds. To be made after
 * the delivery's hook, which empties the folder of rendered files. A failed or killed run leaves the resource tainted or
 * unmade, so the next apply runs it again, and it resumes. Synth refuses a blueprint that Ambari would refuse, or should.
 */
export class AmbariHook extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { pipeline, cluster, artifacts, servers, bastionAddress }: AmbariHookProps,
  ) {
    super(scope, id);
    this.node.addValidation({
      validate: () =>
        checkBlueprint(blueprintOf(cluster.spec), creationTemplateOf(cluster.spec)).map((problem) =>
          formatAtConstruct(problem, this.node.path),
        ),
    });
    const { files, secrets } = ambariFilesOf(pipeline, cluster);
    write(join(artifacts, FOLDER), files);
    new LastResource(this, "Default", {
      triggers: {
        files: Object.fromEntries(Object.entries(files).map(([name, content]) => [name, sha256(content)])),
        program: hookProgramSha256(),
        secrets: Object.fromEntries(secrets.map(({ name, version }) => [name, version])),
        servers,
      },
      // `exec`: Terraform's signals reach the program, not a shell in between.
      command: `exec node ../../../dist/hooks/ambari/main.js artifacts/${FOLDER}`,
      environment: {
        AWS2NCP_SERVERS: Fn.jsonencode(servers),
        AWS2NCP_BASTION_ADDRESS: bastionAddress,
      },
    });
  }
}

const sha256 = (content: string): string => createHash("sha256").update(content).digest("hex");

function write(folder: string, files: Readonly<Record<string, string>>): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    refuseForeignMatter(`${FOLDER}/${name}`, content);
    writeFileSync(join(folder, name), content);
  }
}
