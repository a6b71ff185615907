/** Names of buckets, which are unique across all customers of the platform. */
import type { Answer } from "../../platform";
import { head, reasonOf, stateEndpoint, trustOf, type Endpoint } from "../endpoints";
import type { Check, DoctorContext, Said } from "../types";

const isOurs = (answer: Answer | undefined): boolean => answer?.kind === "row" && typeof answer.row["id"] === "string";

const unasked = (name: string, place: string): Said => ({
  severity: "unknown",
  place,
  found: `${name} is not in this account; another customer may have it`,
  meaning: "the private endpoint is not reached from here, and no public one is named (state.remote.host)",
  try: "choose a name that nobody else would: your company's in it",
});

/** What the public endpoint says to somebody without a key: 404 where there is none, 200 or 403 where there is one. */
export async function askedOf(endpoint: Endpoint, name: string, place: string, context: DoctorContext): Promise<Said> {
  const { env, signal } = context;
  const trust = await trustOf(context);
  try {
    const { status } = await head(endpoint, { env, signal, path: `/${name}`, trust });
    if (status === 404) return { severity: "ok", place, found: `${name} is free` };
    if (status === 200 || status === 403)
      return { severity: "error", place, found: `${name} belongs to another account`, try: "another name" };
    return { severity: "unknown", place, found: `${endpoint.host} answers ${status} for ${name}` };
  } catch (error) {
    signal.throwIfAborted();
    return { severity: "unknown", place, found: `${endpoint.host} was not asked for ${name}: ${reasonOf(error)}` };
  }
}

export const buckets: Check = {
  name: "buckets",
  about: "the buckets' names are this account's or free",
  needs: ["platform"],
  deadlineMs: 300_000,
  queries: ({ plan }) =>
    Object.fromEntries(
      plan.buckets.map(({ name }) => [name, { type: "ncloud_objectstorage_bucket", config: { bucket_name: name } }]),
    ),
  run: async (context) => {
    const answers = await context.platform();
    const endpoint = stateEndpoint(context.plan);
    return Promise.all(
      context.plan.buckets.map(async ({ name, purpose }): Promise<Said> => {
        const place = purpose === "replaced" ? "buckets.replaced" : `datasets.${purpose}.target.bucket`;
        const answer = answers[name];
        if (answer?.kind === "failed")
          return { severity: "unknown", place, found: `the platform refuses the question: ${answer.message}` };
        if (isOurs(answer)) return { severity: "ok", place, found: `${name} is this account's` };
        return endpoint === undefined ? unasked(name, place) : askedOf(endpoint, name, place, context);
      }),
    );
  },
};
