/**
 * The program that Terraform runs before it changes anything in a stack. Exit codes: 0 go on, 1 a found problem, 2 wrong use.
 */
import { HookError } from "../errors";
import { before, inputOf } from "./before";

const USAGE = `Copies a stack's state under a dated name, and refuses to go on where nothing locks it. Terraform runs it in a stack's folder
before it changes anything there.

  node dist/hooks/before/main.js

  AWS2NCP_STATE   where the state is, JSON: {"pipeline": "aws2ncp", "stack": "network", "folder": "../../../state"}
  AWS_CA_BUNDLE   CAs to trust instead of the machine's, for a state in a bucket

Example, by hand, in a stack's folder:
  cd cdktf.out/stacks/network
  AWS2NCP_STATE='{"pipeline":"aws2ncp","stack":"network","folder":"../../../state"}' node ../../../dist/hooks/before/main.js`;

async function main(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  if (args.includes("--help") || args.includes("-h")) {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  try {
    process.stdout.write(`${await before(inputOf(env["AWS2NCP_STATE"]), { env })}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof HookError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return error.exitCode;
  }
}

// Node ends with 0 when nothing is left to wait for: never let that look like a copy.
process.exitCode = 1;
main(process.argv.slice(2), process.env).then(
  (code) => (process.exitCode = code),
  (error: unknown) =>
    process.stderr.write(
      `before: a mistake in this program: ${error instanceof Error ? error.stack : String(error)}\n`,
    ),
);
