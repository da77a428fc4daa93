/**
 * Reads an event's own time. Only RFC 3339 text, with its offset: a time without one would mean
 * another hour on every machine, and a number may be seconds or milliseconds.
 * @module
 */

const RFC_3339 =
  /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.\d{1,9})?(?:[Zz]|([+-])(\d\d):(\d\d))$/;

/** The hour that a time lies in, in UTC, each part padded with zeros. */
export interface UtcHour {
  readonly year: string;
  readonly month: string;
  readonly day: string;
  readonly hour: string;
}

/**
 * The UTC hour of an RFC 3339 time, or undefined where `text` is none, names a day that does not
 * exist, or falls out of the years 0000 to 9999 in UTC. A leap second (`:60`) counts as none.
 */
export function utcHourOf(text: string): UtcHour | undefined {
  const match = RFC_3339.exec(text);
  if (!match) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number);
  const [offsetHours, offsetMinutes] = [Number(match[8] ?? 0), Number(match[9] ?? 0)];
  if (hour > 23 || minute > 59 || second > 59 || offsetHours > 23 || offsetMinutes > 59) {
    return undefined;
  }
  const time = new Date(0);
  time.setUTCFullYear(year, month - 1, day); // Date.UTC would read the years 0 to 99 as 19xx
  if (time.getUTCMonth() !== month - 1 || time.getUTCDate() !== day) return undefined;
  const sign = match[7] === "-" ? -1 : 1;
  time.setUTCHours(hour - sign * offsetHours, minute - sign * offsetMinutes);
  const utcYear = time.getUTCFullYear();
  if (utcYear < 0 || utcYear > 9999) return undefined;
  return {
    year: `${utcYear}`.padStart(4, "0"),
    month: twoDigits(time.getUTCMonth() + 1),
    day: twoDigits(time.getUTCDate()),
    hour: twoDigits(time.getUTCHours()),
  };
}

function twoDigits(value: number): string {
  return `${value}`.padStart(2, "0");
}
