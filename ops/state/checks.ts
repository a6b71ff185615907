/** The doctor's checks of states in a bucket. */
import { hostname } from "node:os";
import type { S3Client } from "@aws-sdk/client-s3";
import { answerOf, StateBucket, stateClient } from "../../states/bucket";
import { proveLocking } from "../../states/proof";
import type { Plan, RemoteStatePlan } from "../../pipeline/plan-types";
import type { Check, DoctorContext, Said } from "../doctor/types";
import { lockVerdict } from "./lock";
import { checksums, encryption, foreignObjects, ownership, PLACE, privacy } from "./look";

const concerns = (plan: Plan): boolean => plan.remoteState !== undefined;
const remoteOf = ({ plan }: DoctorContext): RemoteStatePlan => plan.remoteState as RemoteStatePlan;

async function withClient<T>(context: DoctorContext, use: (client: S3Client) => Promise<T>): Promise<T> {
  const client = stateClient(remoteOf(context), { env: context.env });
  try {
    return await use(client);
  } finally {
    client.destroy();
  }
}

/** The listing that Terraform's backend begins with. */
async function reachable(context: DoctorContext): Promise<Said[]> {
  const remote = remoteOf(context);
  const bucket = new StateBucket(remote, { env: context.env, attempts: 1 });
  try {
    const states = (await bucket.keys(`${context.plan.name}/`)).filter((key) => /^[^/]+\/[^/]+\.tfstate$/.test(key));
    return [{ severity: "ok", place: PLACE, found: `${remote.bucket} answers; ${states.length} states lie in it` }];
  } catch (error) {
    const missing = answerOf(error).startsWith("NoSuchBucket");
    return [
      {
        severity: "error",
        place: PLACE,
        found: `${remote.bucket} on ${remote.host} can't be listed: ${answerOf(error)}`,
        allowed: `a bucket of yours, and its key in profile ${remote.profile} of the shared AWS credentials file`,
        try: missing ? `npx aws2ncp bootstrap ${context.file}` : "see the profile's key, and the way to that host",
      },
    ];
  } finally {
    bucket.destroy();
  }
}

async function ours(context: DoctorContext): Promise<Said[]> {
  const remote = remoteOf(context);
  return withClient(context, async (client) => {
    const whose = await ownership(client, remote.bucket);
    const foreign = await foreignObjects(remote, context.plan.name, context.env);
    const said: Said =
      whose === "ours"
        ? { severity: "ok", place: PLACE, found: `${remote.bucket} belongs to the key's account` }
        : {
            severity: "error",
            place: PLACE,
            found: `${remote.bucket} belongs to another account than the key of profile ${remote.profile}`,
            try: `npx aws2ncp bootstrap ${context.file}`,
          };
    return foreign === undefined ? [said] : [said, foreign];
  });
}

export const STATE_CHECKS: readonly Check[] = [
  {
    name: "state-reachable",
    about: "the bucket of the states answers as Terraform's backend asks",
    needs: [],
    concerns,
    run: reachable,
  },
  {
    name: "state-profile",
    about: "the states' profile keeps Terraform's checksums out of them",
    needs: [],
    concerns,
    run: async (context) => [await checksums(remoteOf(context))],
  },
  {
    name: "state-ours",
    about: "that bucket is the account's own, and holds nothing else under the pipeline's name",
    needs: ["state-reachable"],
    concerns,
    run: ours,
  },
  {
    name: "state-private",
    about: "nobody reads the states without a key",
    needs: ["state-reachable"],
    concerns,
    run: (context) => withClient(context, async (client) => [await privacy(client, remoteOf(context), context.env)]),
  },
  {
    name: "state-encryption",
    about: "the bucket of the states is encrypted at rest",
    needs: ["state-reachable"],
    concerns,
    run: (context) => withClient(context, async (client) => [await encryption(client, remoteOf(context))]),
  },
  {
    name: "state-lock",
    about: "a lock of the states holds, or one machine deploys: as the pipeline file says",
    needs: ["state-reachable"],
    concerns,
    run: async (context) => {
      context.note("several writers at once, race after race");
      const proof = await proveLocking(remoteOf(context), context.plan.name, undefined, { env: context.env });
      return [lockVerdict(remoteOf(context), proof, hostname())];
    },
  },
];
