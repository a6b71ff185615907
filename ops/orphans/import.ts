/** Takes orphans into the state: one by one, by Terraform's own import, and then a plan says what that leads to. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { wordsOf, type Diagnostic } from "../platform/diagnostics";
import { terraform, type TerraformResult } from "../platform/terraform";
import type { Finding, StackView } from "./types";

export interface Imported {
  readonly stack: string;
  readonly address: string;
  readonly importId: string;
  /**
   * `imported`: it is in the state. `absent`: it does not exist, so the next deploy makes it. `returned`: the plan would have
   * replaced it, so it was taken out of the state again. `failed`: Terraform refused. `waiting`: something before it failed.
   */
  readonly result: "imported" | "absent" | "returned" | "failed" | "waiting";
  /** Attributes that the next deploy changes in place. */
  readonly changes?: readonly string[];
  readonly note?: string;
}

export interface ImportOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Told of each as it ends. */
  readonly tell: (imported: Imported) => void;
}

/** What can be imported among findings. */
export const importable = (findings: readonly Finding[]): (Finding & { readonly importId: string })[] =>
  findings.filter(
    (finding): finding is Finding & { readonly importId: string } =>
      finding.verdict === "import" && finding.kind !== "refused" && finding.importId !== undefined,
  );

/** Imports a stack's findings in their order and stops at the first that fails; nothing on the platform is changed. */
export async function importAll(stack: StackView, findings: readonly Finding[], o: ImportOptions): Promise<Imported[]> {
  const results: Imported[] = [];
  const end = (imported: Imported): void => {
    results.push(imported);
    o.tell(imported);
  };
  for (const { address, importId, kind } of importable(findings)) {
    const base = { stack: stack.name, address, importId };
    if (results.some(({ result }) => result === "failed")) {
      end({ ...base, result: "waiting" });
      continue;
    }
    const ended = await run(stack, ["import", "-input=false", "-no-color", address, importId], o);
    if (ended.code === 0) end({ ...base, result: "imported" });
    else if (kind === "unseen" && ABSENT.test(ended.stdout + ended.stderr)) end({ ...base, result: "absent" });
    else end({ ...base, result: "failed", note: errorIn(ended) });
  }
  return results.some(({ result }) => result === "imported") ? plannedAfter(stack, results, o) : results;
}

/** As Terraform says it, and as the sandbox's platform does. */
const ABSENT = /Cannot import non-existent remote object|there is none with the import id/;

const run = ({ folder }: StackView, args: readonly string[], { env }: ImportOptions): Promise<TerraformResult> =>
  terraform(args, { cwd: folder, env });

/** The error's own words, without Terraform's frame around them. */
function errorIn({ stdout, stderr }: TerraformResult): string {
  const text = `${stdout}\n${stderr}`.replaceAll(/[│╷╵]/g, "");
  const at = text.indexOf("Error: ");
  return text
    .slice(at === -1 ? 0 : at + "Error: ".length)
    .replaceAll(/\s+/g, " ")
    .trim();
}

interface ShownPlan {
  readonly resource_changes?: readonly {
    readonly address: string;
    readonly change: {
      readonly actions: readonly string[];
      readonly before: Readonly<Record<string, unknown>> | null;
      readonly after: Readonly<Record<string, unknown>> | null;
      readonly after_unknown: Readonly<Record<string, unknown>>;
    };
  }[];
}

/** What the next deploy would do to each; what it would replace goes out of the state again. */
async function plannedAfter(stack: StackView, results: readonly Imported[], o: ImportOptions): Promise<Imported[]> {
  const file = join(stack.folder, "orphans.tfplan");
  try {
    const ended = await run(stack, ["plan", "-input=false", "-no-color", "-json", `-out=${file}`], o);
    if (ended.code !== 0) return await afterFailedPlan(stack, results, ended, o);
    const shown = await run(stack, ["show", "-json", "-no-color", file], o);
    const { resource_changes: changes = [] } = JSON.parse(shown.stdout) as ShownPlan;
    const byAddress = new Map(changes.map(({ address, change }) => [address, change]));
    return await Promise.all(
      results.map(async (each): Promise<Imported> => {
        const change = byAddress.get(each.address);
        if (each.result !== "imported" || change === undefined) return each;
        if (change.actions.includes("delete")) return returned(stack, each, "the next deploy would replace it", o);
        const names = Object.keys(change.after ?? {}).filter(
          (name) => JSON.stringify(change.after?.[name]) !== JSON.stringify(change.before?.[name]),
        );
        return change.actions.includes("update") ? { ...each, changes: names.sort() } : each;
      }),
    );
  } finally {
    rmSync(file, { force: true });
  }
}

/** `prevent_destroy` fails the whole plan: it names the resource that would have been replaced. */
async function afterFailedPlan(
  stack: StackView,
  results: readonly Imported[],
  { stdout, stderr, code }: TerraformResult,
  o: ImportOptions,
): Promise<Imported[]> {
  const errors = stdout.split("\n").flatMap((line) => {
    if (!line.startsWith("{")) return [];
    const { diagnostic } = JSON.parse(line) as { readonly diagnostic?: Diagnostic };
    return diagnostic?.severity === "error" ? [diagnostic] : [];
  });
  const words = errors.map(wordsOf);
  const back = results.filter(
    ({ address, result }) =>
      result === "imported" && words.some((text) => text.includes("prevent_destroy") && text.includes(`${address} `)),
  );
  if (back.length === 0)
    throw new Error(
      `${stack.name}: imported, but the plan after it fails: ${words.join("; ") || errorIn({ stdout, stderr, code })}\n` +
        `  try: mend that, then: npx cdktf diff ${stack.name}`,
    );
  const rest = new Map<string, Imported>();
  for (const each of back) rest.set(each.address, await returned(stack, each, "the next deploy would replace it", o));
  const now = results.map((each) => rest.get(each.address) ?? each);
  return now.some(({ result }) => result === "imported") ? plannedAfter(stack, now, o) : now;
}

/** Only the state forgets it; on the platform it stays as it is. */
async function returned(stack: StackView, imported: Imported, why: string, o: ImportOptions): Promise<Imported> {
  const ended = await run(stack, ["state", "rm", imported.address], o);
  const again: Imported =
    ended.code === 0
      ? { ...imported, result: "returned", note: `${why}: it is not what is wanted; the state is as it was before` }
      : {
          ...imported,
          result: "failed",
          note: `${why}, and it could not be taken out of the state again: ${errorIn(ended)}; try: terraform state rm ${imported.address}`,
        };
  o.tell(again);
  return again;
}
