/** The company's buckets at AWS as the checks ask them: with an administrator's credentials, never with the reader's key. */
import { S3Client } from "@aws-sdk/client-s3";
import type { DatasetPlan, Plan } from "../../../pipeline/plan-types";
import { s3Client } from "../../../sandbox/object-storage";
import type { Check, DoctorContext, Said } from "../types";

/** Makes the client of a run; the run destroys it. */
export type ClientOf = (plan: Plan, env: NodeJS.ProcessEnv) => S3Client;

/**
 * Credentials come from the SDK's own chain: the environment, a profile, an instance's role. In the sandbox's environment it is the
 * owner of the buckets there, whose names only the sandbox resolves.
 */
export const sourceClient: ClientOf = ({ source }, env) =>
  (env["AWS2NCP_SANDBOX"] ?? "") === ""
    ? new S3Client({ region: source.region, endpoint: `https://${source.host}` })
    : s3Client("aws");

/** With what a check asks. */
export interface Asker {
  readonly client: S3Client;
  readonly context: DoctorContext;
}

export const placeOf = ({ name, source }: DatasetPlan): string =>
  `datasets.${name}.source (${source.bucket}/${source.prefix})`;

/** A check that asks AWS one thing for each dataset. What can't be asked is unknown, for that dataset alone. */
export function datasetCheck(
  about: Pick<Check, "name" | "about" | "needs" | "deadlineMs">,
  ask: (dataset: DatasetPlan, asker: Asker) => Promise<readonly Said[]>,
  clientOf: ClientOf,
): Check {
  return {
    ...about,
    run: async (context) => {
      const client = clientOf(context.plan, context.env);
      try {
        const found: Said[] = [];
        for (const dataset of context.plan.datasets) {
          context.note(dataset.name);
          found.push(
            ...(await ask(dataset, { client, context }).catch((error: unknown) => [unknown(placeOf(dataset), error)])),
          );
        }
        return found;
      } finally {
        client.destroy();
      }
    },
  };
}

/** What was thrown while a place was looked at, as a finding. */
export const unknown = (place: string, error: unknown): Said => ({
  severity: "unknown",
  place,
  ...inWords(error as AwsError),
});

export interface AwsError extends Error {
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $response?: { readonly headers?: Readonly<Record<string, string>> };
}

export const statusOf = (error: unknown): number | undefined => (error as AwsError).$metadata?.httpStatusCode;

/** An answer without what was asked for: not AWS's, which answers "there is none" with an error of its own. */
export class Unanswered extends Error {
  constructor() {
    super("can't be read here: this S3 server does not know the question");
  }
}

function inWords(error: AwsError): Pick<Said, "found" | "try"> {
  if (error.name === "CredentialsProviderError")
    return {
      found: "no credentials of AWS: nobody looked",
      try: "set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, of an administrator",
    };
  if (error instanceof Unanswered) return { found: error.message };
  const status = statusOf(error);
  if (status === 403)
    return {
      found: `AWS refuses the question: ${words(error)}`,
      try: "credentials that may read the bucket's settings (docs/source.md)",
    };
  if (status === 501) return { found: new Unanswered().message };
  return { found: `no answer: ${words(error)}` };
}

const words = ({ name, message, code }: AwsError): string =>
  [...new Set([code ?? name, message])].filter(Boolean).join(": ");
