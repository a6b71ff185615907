/** How Terraform finds the stand-in instead of the real provider: a filesystem mirror, and the environment that names it. */
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { boundProvider } from "./cloud/aws/bindings";
import { OUTPUT_FOLDER, projectRoot, sandboxHome, sandboxPath } from "./paths";
import { secretPath } from "./secrets";

interface MirroredProvider {
  readonly address: string;
  readonly version: string;
  /** Name that `provider/main.js` knows the cloud by. */
  readonly cloud: string;
}

const PROVIDERS: readonly MirroredProvider[] = [
  { address: "registry.terraform.io/navercloudplatform/ncloud", version: "4.0.5", cloud: "ncloud" },
  { ...boundProvider(), cloud: "aws" },
];

/** Terraform's word for this machine's processor. */
const ARCHITECTURE = process.arch === "x64" ? "amd64" : process.arch;

/**
 * A constant: its hash stands in lock files. The program is elsewhere. A session of its own keeps Ctrl-C on the terminal from
 * the programs that the provider runs; Terraform tells the provider itself.
 */
const launcher = (cloud: string): string =>
  `#!/bin/sh\n# The sandbox's stand-in for this provider: see sandbox/ in aws2ncp.\nexec setsid node "$AWS2NCP_PROVIDER" ${cloud}\n`;

/** Everything that Terraform, cdktf and the provider have to be told; production sets none of it. */
export function sandboxEnv(): Record<string, string> {
  const mirror = sandboxPath("mirror");
  return {
    AWS2NCP_SANDBOX: sandboxHome(),
    AWS2NCP_PROVIDER: join(projectRoot(), "dist", "sandbox", "provider", "main.js"),
    TF_CLI_CONFIG_FILE: sandboxPath("terraform.rc"),
    // `cdktf deploy` runs `terraform providers lock`, which looks into mirrors only when told so.
    TF_CLI_ARGS_providers_lock: `-fs-mirror=${mirror}`,
    CHECKPOINT_DISABLE: "1",
    // cdktf's options --output and --app: cdktf.json may name a real pipeline.
    CDKTF_OUTPUT: OUTPUT_FOLDER,
    CDKTF_APP: "node dist/main.js pipeline.yaml",
    // Where states in a bucket find their key, and the CA of the sandbox's Object Storage.
    AWS_SHARED_CREDENTIALS_FILE: secretPath("credentials"),
    AWS_CA_BUNDLE: secretPath("ca.crt"),
    NCLOUD_ACCESS_KEY: "sandbox",
    NCLOUD_SECRET_KEY: "sandbox",
    AWS_ACCESS_KEY_ID: "sandbox",
    AWS_SECRET_ACCESS_KEY: "sandbox",
  };
}

/** Writes the mirror and Terraform's configuration file; returns the mirror's folder. */
export function installMirror(): string {
  const mirror = sandboxPath("mirror");
  for (const { address, version, cloud } of PROVIDERS) {
    const name = `terraform-provider-${cloud}_v${version}`;
    const file = join(mirror, ...address.split("/"), version, `linux_${ARCHITECTURE}`, name);
    writeIfOther(file, launcher(cloud));
    chmodSync(file, 0o755);
  }
  // Nothing but the mirror: a provider that has no stand-in is an error, not a download.
  const installation = `  filesystem_mirror {\n    path = ${JSON.stringify(mirror)}\n  }\n`;
  writeIfOther(sandboxPath("terraform.rc"), `provider_installation {\n${installation}}\n`);
  return mirror;
}

function writeIfOther(file: string, text: string): void {
  if (existsSync(file) && readFileSync(file, "utf8") === text) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
