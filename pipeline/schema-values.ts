/** Values that stand in several places of the pipeline file, each with what is allowed and what to write instead. */
import { z } from "zod";
import { isAddress, isBlock, prefixOf } from "./cidr";
import { BUCKET_NAME, NETWORK_PREFIX } from "./limits";
import { suggestHost, suggestName, suggestZone } from "./suggest";
import { isCronExpression, isZone } from "./time";

/** What is allowed, for the error, and what to write instead of a value; zod carries both as it carries the title to editors. */
export const text = (
  allowed: string,
  test: (value: string) => boolean,
  suggest?: (value: string) => string | undefined,
) => z.string().refine(test, { params: { allowed, suggest }, error: allowed }).meta({ description: allowed });

export const named = (limit: { min: number; max: number; pattern: RegExp }, what: string) =>
  z
    .string()
    .refine((value) => value.length >= limit.min && value.length <= limit.max && limit.pattern.test(value), {
      params: {
        allowed: `${limit.min} to ${limit.max} characters that match ${limit.pattern.source}`,
        suggest: (value: string) => suggestName(value, limit),
      },
    })
    .meta({ description: what, minLength: limit.min, maxLength: limit.max, pattern: limit.pattern.source });

const HOST_NAME = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/;
export const hostName = text(
  "a host name in lower case, without scheme, port or path, such as s3.ap-northeast-2.amazonaws.com",
  (v) => HOST_NAME.test(v),
  suggestHost,
);
export const address = text("an IPv4 address such as 10.20.1.6", isAddress);
export const block = text("an IPv4 block whose host bits are zero, such as 10.20.0.0/16", isBlock);
export const network = text(
  `an IPv4 block whose host bits are zero, /${NETWORK_PREFIX.min} to /${NETWORK_PREFIX.max}, such as 10.20.1.0/24`,
  (v) => isBlock(v) && prefixOf(v) >= NETWORK_PREFIX.min && prefixOf(v) <= NETWORK_PREFIX.max,
);
export const bucket = named(BUCKET_NAME, "Name of a bucket; no dots, since port A admits virtual-host names only");
export const prefix = text(
  "empty, or a prefix that ends with / and does not start with it, such as event_log/",
  (v) => /^(|[^/\s][^\s]*\/)$/.test(v) && !v.includes("//"),
);
export const zone = text("a time zone by its IANA name, such as UTC or Asia/Seoul", isZone, suggestZone);
export const cron = text(
  "five cron fields of numbers, *, / , - and commas, read in UTC, such as 7 * * * *",
  isCronExpression,
  () => "write minute, hour, day of the month, month, day of the week; 7 * * * * is seven minutes past every hour",
);
