/**
 * The program that Terraform runs last in a stack: `node dist/hooks/deliver/main.js artifacts/manifest.json`.
 * Exit codes: 0 delivered, 1 a found problem, 2 wrong use, 128 + N ended by signal N.
 */
import { cacheFolder } from "../files";
import { inputsOf, runHook } from "../program";
import { deliver } from "./deliver";

const USAGE = `Delivers a stack's rendered files to its hosts. Terraform runs it at the end of an apply.

  node dist/hooks/deliver/main.js MANIFEST

  AWS2NCP_SERVERS          server numbers by host, JSON: {"proxy-1": "1001", "sync-1": "1002"}
  AWS2NCP_BASTION_ADDRESS  public address of the bastion
  AWS2NCP_SSH_PORT         port of sshd on the hosts; 22 unless set
  AWS2NCP_CACHE            folder for what can be made again; ~/.cache/aws2ncp unless set

Example, by hand, in a stack's folder:
  cd cdktf.out/stacks/transfer
  AWS2NCP_SERVERS='{"proxy-1":"1001"}' AWS2NCP_BASTION_ADDRESS=198.51.100.129 \\
    node ../../../dist/hooks/deliver/main.js artifacts/manifest.json`;

runHook({
  name: "deliver",
  usage: USAGE,
  run: async (args, env, signal) => {
    const { path: manifest, ...inputs } = inputsOf("deliver", "the path of one manifest", args, env);
    const result = await deliver({
      manifest,
      ...inputs,
      cache: cacheFolder(env),
      env,
      print: (line) => process.stdout.write(`${line}\n`),
      signal,
    });
    return result.ok ? 0 : 1;
  },
});
