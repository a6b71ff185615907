/** What a person may have meant: the `try:` of an error. Undefined where nothing is near. */
import { closest, distance } from "fastest-levenshtein";

/** "Seoul" and "Asia/Soul" -> "write Asia/Seoul". */
export function suggestZone(value: string): string | undefined {
  const zones = ["UTC", ...Intl.supportedValuesOf("timeZone")];
  const lower = value.toLowerCase();
  const named = zones.find((zone) => zone.toLowerCase() === lower || zone.toLowerCase().endsWith(`/${lower}`));
  const near = named ?? closest(value, zones);
  return named !== undefined || distance(value, near) <= 3 ? `write ${near}` : undefined;
}

/** "http://s3.aws.test/" -> what stays of it. */
export function suggestHost(value: string): string | undefined {
  const [, scheme, host] = /^(https?):\/\/([A-Za-z0-9.-]+)/.exec(value) ?? [];
  if (host === undefined) return undefined;
  const never = scheme === "http" ? ": connections to it are TLS, plain http is never used" : "";
  return `write ${host.toLowerCase()}${never}`;
}

/** A name made to fit: lower case, hyphens for what is not allowed, cut to its length. */
export function suggestName(value: string, limit: { min: number; max: number; pattern: RegExp }): string | undefined {
  const plain = value.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  const fitting = plain.slice(0, limit.max).replace(/^[^a-z]+|-+$/g, "");
  return fitting.length >= limit.min && limit.pattern.test(fitting) ? `write one such as ${fitting}` : undefined;
}
