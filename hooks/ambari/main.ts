/**
 * The program that Terraform runs after the delivery of a batch cluster: `node dist/hooks/ambari/main.js artifacts/ambari`.
 * Exit codes: 0 the cluster is as it should be, 1 a found problem, 2 wrong use, 128 + N ended by signal N.
 */
import { inputsOf, runHook } from "../program";
import { runAmbari } from "./ambari";

const USAGE = `Makes a batch cluster by its blueprint, over an ssh tunnel to Ambari, or what is left of it to make; adds hosts that are new.
Terraform runs it after the hosts were delivered.

  node dist/hooks/ambari/main.js FOLDER

  FOLDER                   cluster.json, blueprint.json, template.json, version-definition.xml; the stack's manifest is beside it
  AWS2NCP_SERVERS          server numbers by host, JSON: {"proxy-1": "1001", "hdp-1": "1003"}
  AWS2NCP_BASTION_ADDRESS  public address of the bastion
  AWS2NCP_SSH_PORT         port of sshd on the hosts; 22 unless set

Example, by hand, in a stack's folder:
  cd cdktf.out/stacks/batch-cluster
  AWS2NCP_SERVERS='{"proxy-1":"1001","hdp-1":"1003","hdp-2":"1004","hdp-3":"1005"}' \\
    AWS2NCP_BASTION_ADDRESS=198.51.100.129 node ../../../dist/hooks/ambari/main.js artifacts/ambari`;

runHook({
  name: "ambari",
  usage: USAGE,
  run: async (args, env, signal) => {
    const { path: folder, ...inputs } = inputsOf("ambari", "the folder of a cluster's files", args, env);
    await runAmbari({ folder, ...inputs, env, screen: process.stdout, signal });
    return 0;
  },
});
