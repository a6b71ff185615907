/**
 * The program that Terraform's mirror starts: `node main.js CLOUD`. The clouds' work is done by processes of their own, which
 * this program starts from itself.
 */
import { sandboxPath } from "../paths";
import type { Cloud } from "./cloud";
import { serve } from "./serve";
import { callsOf } from "./service";

/* eslint-disable @typescript-eslint/no-require-imports -- only the wanted cloud is loaded */
/** Nothing is returned where this process was started for a piece of work, and has done it. */
const CLOUDS: Readonly<Record<string, () => Promise<Cloud | undefined>>> = {
  ncloud: async () => {
    const { ncloud } = require("../cloud/ncloud") as typeof import("../cloud/ncloud");
    const { Platform } = require("../cloud/platform") as typeof import("../cloud/platform");
    const { realMachinery } = require("../cloud/machinery") as typeof import("../cloud/machinery");
    const { doneAsWork, inOwnProcess } = require("../cloud/own-process") as typeof import("../cloud/own-process");
    const platform = new Platform(sandboxPath("cloud"), realMachinery(), inOwnProcess);
    return (await doneAsWork(platform)) ? undefined : ncloud(platform);
  },
  aws: async () => {
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
void cloud().then((made) => (made === undefined ? undefined : serve(callsOf(made))));
