import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { installMirror, sandboxEnv } from "../../sandbox/env";

let home: string;
const before = process.env["AWS2NCP_SANDBOX"];
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "sandbox-env-"));
  process.env["AWS2NCP_SANDBOX"] = home;
});
afterEach(() => {
  if (before === undefined) delete process.env["AWS2NCP_SANDBOX"];
  else process.env["AWS2NCP_SANDBOX"] = before;
  rmSync(home, { recursive: true, force: true });
});

it("names the mirror, the provider and no real credentials", () => {
  expect(sandboxEnv()).toEqual({
    AWS2NCP_SANDBOX: home,
    AWS2NCP_PROVIDER: expect.stringMatching(/\/dist\/sandbox\/provider\/main\.js$/) as string,
    TF_CLI_CONFIG_FILE: join(home, "terraform.rc"),
    TF_CLI_ARGS_providers_lock: `-fs-mirror=${join(home, "mirror")}`,
    CHECKPOINT_DISABLE: "1",
    CDKTF_OUTPUT: "cdktf.sandbox",
    CDKTF_APP: "node dist/main.js pipeline.yaml",
    AWS_SHARED_CREDENTIALS_FILE: join(home, "secrets", "credentials"),
    AWS_CA_BUNDLE: join(home, "secrets", "ca.crt"),
    NCLOUD_ACCESS_KEY: "sandbox",
    NCLOUD_SECRET_KEY: "sandbox",
    AWS_ACCESS_KEY_ID: "sandbox",
    AWS_SECRET_ACCESS_KEY: "sandbox",
  });
});

it("installs the same launcher everywhere and every time, so that lock files keep their hash", () => {
  const mirror = installMirror();
  const files = execFileSync("find", [mirror, "-type", "f"], { encoding: "utf8" }).trim().split("\n").sort();
  expect(files.map((each) => relative(mirror, each).replace(/linux_[a-z0-9]+/, "linux"))).toEqual([
    "registry.terraform.io/hashicorp/aws/6.25.0/linux/terraform-provider-aws_v6.25.0",
    "registry.terraform.io/navercloudplatform/ncloud/4.0.5/linux/terraform-provider-ncloud_v4.0.5",
  ]);
  const file = files[1] as string;
  expect(readFileSync(file, "utf8")).toBe(
    '#!/bin/sh\n# The sandbox\'s stand-in for this provider: see sandbox/ in aws2ncp.\nexec setsid node "$AWS2NCP_PROVIDER" ncloud\n',
  );
  expect(statSync(file).mode & 0o111).toBe(0o111);
  expect(readFileSync(join(home, "terraform.rc"), "utf8")).not.toContain("direct");
  const first = statSync(file).mtimeMs;
  installMirror();
  expect(statSync(file).mtimeMs).toBe(first);
});
