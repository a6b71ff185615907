/** The commands of docs/production.md, and where each is run. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * `here`: by this folder's test, in a copy of the clone. `sandbox`: by test/sandbox/e2e/production.test.ts, with the sandbox's
 * values. Anything else says why it is not run.
 */
export const COMMANDS: Readonly<Record<string, string>> = {
  "make build": "not run: tests need a build before they start, and make test has made it so",
  "sed 's|schema=../|schema=./|' examples/production.yaml > production.yaml": "here",
  'sed -i \'s|"node dist/main.js"|"node dist/main.js production.yaml"|\' cdktf.json': "here",
  "mkdir -p keys": "here",
  "ssh-keygen -q -t ed25519 -N '' -C deploy -f keys/deploy": "here",
  "npx aws2ncp certs init production.yaml": "not run: test/ops/certs runs it; the sandbox has certificates of its own",
  "npx aws2ncp bootstrap production.yaml --dry-run": "sandbox",
  "npx aws2ncp bootstrap production.yaml": "sandbox",
  "npx aws2ncp doctor production.yaml": "sandbox",
  "npx cdktf synth": "here",
  "npx cdktf diff network": "sandbox",
  "npx cdktf deploy '*'": "sandbox",
  "git add production.yaml cdktf.json keys/deploy.pub cdktf.out/stacks/*/.terraform.lock.hcl": "here",
  "aws --profile ncp --endpoint-url https://kr.object.ncloudstorage.com s3 ls s3://company-aws2ncp-state/aws2ncp/history/network/":
    "not run: AWS's own program; the sandbox's test lists and reads the same keys with AWS's library",
  "aws --profile ncp --endpoint-url https://kr.object.ncloudstorage.com s3 cp s3://company-aws2ncp-state/aws2ncp/history/network/2026-01-02T03-04-05.678Z.tfstate back.tfstate":
    "not run: AWS's own program, as above",
  'terraform -chdir=cdktf.out/stacks/network state push -force "$PWD/back.tfstate"': "sandbox",
};

/** Every line of every block of shell, in order. */
export function commandsOf(document: string): string[] {
  const text = readFileSync(join(__dirname, "..", "..", "docs", document), "utf8");
  return [...text.matchAll(/^```sh\n(.*?)^```$/gms)].flatMap(([, block = ""]) => block.trim().split("\n"));
}

export const commandsRun = (where: "here" | "sandbox"): string[] =>
  commandsOf("production.md").filter((command) => COMMANDS[command] === where);
