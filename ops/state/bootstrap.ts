/** Makes or adopts the bucket that the states lie in: what must be there before Terraform's backend can start. */
import { hostname } from "node:os";
import { CreateBucketCommand, type S3Client } from "@aws-sdk/client-s3";
import { answerOf, stateClient } from "../../states/bucket";
import { proveLocking, type LockProof } from "../../states/proof";
import type { Plan, RemoteStatePlan } from "../../pipeline/plan-types";
import type { Said } from "../doctor/types";
import { isWell } from "../doctor/report";
import { lockVerdict, toWrite } from "./lock";
import { checksums, encryption, foreignObjects, ownership, PLACE, privacy } from "./look";

export interface Bootstrapped {
  /** Whether deploys may start as far as the states are concerned. */
  readonly ok: boolean;
  readonly bucket: string;
  readonly did: "made" | "adopted" | "would make" | "would adopt" | "refused";
  readonly findings: readonly Said[];
  /** Not with a dry run, which writes nothing. */
  readonly proof?: LockProof;
  /** What belongs under `state.remote`; the pipeline file itself is never changed. */
  readonly write?: readonly string[];
}

export interface BootstrapOptions {
  /** Look only. */
  readonly dryRun?: boolean;
  readonly env?: NodeJS.ProcessEnv;
  /** @default this machine's host name */
  readonly machine?: string;
}

/** @throws when the service can't be reached, or refuses the key */
export async function bootstrap(
  { name }: Pick<Plan, "name">,
  remote: RemoteStatePlan,
  { dryRun = false, env = process.env, machine = hostname() }: BootstrapOptions = {},
): Promise<Bootstrapped> {
  const client = stateClient(remote, { env });
  try {
    const profile = await checksums(remote);
    if (!well([profile])) return refused(remote, [profile]);
    const whose = await ownership(client, remote.bucket);
    if (whose === "foreign") return refused(remote, [takenByOthers(remote)]);
    if (whose === "free" && dryRun) return { ok: true, bucket: remote.bucket, did: "would make", findings: [] };
    if (whose === "free" && !(await made(client, remote.bucket))) return refused(remote, [takenByOthers(remote)]);

    const seen = [await privacy(client, remote, env), await foreignObjects(remote, name, env)];
    const findings = [profile, ...seen.filter((said) => said !== undefined)];
    if (!well(findings)) return refused(remote, findings);
    findings.push(await encryption(client, remote));
    if (dryRun) return { ok: well(findings), bucket: remote.bucket, did: "would adopt", findings };

    const proof = await proveLocking(remote, name, undefined, { env });
    findings.push(lockVerdict(remote, proof, machine));
    const did = whose === "free" ? "made" : "adopted";
    return { ok: well(findings), bucket: remote.bucket, did, findings, proof, write: toWrite(proof, machine) };
  } finally {
    client.destroy();
  }
}

const well = (findings: readonly Said[]): boolean => isWell(findings.map((said) => ({ check: "state", ...said })));

const refused = ({ bucket }: RemoteStatePlan, findings: readonly Said[]): Bootstrapped => ({
  ok: false,
  bucket,
  did: "refused",
  findings,
});

const takenByOthers = ({ bucket, profile }: RemoteStatePlan): Said => ({
  severity: "error",
  place: PLACE,
  found: `${bucket} belongs to another account than the key of profile ${profile}`,
  meaning: "bucket names are unique across all customers of the platform",
  allowed: "a bucket of your own, or a name that nobody has",
  try: "another name, such as COMPANY-aws2ncp-state; or the right key in that profile",
});

/** Makes it, private as buckets are unless told otherwise. False when somebody else has the name. */
async function made(client: S3Client, bucket: string): Promise<boolean> {
  try {
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
    return true;
  } catch (error) {
    if (answerOf(error).startsWith("BucketAlreadyExists")) return false;
    throw error;
  }
}
