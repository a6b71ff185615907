/** The program that Terraform's mirror starts: `node main.js CLOUD`. */
import { sandboxPath } from "../paths";
import type { Cloud } from "./cloud";
import { serve } from "./serve";
import { callsOf } from "./service";

/* eslint-disable @typescript-eslint/no-require-imports -- only the wanted cloud is loaded */
const CLOUDS: Readonly<Record<string, () => Cloud>> = {
  ncloud: () => {
    const { ncloud } = require("../cloud/ncloud") as typeof import("../cloud/ncloud");
    const { Platform } = require("../cloud/platform") as typeof import("../cloud/platform");
    const { realMachinery } = require("../cloud/machinery") as typeof import("../cloud/machinery");
    return ncloud(new Platform(sandboxPath("cloud"), realMachinery()));
  },
  aws: () => {
    const { aws } = require("../cloud/aws/cloud") as typeof import("../cloud/aws/cloud");
    const { Platform } = require("../cloud/platform") as typeof import("../cloud/platform");
    const { realMachinery } = require("../cloud/machinery") as typeof import("../cloud/machinery");
    return aws(new Platform(sandboxPath("aws"), realMachinery()));
  },
};

const name = process.argv[2] ?? "";
const cloud = CLOUDS[name];
if (cloud === undefined) {
  process.stderr.write(`no stand-in for the cloud "${name}"\n  allowed: ${Object.keys(CLOUDS).join(", ")}\n`);
  process.exit(2);
}
void serve(callsOf(cloud()));
