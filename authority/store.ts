/**
 * A folder with a CA of one's own, everything that it issued, and what is to be delivered of it:
 *
 *   ca.crt, crl.pem              CAs to trust, and their revocation lists
 *   NAME.crt, NAME.key           the newest pair of each name
 *   authorities/N.crt, N.crl     CA number N, and the list of what it revoked
 *   private/N.key                its key: nobody else needs it, so this folder may be a link to a place that is guarded better
 *   issued/NAME/N.crt, N.key     every pair ever issued
 *
 * The folder is its own index: a certificate says what it is, a revocation list what is revoked, and the first two rows are made
 * anew from the others by every command. So a command that is killed loses nothing: the next one finishes what is half done.
 */
import { X509Certificate } from "node:crypto";
import { existsSync, readdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { readIfThere, whileLocked, writeWhole } from "./files";
import {
  DAY_MS,
  fits,
  isKeyOf,
  issueLeaf,
  issueSelfSigned,
  type LeafSpec,
  makeAuthority,
  makeCrl,
  type Pair,
  readCrl,
  type Revocation,
  VALID_DAYS,
} from "./x509";

/** What ends sooner is renewed. */
export const RENEW_WITHIN_DAYS = 30;

/** A CA is followed by the next one while what it issues can still live its whole life. */
export const NEXT_AUTHORITY_WITHIN_DAYS = VALID_DAYS.leaf + RENEW_WITHIN_DAYS;

/** A certificate that somebody should have, under the name of its files. */
export interface Wanted extends LeafSpec {
  readonly name: string;
}

export interface Authority {
  /** From 1; the highest one issues. */
  readonly number: number;
  readonly x509: X509Certificate;
  /** Undefined when its list was lost, or its command killed: the next change makes it. */
  readonly crl?: { readonly text: string; readonly nextUpdate: Date; readonly revoked: readonly Revocation[] };
}

export interface Issued {
  readonly name: string;
  readonly number: number;
  readonly x509: X509Certificate;
  /** Undefined: signed by itself, or by a CA that is not here. */
  readonly authority: number | undefined;
  readonly revoked: boolean;
}

/** What a command did, for the person who asked. */
export interface Change {
  /** "sync-1 number 2". */
  readonly issued: readonly string[];
  readonly revoked: readonly string[];
  /** Files of the folder's top that are now others: what has to be delivered. */
  readonly files: readonly string[];
}

export const endOf = (x509: X509Certificate): Date => new Date(x509.validTo);

export class CertificateStore {
  /** @param now lets tests see the future */
  constructor(
    readonly folder: string,
    private readonly now: () => Date = () => new Date(),
  ) {}

  /** All CAs, oldest first. */
  authorities(): Authority[] {
    return numbered(this.path("authorities")).map((number) => {
      const text = readIfThere(this.path("authorities", `${number}.crl`));
      const x509 = readCertificate(this.path("authorities", `${number}.crt`));
      return { number, x509, ...(text === undefined ? {} : { crl: { text, ...readCrl(text) } }) };
    });
  }

  /** Everything issued, by name and number. */
  issued(): Issued[] {
    const authorities = this.authorities();
    const names = existsSync(this.path("issued")) ? readdirSync(this.path("issued")).sort() : [];
    return names.flatMap((name) =>
      numbered(this.path("issued", name)).map((number) => {
        const x509 = readCertificate(this.path("issued", name, `${number}.crt`));
        const issuer = authorities.find((each) => x509.verify(each.x509.publicKey));
        const revoked = issuer?.crl?.revoked.some(({ serial }) => serial === x509.serialNumber) ?? false;
        return { name, number, x509, authority: issuer?.number, revoked };
      }),
    );
  }

  /** Neither revoked nor ended, oldest first. */
  good(name: string): Issued[] {
    return this.issued().filter((each) => each.name === name && this.isGood(each));
  }

  isGood({ revoked, x509 }: Issued): boolean {
    return !revoked && endOf(x509) > this.now();
  }

  daysLeft(end: Date): number {
    return Math.floor((end.getTime() - this.now().getTime()) / DAY_MS);
  }

  /** CAs that must be trusted: the newest, and older ones as long as something good of theirs is about. */
  trusted(): Authority[] {
    const authorities = this.authorities();
    const inUse = new Set(this.issued().flatMap((each) => (this.isGood(each) ? [each.authority] : [])));
    const newest = authorities.at(-1)?.number;
    return authorities.filter(
      ({ number, x509 }) => number === newest || (inUse.has(number) && endOf(x509) > this.now()),
    );
  }

  /** Makes the first CA, or with `next` one more, that issues from then on. */
  async addAuthority(cn: string, next = false): Promise<Change> {
    return this.change(async () => {
      const last = this.authorities().at(-1)?.number ?? 0;
      if (last > 0 && !next)
        throw new Error(
          `${this.folder}: there is a CA already, number ${last}\n  try: aws2ncp certs status; a CA that follows it is made by: aws2ncp certs init --next`,
        );
      if (last === 0 && next)
        throw new Error(`${this.folder}: there is no CA that another could follow\n  try: aws2ncp certs init`);
      const number = Math.max(last, ...numbered(this.path("private"), ".key")) + 1;
      const pair = await makeAuthority(`${cn} ${number}`, this.now());
      writeWhole(this.path("private", `${number}.key`), pair.key);
      writeWhole(this.path("authorities", `${number}.crt`), pair.certificate);
      return { issued: [`CA number ${number}`], revoked: [] };
    });
  }

  /** Issues what is wanted and not there, made out to somebody else, or (with `again`) about to end; with "all" everything. */
  async issue(wanted: readonly Wanted[], again: "missing" | "ending" | "all"): Promise<Change> {
    return this.change(async () => {
      const issued: string[] = [];
      for (const spec of wanted) {
        const newest = this.good(spec.name).at(-1);
        const ending = newest !== undefined && this.daysLeft(endOf(newest.x509)) < RENEW_WITHIN_DAYS;
        const known = spec.use === "self" || newest?.authority !== undefined;
        const good = newest !== undefined && known && fits(newest.x509, spec);
        if (good && again !== "all" && !(ending && again === "ending")) continue;
        issued.push(await this.issueOne(spec));
      }
      return { issued, revoked: [], renewLists: again !== "missing" };
    });
  }

  /** Adds certificates to the revocation lists of their CAs. */
  async revoke(certificates: readonly Issued[], superseded: boolean): Promise<Change> {
    return this.change(async () => {
      for (const authority of this.authorities()) {
        const own = certificates.filter((each) => each.authority === authority.number && !each.revoked);
        if (own.length === 0) continue;
        const added = own.map(({ x509 }) => ({ serial: x509.serialNumber, at: this.now(), superseded }));
        await this.writeList(authority, [...(authority.crl?.revoked ?? []), ...added]);
      }
      return { issued: [], revoked: certificates.map(({ name, number }) => `${name} number ${number}`) };
    });
  }

  private async issueOne(spec: Wanted): Promise<string> {
    const pair = spec.use === "self" ? await issueSelfSigned(spec, this.now()) : await this.leafOf(spec);
    const folder = this.path("issued", spec.name);
    const number = Math.max(0, ...numbered(folder, ".key"), ...numbered(folder)) + 1;
    writeWhole(join(folder, `${number}.key`), pair.key);
    writeWhole(join(folder, `${number}.crt`), pair.certificate);
    return `${spec.name} number ${number}`;
  }

  private async leafOf(spec: Wanted): Promise<Pair> {
    const authority = this.authorities().at(-1);
    if (authority === undefined) throw new Error(`${this.folder}: there is no CA yet\n  try: aws2ncp certs init`);
    return issueLeaf(this.pairOf(authority), spec, this.now());
  }

  /** @throws Error when the CA's key is not there, or another one's */
  private pairOf({ number, x509 }: Authority): Pair {
    const path = this.path("private", `${number}.key`);
    const key = readIfThere(path);
    if (key === undefined || !isKeyOf(x509, key))
      throw new Error(
        `${path}: ${key === undefined ? "is missing" : "is another key"}: CA number ${number} signs with it\n` +
          "  try: put it back from where it is kept; looking at the state of things (certs status) needs no key",
      );
    return { certificate: x509.toString(), key };
  }

  private async writeList(authority: Authority, revoked: readonly Revocation[]): Promise<void> {
    const text = await makeCrl(this.pairOf(authority), revoked, this.now());
    writeWhole(this.path("authorities", `${authority.number}.crl`), text);
  }

  private async change(
    task: () => Promise<Omit<Change, "files"> & { readonly renewLists?: boolean }>,
  ): Promise<Change> {
    return whileLocked(this.folder, async () => {
      const { renewLists = false, ...done } = await task();
      for (const authority of this.trusted()) {
        const { crl } = authority;
        const ending = crl !== undefined && this.daysLeft(crl.nextUpdate) < RENEW_WITHIN_DAYS;
        if (crl === undefined && this.issued().some((each) => each.authority === authority.number))
          throw new Error(
            `${this.path("authorities", `${authority.number}.crl`)}: is missing: what CA number ${authority.number} revoked stands in it\n` +
              "  try: restore it from the folder's backup, or take its part of crl.pem",
          );
        if (crl === undefined || (renewLists && ending)) await this.writeList(authority, crl?.revoked ?? []);
      }
      return { ...done, files: this.place() };
    });
  }

  /** Makes the folder's top from what lies below; returns the files that changed. */
  private place(): string[] {
    const trusted = [...this.trusted()].reverse();
    const wanted = new Map<string, string>();
    if (trusted.length > 0) {
      wanted.set("ca.crt", trusted.map(({ x509 }) => x509.toString()).join(""));
      wanted.set("crl.pem", trusted.map(({ crl }) => crl?.text ?? "").join(""));
    }
    for (const name of new Set(this.issued().map((each) => each.name))) {
      const newest = this.good(name).at(-1);
      if (newest === undefined) continue;
      const key = readIfThere(this.path("issued", name, `${newest.number}.key`));
      if (key === undefined) throw new Error(`${this.path("issued", name, `${newest.number}.key`)}: is missing`);
      // The key first: a pair that does not belong together is refused at delivery.
      wanted.set(`${name}.key`, key).set(`${name}.crt`, newest.x509.toString());
    }
    const changed = [...wanted].filter(([file, text]) => readIfThere(this.path(file)) !== text);
    for (const [file, text] of changed) {
      this.keepForeignKey(file);
      writeWhole(this.path(file), text);
    }
    return changed.map(([file]) => file).sort();
  }

  /** A key that was put here by hand is in no other place of this folder: it is moved aside, never overwritten. */
  private keepForeignKey(file: string): void {
    const text = file.endsWith(".key") ? readIfThere(this.path(file)) : undefined;
    if (text === undefined) return;
    const folder = this.path("issued", file.slice(0, -".key".length));
    if (numbered(folder, ".key").some((number) => readIfThere(join(folder, `${number}.key`)) === text)) return;
    let copy = 1;
    while (existsSync(this.path(`${file}.kept-${copy}`))) copy += 1;
    renameSync(this.path(file), this.path(`${file}.kept-${copy}`));
  }

  private path(...parts: string[]): string {
    return join(this.folder, ...parts);
  }
}

/** Numbers of the files N.crt in a folder, ascending. */
function numbered(folder: string, suffix = ".crt"): number[] {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names
    .flatMap((name) => (name.endsWith(suffix) ? [Number(name.slice(0, -suffix.length))] : []))
    .filter(Number.isInteger)
    .sort((a, b) => a - b);
}

function readCertificate(path: string): X509Certificate {
  try {
    return new X509Certificate(readIfThere(path) ?? "");
  } catch {
    throw new Error(
      `${path}: is no certificate in PEM\n  try: restore the folder from its backup; every pair lies in it once, under issued/`,
    );
  }
}
