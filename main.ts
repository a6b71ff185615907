/** From the pipeline file to the stacks: the table of contents of what is deployed. */
import { App } from "cdktf";
import { PipelineError } from "./pipeline/errors";
import { loadPipeline } from "./pipeline/load";
import { planOf } from "./pipeline/plan";
import { writePlanDocument } from "./pipeline/plan-document";
import { BatchClusterStack } from "./stacks/batch-cluster";
import { NetworkStack } from "./stacks/network";
import { QueryStack } from "./stacks/query";
import { ScheduleStack } from "./stacks/schedule";
import { SourceStack } from "./stacks/source";
import { StorageStack } from "./stacks/storage";
import { TransferStack } from "./stacks/transfer";

function synth(file = "pipeline.yaml"): void {
  const plan = planOf(loadPipeline(file)); // hosts, addresses, roles, flows: plain values
  const app = new App();

  const network = new NetworkStack(app, plan);
  const storage = new StorageStack(app, plan);
  const transfer = new TransferStack(app, plan, { network, storage });
  new SourceStack(app, plan, { transfer });
  if (plan.cluster !== undefined) {
    const cluster = new BatchClusterStack(app, plan, { network, transfer });
    if (plan.presto !== undefined) new QueryStack(app, plan, { network, cluster });
    if (plan.airflow !== undefined) new ScheduleStack(app, plan, { network, cluster });
  }
  app.synth();
  writePlanDocument(plan, app.outdir); // for the review and the picture
}

try {
  synth(process.argv[2]);
} catch (error) {
  if (!(error instanceof PipelineError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
