/** Everything that stands before a deploy: the clouds as they are found, and the company's data on the AWS side. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { loadPipeline } from "../../pipeline/load";
import { planOf } from "../../pipeline/plan";
import type { Plan } from "../../pipeline/plan-types";
import { registerUser } from "../cloud/aws/iam";
import { feedNewObjects, seedHive, seedLog, type LogPlace, type Place } from "../data";
import { installMirror } from "../env";
import { ensureEngines } from "../engines";
import { ensureImage, ensurePackages, startPackageServer } from "../hosts";
import { networkUp } from "../network";
import { storageUp } from "../object-storage";
import { projectRoot, sandboxPath } from "../paths";
import { ensureAirflowIndex } from "../python-index";
import { makeSecrets } from "../secrets";
import type { Note, Step } from "./steps";

/** The example pipeline; it can be read once the sandbox's secrets are made, since it names a key among them. */
export function examplePlan(): Plan {
  return planOf(loadPipeline(join(projectRoot(), "pipeline.yaml")));
}

/** Where the company's logs are written: the sources of the datasets in folders of hours and days. */
export function logPlaces(plan: Plan): LogPlace[] {
  return plan.datasets.flatMap((dataset) =>
    dataset.layout === "tree" ? [] : [{ layout: dataset.layout, zone: dataset.prefixZone, ...dataset.source }],
  );
}

/** Where Hive's tables lie: the sources of the datasets that are whole trees. */
export function hivePlaces(plan: Plan): Place[] {
  return plan.datasets.flatMap(({ layout, source }) => (layout === "tree" ? [source] : []));
}

/** Login keys are made outside Terraform, on the platform's console: here by this file, which the stand-in provider reads. */
function registerLoginKey(name: string): void {
  const file = sandboxPath("cloud", "login-keys.json");
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify([name])}\n`);
}

/** The steps of `up`. Each does nothing where its work is done already. */
export function upSteps(): Step[] {
  return [
    { name: "secrets", run: async () => void (await makeSecrets()) },
    { name: "network", run: () => networkUp() },
    { name: "object_storage", run: () => storageUp(), look: sandboxPath("log") },
    { name: "image", run: async () => void (await ensureImage()) },
    { name: "engines", run: async (note) => void (await Promise.all([ensureEngines(note), ensureAirflowIndex()])) },
    { name: "packages", run: packages, look: sandboxPath("log") },
    { name: "provider", run: () => Promise.resolve(void installMirror()) },
    {
      name: "data",
      run: async (note) => {
        const plan = examplePlan();
        registerLoginKey(plan.platform.loginKey);
        registerUser(sandboxPath("aws"), plan.source.reader);
        for (const place of logPlaces(plan)) await seedLog(place, note);
        for (const place of hivePlaces(plan)) await seedHive(place, note);
        feedNewObjects(logPlaces(plan));
      },
      look: sandboxPath("log", "feeder.log"),
    },
  ];
}

async function packages(note: Note): Promise<void> {
  await ensurePackages(note);
  await startPackageServer();
}
