/** What the bucket of the states is like: whose, who may read it, whether it is encrypted, what lies in it. */
import { readFileSync } from "node:fs";
import { request } from "node:https";
import {
  GetBucketAclCommand,
  GetBucketEncryptionCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { answerOf, StateBucket, statusOf, type StatePlace } from "../../states/bucket";
import { isOwnKey } from "../../pipeline/state-keys";
import type { Said } from "../doctor/types";

export const PLACE = "state.remote.bucket";

/** `free`: nobody has the name. `foreign`: an account that this key doesn't belong to. */
export type Ownership = "ours" | "free" | "foreign";

/** A bucket that answers is not ours for that: it may be another account's, and open. So it must be among our own. */
export async function ownership(client: S3Client, bucket: string): Promise<Ownership> {
  const { Buckets = [] } = await client.send(new ListBucketsCommand({}));
  if (Buckets.some(({ Name }) => Name === bucket)) return "ours";
  try {
    await client.send(new HeadBucketCommand({ Bucket: bucket }));
    return "foreign";
  } catch (error) {
    const status = statusOf(error);
    if (status === 404) return "free";
    if (status === 403 || status === 301) return "foreign";
    throw error;
  }
}

/**
 * Terraform 1.11's backend adds checksums to what it writes unless its profile says otherwise. Over TLS it sends them behind the
 * object, in a form that services without it write into the object: the next deploy then finds a state that can't be read.
 */
export async function checksums({ profile }: StatePlace): Promise<Said> {
  const place = "state.remote.profile";
  const client = new S3Client({ profile, region: "any" });
  try {
    if ((await client.config.requestChecksumCalculation()) === "WHEN_REQUIRED")
      return { severity: "ok", place, found: `profile ${profile} sends checksums only where they are required` };
    return {
      severity: "error",
      place,
      found: `profile ${profile} does not say request_checksum_calculation = when_required`,
      meaning: "Terraform would send checksums in a form that services other than AWS write into the state",
      try: `add that line under [${profile}] in the shared AWS credentials file`,
    };
  } finally {
    client.destroy();
  }
}

const EVERYBODY = /\/groups\/global\/(AllUsers|AuthenticatedUsers)$/;

/** Whether anybody but its account may read or write it: by its grants, and by trying without a key. */
export async function privacy(client: S3Client, place: StatePlace, env: NodeJS.ProcessEnv): Promise<Said> {
  const { Grants = [] } = await client.send(new GetBucketAclCommand({ Bucket: place.bucket }));
  const open = Grants.filter(({ Grantee }) => EVERYBODY.test(Grantee?.URI ?? "")).map(
    ({ Grantee, Permission }) => `${Permission ?? "?"} to ${(Grantee?.URI ?? "").split("/").pop() ?? ""}`,
  );
  const anonymous = await statusWithoutKey(place, env);
  const found = [
    ...(open.length === 0 ? [] : [`it grants ${open.join(", ")}`]),
    ...(anonymous < 300 ? [`it answers ${anonymous} without a key`] : []),
  ];
  if (found.length === 0)
    return { severity: "ok", place: PLACE, found: `${place.bucket} is private; without a key it answers ${anonymous}` };
  return {
    severity: "error",
    place: PLACE,
    found: `${place.bucket} is public: ${found.join("; ")}`,
    meaning: "states name every server, address and rule of the pipeline",
    allowed: "a private bucket",
    try: "make it private on the console, or name another bucket",
  };
}

/** HTTP status of a listing that is asked for without a key. */
function statusWithoutKey({ host, bucket }: StatePlace, env: NodeJS.ProcessEnv): Promise<number> {
  const bundle = env["AWS_CA_BUNDLE"];
  return new Promise((resolve, reject) => {
    const options = { timeout: 30_000, ...(bundle ? { ca: readFileSync(bundle) } : {}) };
    const asked = request(`https://${host}/${bucket}?max-keys=1`, options, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    asked.on("timeout", () => asked.destroy(new Error(`${host} does not answer within 30 s`)));
    asked.on("error", reject);
    asked.end();
  });
}

const IN_CONSOLE = "console: Object Storage, the bucket, its encryption; and read it there again";

/** Encryption at rest, as far as the service tells. */
export async function encryption(client: S3Client, { bucket }: StatePlace): Promise<Said> {
  try {
    const answer = await client.send(new GetBucketEncryptionCommand({ Bucket: bucket }));
    const algorithms = (answer.ServerSideEncryptionConfiguration?.Rules ?? []).flatMap(
      (rule) => rule.ApplyServerSideEncryptionByDefault?.SSEAlgorithm ?? [],
    );
    if (algorithms.length > 0)
      return { severity: "ok", place: PLACE, found: `${bucket} is encrypted at rest: ${algorithms.join(", ")}` };
    return {
      severity: "unknown",
      place: PLACE,
      found: `the service names no encryption of ${bucket}`,
      try: IN_CONSOLE,
    };
  } catch (error) {
    if (statusOf(error) === undefined) throw error;
    const said = answerOf(error);
    if (said.startsWith("ServerSideEncryptionConfigurationNotFoundError"))
      return {
        severity: "error",
        place: PLACE,
        found: `${bucket} is not encrypted at rest`,
        allowed: "encryption from the first day: it covers only what is written after it is set",
        try: "turn it on on the console: Object Storage, the bucket, its encryption",
      };
    return {
      severity: "unknown",
      place: PLACE,
      found: `the service does not tell whether ${bucket} is encrypted: ${said}`,
      try: IN_CONSOLE,
    };
  }
}

const SHOWN = 3;

/** Objects under the pipeline's own prefix that this project did not put there; undefined if there is none. */
export async function foreignObjects(
  place: StatePlace,
  pipeline: string,
  env: NodeJS.ProcessEnv,
): Promise<Said | undefined> {
  const bucket = new StateBucket(place, { env });
  try {
    const foreign = (await bucket.keys(`${pipeline}/`)).filter((key) => !isOwnKey(pipeline, key));
    if (foreign.length === 0) return undefined;
    const more = foreign.length > SHOWN ? ` and ${foreign.length - SHOWN} more` : "";
    return {
      severity: "error",
      place: PLACE,
      found: `${place.bucket} holds what is not of this pipeline: ${foreign.slice(0, SHOWN).join(", ")}${more}`,
      allowed: `under ${pipeline}/: states, their locks and their copies`,
      try: "name another bucket, or move those objects away",
    };
  } finally {
    bucket.destroy();
  }
}
