/**
 * Asks the platform through Terraform's data sources: the provider and the credentials of the deploy, so the answers are those
 * that a deploy will get, from the real platform and from the sandbox alike.
 */
import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { providerAddress } from "@cdktf/provider-ncloud/rules";
import { version } from "@cdktf/provider-ncloud/package.json";
import { lastWords, wordsOf, type Diagnostic } from "./diagnostics";
import { PlatformError, terraform, type TerraformOptions } from "./terraform";
import type { Answer, PlatformPlace, Queries } from "./types";

export interface QueryOptions {
  /** @default process.env */
  readonly env?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
  /**
   * Lock file of a stack, used as it is where there is one: a provider that the deploy would refuse is refused here too.
   * @default none
   */
  readonly lockFile?: string;
}

/**
 * One run of Terraform for all questions: a throw-away folder with a data source for each, planned and read. A data source that
 * fails stops no other, but Terraform then keeps no answers: those that failed are left out and the others asked again.
 * @throws PlatformError when nothing can be asked: no Terraform, no provider, no credentials
 */
export async function queryPlatform(
  place: PlatformPlace,
  queries: Queries,
  { env = process.env, signal, lockFile }: QueryOptions = {},
): Promise<Record<string, Answer>> {
  const keys = Object.keys(queries).sort();
  if (keys.length === 0) return {};
  const cwd = mkdtempSync(join(tmpdir(), "aws2ncp-platform-"));
  const options: TerraformOptions = { cwd, env, ...(signal === undefined ? {} : { signal }) };
  try {
    if (lockFile !== undefined && existsSync(lockFile)) copyFileSync(lockFile, join(cwd, ".terraform.lock.hcl"));
    const answers = new Map<string, Answer>();
    for (let round = 0; answers.size < keys.length; round++) {
      const asked = keys.filter((key) => !answers.has(key));
      writeFileSync(join(cwd, "main.tf.json"), configuration(place, queries, keys, asked));
      if (round === 0) await initialize(options);
      for (const [key, answer] of await ask(queries, keys, asked, options)) answers.set(key, answer);
    }
    refuseRefusedCredentials([...answers.values()]);
    return Object.fromEntries(keys.map((key) => [key, answers.get(key) as Answer]));
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}

/** Terraform's name for the question at a place in the sorted keys: the asker's own need not be one for Terraform. */
const labelOf = (index: number): string => `q${index}`;

function configuration(
  place: PlatformPlace,
  queries: Queries,
  keys: readonly string[],
  asked: readonly string[],
): string {
  const data: Record<string, Record<string, unknown>> = {};
  for (const key of asked) {
    const { type, config = {} } = queries[key] as Queries[string];
    (data[type] ??= {})[labelOf(keys.indexOf(key))] = config;
  }
  // In Terraform's JSON "${" and "%{" begin expressions; no question is one.
  return JSON.stringify({
    terraform: { required_providers: { ncloud: { source: providerAddress(), version } } },
    provider: { ncloud: { support_vpc: true, region: place.region, site: place.site } },
    data,
  }).replaceAll(/[$%](?=\{)/g, (sign) => sign + sign);
}

async function initialize(options: TerraformOptions): Promise<void> {
  const { code, stderr, stdout } = await terraform(["init", "-input=false", "-no-color", "-backend=false"], options);
  if (code === 0) return;
  throw new PlatformError(
    `the provider ncloud ${version} can't be had: ${lastWords(`${stdout}\n${stderr}`)}`,
    'see that this machine reaches registry.terraform.io or a mirror of it; for the sandbox: eval "$(npx aws2ncp sandbox env)"',
  );
}

interface ShownPlan {
  readonly prior_state?: {
    readonly values?: {
      readonly root_module?: {
        readonly resources?: readonly {
          readonly address: string;
          readonly values: Readonly<Record<string, unknown>>;
        }[];
      };
    };
  };
}

/** Every answer of a run without failures; else the failed ones, and the others are asked again. */
async function ask(
  queries: Queries,
  keys: readonly string[],
  asked: readonly string[],
  options: TerraformOptions,
): Promise<[string, Answer][]> {
  const keyAt = new Map(
    asked.map((key) => [`data.${(queries[key] as Queries[string]).type}.${labelOf(keys.indexOf(key))}`, key]),
  );
  const planned = await terraform(["plan", "-input=false", "-no-color", "-json", "-out=plan"], options);
  if (planned.code !== 0) return failures(planned.stdout, planned.stderr, keyAt);
  const shown = await terraform(["show", "-json", "-no-color", "plan"], options);
  const { prior_state: state } = JSON.parse(shown.stdout) as ShownPlan;
  const rows = new Map((state?.values?.root_module?.resources ?? []).map(({ address, values }) => [address, values]));
  return [...keyAt].map(([address, key]) => {
    const row = rows.get(address);
    if (row === undefined)
      throw new PlatformError(`terraform left ${address} unread`, "report this with terraform version");
    return [key, { kind: "row", row }];
  });
}

function failures(stdout: string, stderr: string, keyAt: ReadonlyMap<string, string>): [string, Answer][] {
  const found = diagnosticsIn(stdout);
  const answers = new Map<string, Answer>();
  for (const diagnostic of found) {
    const key = diagnostic.address === undefined ? undefined : keyAt.get(diagnostic.address);
    if (key !== undefined) answers.set(key, answerOf(diagnostic));
  }
  if (answers.size > 0) return [...answers];
  const [first] = found;
  const words = first === undefined ? lastWords(`${stdout}\n${stderr}`) : wordsOf(first);
  throw new PlatformError(`the platform can't be asked: ${words}`, nextFor(words));
}

/** Errors in the lines that `terraform plan -json` writes. */
function diagnosticsIn(stdout: string): Diagnostic[] {
  return stdout.split("\n").flatMap((line) => {
    if (!line.startsWith("{")) return [];
    const { diagnostic } = JSON.parse(line) as { readonly diagnostic?: Diagnostic };
    return diagnostic?.severity === "error" ? [diagnostic] : [];
  });
}

/** How data sources say that there is no such thing: ncloud 4.0.5's single objects, servers, interfaces, ACLs; the sandbox's. */
const NONE = /\bno results?\b|no matching .* found|NoSuchBucket|no ncloud_\w+ fits/i;

function answerOf(diagnostic: Diagnostic): Answer {
  const message = wordsOf(diagnostic);
  return NONE.test(message) ? { kind: "none" } : { kind: "failed", message };
}

/** The real provider sends keys only when it asks: wrong ones fail every question, each on its own. */
const REFUSED = /\b401\b|authentication|unauthori[sz]ed|invalid access key|signature/i;

function refuseRefusedCredentials(answers: readonly Answer[]): void {
  const refused = answers.flatMap((answer) =>
    answer.kind === "failed" && REFUSED.test(answer.message) ? [answer] : [],
  );
  if (refused.length < answers.length || refused[0] === undefined) return;
  throw new PlatformError(`the platform refuses the credentials: ${refused[0].message}`, CREDENTIALS);
}

const CREDENTIALS =
  "set NCLOUD_ACCESS_KEY and NCLOUD_SECRET_KEY to a key of the platform; then see that the clock is right: " +
  "npx aws2ncp doctor --only clock";

const nextFor = (words: string): string =>
  /access_?key|secret_?key|credential/i.test(words) || REFUSED.test(words)
    ? CREDENTIALS
    : "see that this machine reaches the platform's API: npx aws2ncp doctor --only reachability";
