/** What is in a certificate folder, how long it still holds, and what has to be done about it. */
import {
  type CertificateStore,
  endOf,
  type Issued,
  NEXT_AUTHORITY_WITHIN_DAYS,
  RENEW_WITHIN_DAYS,
  type Wanted,
} from "../../authority/store";
import { fits } from "../../authority/x509";

export interface StatusRow {
  readonly kind: "CA" | "revocation list" | "server" | "client" | "self-signed";
  readonly name: string;
  readonly number: number;
  readonly serial?: string;
  /** ISO 8601, UTC. */
  readonly ends: string;
  readonly days: number;
  /** `current` is delivered next, `old` is still admitted. */
  readonly state: "current" | "old" | "revoked" | "ended";
}

export interface CertificateStatus {
  readonly folder: string;
  readonly rows: readonly StatusRow[];
  /** What has to be done, each with its command. */
  readonly problems: readonly string[];
}

export function statusOf(store: CertificateStore, wanted: readonly Wanted[]): CertificateStatus {
  const trusted = new Set(store.trusted().map(({ number }) => number));
  const authorities = store.authorities();
  const issued = store.issued();
  const rows = [
    ...authorities.flatMap(({ number, x509, crl }): StatusRow[] => {
      const old = number === authorities.at(-1)?.number ? "current" : "old";
      const state = trusted.has(number) ? old : "ended";
      const row = { name: "ca", number, state } as const;
      return [
        { kind: "CA", ...row, serial: x509.serialNumber, ...endAndDays(store, endOf(x509)) },
        ...(crl === undefined
          ? []
          : [{ kind: "revocation list", ...row, ...endAndDays(store, crl.nextUpdate) } as const]),
      ];
    }),
    ...issued.map((each): StatusRow => ({
      kind: kindOf(each),
      name: each.name,
      number: each.number,
      serial: each.x509.serialNumber,
      ...endAndDays(store, endOf(each.x509)),
      state: stateOf(store, each),
    })),
  ];
  const problems =
    authorities.length === 0
      ? ["there is no CA yet; try: aws2ncp certs init"]
      : [...rows.flatMap(problemWith), ...wanted.flatMap((spec) => problemFor(store, spec))];
  return { folder: store.folder, rows, problems };
}

/** The extended usage, of which one signed by itself has none: Node gives undefined then, whatever its types say. */
function kindOf({ x509 }: Issued): StatusRow["kind"] {
  const usage = x509.keyUsage as string[] | undefined;
  if (usage === undefined) return "self-signed";
  return usage.includes("1.3.6.1.5.5.7.3.1") ? "server" : "client";
}

const endAndDays = (store: CertificateStore, end: Date): Pick<StatusRow, "ends" | "days"> => ({
  ends: end.toISOString().replace(/\.\d+Z$/, "Z"),
  days: store.daysLeft(end),
});

function stateOf(store: CertificateStore, each: Issued): StatusRow["state"] {
  if (each.revoked) return "revoked";
  if (!store.isGood(each)) return "ended";
  return store.good(each.name).at(-1)?.number === each.number ? "current" : "old";
}

/** Old certificates may end in peace: the current one has taken over. A CA's list must hold as long as the CA is trusted. */
function problemWith({ kind, name, number, days, state }: StatusRow): string[] {
  if (kind === "CA" && state === "current" && days < NEXT_AUTHORITY_WITHIN_DAYS)
    return [
      `CA number ${number} ends in ${days} days, before a certificate issued today would; try: aws2ncp certs init --next`,
    ];
  if (kind === "revocation list" && state !== "ended" && days < RENEW_WITHIN_DAYS)
    return [
      `the revocation list of CA number ${number} ${ends(days)}: from then on port A refuses everybody; try: aws2ncp certs renew`,
    ];
  if (kind !== "CA" && state === "current" && days < RENEW_WITHIN_DAYS)
    return [`${name} number ${number} ${ends(days)}; try: aws2ncp certs renew`];
  return [];
}

const ends = (days: number): string => (days < 0 ? "has ended" : `ends in ${days} days`);

function problemFor(store: CertificateStore, spec: Wanted): string[] {
  const newest = store.good(spec.name).at(-1);
  if (newest === undefined) return [`${spec.name} has no certificate that is good; try: aws2ncp certs issue`];
  if (fits(newest.x509, spec)) return [];
  return [
    `${spec.name} number ${newest.number} is made out to ${newest.x509.subjectAltName ?? "nobody"}, not to ${spec.names.join(", ")}; try: aws2ncp certs issue`,
  ];
}

/** The table that a person reads, problems last. */
export function statusInWords({ folder, rows, problems }: CertificateStatus): string {
  const table = [
    ["what", "name", "no.", "ends", "days", "state", "serial"],
    ...rows.map((row) => [
      row.kind,
      row.name,
      String(row.number),
      row.ends.slice(0, 10),
      String(row.days),
      row.state,
      row.serial ?? "",
    ]),
  ];
  const widths = (table[0] as string[]).map((_, column) => Math.max(...table.map((row) => (row[column] ?? "").length)));
  const lines = table.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] as number))
      .join("  ")
      .trimEnd(),
  );
  return [folder, ...lines.map((line) => `  ${line}`), ...problems.map((problem) => `! ${problem}`)].join("\n");
}
