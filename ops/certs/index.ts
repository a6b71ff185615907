/** `aws2ncp certs …`: the CA behind port A, and the certificates that it issues. */
import { existsSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { Command } from "commander";
import { CertificateStore, type Change, type Issued } from "../../authority/store";
import { loadPipeline } from "../../pipeline/load";
import { planOf } from "../../pipeline/plan";
import type { Plan, SecretRef } from "../../pipeline/plan-types";
import { WrongUse } from "../errors";
import { statusInWords, statusOf } from "./status";
import { secretsFrom, wantedOf } from "./wanted";

interface Options {
  readonly folder?: string;
  readonly json?: boolean;
}

interface Context {
  readonly plan: Plan;
  /** The pipeline file, as it was given. */
  readonly file: string;
  readonly store: CertificateStore;
}

const print = (text: string): void => void process.stdout.write(`${text}\n`);

function contextOf(file: string, options: Options): Context {
  const plan = planOf(loadPipeline(file));
  const folder = resolve(options.folder ?? join(dirname(resolve(file)), "certs"));
  return { plan, file, store: new CertificateStore(relative(process.cwd(), folder) || ".") };
}

/** Secrets whose content is now another: their versions say so to the next deploy. */
function toRaise({ plan }: Context, change: Change): SecretRef[] {
  const names = new Set(change.files.flatMap(secretsFrom));
  return plan.secrets.filter(({ name }) => names.has(name));
}

/** Where each secret's content lies now, when its reference does not lead there by itself. */
function toPut({ plan, file, store }: Context, change: Change): string[] {
  return change.files.flatMap((name) => {
    const path = join(store.folder, name);
    return plan.secrets
      .filter((ref) => secretsFrom(name).includes(ref.name))
      .filter(({ from }) => from !== `file:${relative(dirname(resolve(file)), resolve(path))}`)
      .map((ref) => `${path} to where secrets.${ref.name} is read from: ${ref.from}`);
  });
}

function tell(context: Context, change: Change, options: Options): void {
  const raise = toRaise(context, change);
  const put = toPut(context, change);
  if (options.json === true)
    return print(
      JSON.stringify({ ...change, put, raise: raise.map(({ name, version }) => ({ name, version })) }, null, 2),
    );
  const { issued, revoked, files } = change;
  for (const each of issued) print(`issued ${each}`);
  for (const each of revoked) print(`revoked ${each}`);
  if (files.length === 0) return print("nothing to do: everything is good and made out to the right hosts");
  print(`changed in ${context.store.folder}: ${files.join(", ")}`);
  for (const each of put) print(`put ${each}`);
  if (raise.length === 0) return;
  const versions = raise.map(({ name, version }) => `${name} ${version} -> ${version + 1}`);
  print(`raise the versions in ${context.file}: ${versions.join(", ")}; then: npx cdktf deploy '*'`);
}

async function init(context: Context, { next = false }: { readonly next?: boolean }): Promise<Change> {
  const made = await context.store.addAuthority(`${context.plan.name} CA`, next);
  // What the next CA issues is good only where it is trusted already: first it is delivered, then `renew --all`.
  if (next) return made;
  const issued = await context.store.issue(wantedOf(context.plan), "missing");
  return { issued: [...made.issued, ...issued.issued], revoked: [], files: [...made.files, ...issued.files] };
}

/** Certificates that a person names by their name or serial. */
export function named(store: CertificateStore, what: string, old: boolean): Issued[] {
  const serial = what.replaceAll(":", "").toUpperCase();
  const bySerial = store.issued().filter(({ x509 }) => x509.serialNumber === serial);
  if (bySerial.length > 0 && !old) return bySerial.filter(({ revoked }) => !revoked);
  const good = store.good(what);
  if (old) return good.slice(0, -1);
  if (good.length > 1)
    throw new WrongUse(
      `${what}: ${good.length} certificates of this name are good\n` +
        `  allowed: a serial: ${good.map(({ number, x509 }) => `${x509.serialNumber} (number ${number})`).join(", ")}\n` +
        `  try: aws2ncp certs revoke ${what} --old, which revokes all but the newest`,
    );
  if (good.length === 0 && bySerial.length === 0)
    throw new WrongUse(
      `${what}: no good certificate has this name or serial\n` +
        `  allowed: ${[...new Set(store.issued().map(({ name }) => name))].join(", ") || "none: nothing is issued"}\n` +
        "  try: aws2ncp certs status",
    );
  return good;
}

async function revoke(context: Context, what: string, old: boolean): Promise<Change> {
  const { store, plan } = context;
  if (!plan.secrets.some(({ name }) => name === "proxy_client_crl"))
    throw new Error(
      `${context.file}: secrets.proxy_client_crl is missing: without a revocation list port A would go on admitting ${what}\n` +
        `  try: add proxy_client_crl: { from: "file:${join(store.folder, "crl.pem")}", version: 1 } and deploy`,
    );
  const certificates = named(store, what, old);
  const own = certificates.find(({ authority }) => authority === undefined);
  if (own !== undefined)
    throw new WrongUse(
      `${own.name} number ${own.number}: no CA of this folder has issued it, so no list can revoke it\n` +
        "  try: aws2ncp certs renew --all, and deploy: the new pair takes its place",
    );
  return store.revoke(certificates, old);
}

/** Options and argument that every one of these commands has. */
function sub(name: string, description: string, example: string): Command {
  return new Command(name)
    .description(description)
    .option("--folder <folder>", "where the CA and its certificates are (default: certs beside the pipeline file)")
    .option("--json", "print one JSON document on standard output")
    .addHelpText("after", `\nExample:\n  $ ${example}`);
}

const PIPELINE = ["[pipeline]", "the pipeline file", "pipeline.yaml"] as const;

/** The `certs` command with all its own. */
export function certsCommand(): Command {
  const change = (command: Command, task: (context: Context, options: never) => Promise<Change>): Command =>
    command.argument(...PIPELINE).action(async (file: string, options: Options) => {
      const context = contextOf(file, options);
      tell(context, await task(context, options as never), options);
    });
  return new Command("certs")
    .description("the CA behind port A of the proxy: its certificates, their renewal and their revocation")
    .addCommand(
      change(
        sub("init", "make a CA and every certificate that the pipeline needs", "npx aws2ncp certs init"),
        init,
      ).option("--next", "one more CA, which is trusted beside the one that it follows"),
    )
    .addCommand(
      sub(
        "status",
        "say what there is and how long it holds; exit code 1 if something needs doing",
        "npx aws2ncp certs status",
      )
        .argument(...PIPELINE)
        .action((file: string, options: Options) => {
          const { plan, store } = contextOf(file, options);
          const found = statusOf(store, wantedOf(plan));
          print(options.json === true ? JSON.stringify(found, null, 2) : statusInWords(found));
          if (found.problems.length > 0) process.exitCode = 1;
        }),
    )
    .addCommand(
      change(
        sub(
          "issue",
          "issue what is missing or made out to other names, such as for a new host",
          "npx aws2ncp certs issue",
        ),
        ({ plan, store }) => store.issue(wantedOf(plan), "missing"),
      ),
    )
    .addCommand(
      change(
        sub(
          "renew",
          "issue what ends within 30 days again, revocation lists included",
          "npx aws2ncp certs renew --all",
        ),
        ({ plan, store }, { all }: { readonly all?: boolean }) =>
          store.issue(wantedOf(plan), all === true ? "all" : "ending"),
      ).option("--all", "everything, whenever it ends"),
    )
    .addCommand(
      sub("revoke", "have port A refuse a certificate from the next deploy on", "npx aws2ncp certs revoke sync-1 --old")
        .argument("<name-or-serial>", "name of the host, or serial of the certificate")
        .argument(...PIPELINE)
        .option("--old", "all certificates of this name but the newest, once its successor is delivered")
        .action(async (what: string, file: string, options: Options & { readonly old?: boolean }) => {
          const context = contextOf(file, options);
          if (!existsSync(join(context.store.folder, "authorities")))
            throw new Error(`${context.store.folder}: there is no CA yet\n  try: aws2ncp certs init`);
          tell(context, await revoke(context, what, options.old === true), options);
        }),
    );
}
