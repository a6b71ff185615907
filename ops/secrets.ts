/** The secrets that a command needs, or why it can't begin. */
import type { Plan, SecretName } from "../pipeline/plan-types";
import { readSecrets, type Secrets } from "../pipeline/secrets";

/**
 * Those of the names that the pipeline file refers to.
 * @param root folder of the pipeline file
 * @throws with all that are missing or wrong; no value is in it
 */
export async function demandSecrets(
  plan: Pick<Plan, "secrets">,
  names: readonly SecretName[],
  root: string,
  signal: AbortSignal,
): Promise<Secrets> {
  const refs = plan.secrets.filter(({ name }) => names.includes(name));
  const { values, problems } = await readSecrets(refs, { root, signal });
  if (problems.length === 0) return values;
  throw new Error(
    [
      "secrets are missing or wrong; nothing was done",
      ...problems.map(
        ({ path, message, allowed }) =>
          `  ${path.join(".")}: ${message}${allowed === undefined ? "" : `; allowed: ${allowed}`}`,
      ),
      "  try: docs/secrets.md",
    ].join("\n"),
  );
}
