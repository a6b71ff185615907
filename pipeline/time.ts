/** Dates, zones and schedules of the pipeline file. Zones are luxon's work, cron fields cron-parser's. */
import { CronExpressionParser } from "cron-parser";
import { DateTime, IANAZone } from "luxon";

export function isZone(text: string): boolean {
  return IANAZone.isValidZone(text);
}

/** Whether the text is a day of the calendar, "2020-01-01". */
export function isDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && DateTime.fromISO(text, { zone: "UTC" }).isValid;
}

/** The instant at which a day starts in a zone: ("2020-01-01", "Asia/Seoul") -> "2019-12-31T15:00:00Z". */
export function startOfDay(date: string, zone: string): string {
  return DateTime.fromISO(date, { zone }).toUTC().toISO({ suppressMilliseconds: true }) as string;
}

/** Five fields as Debian's and RedHat's cron read them; names, seconds and extensions such as L or # are refused. */
export function isCronExpression(text: string): boolean {
  if (!/^[0-9*/,-]+( [0-9*/,-]+){4}$/.test(text)) return false;
  try {
    CronExpressionParser.parse(text);
    return true;
  } catch {
    return false;
  }
}
