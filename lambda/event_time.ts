/**
 * Reads a document's own time. It must be RFC 3339 text with an offset: without one the hour would
 * depend on the machine, and a number could be seconds or milliseconds.
 * @module
 */

const RFC_3339 =
  /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.\d{1,9})?(?:[Zz]|([+-])(\d\d):(\d\d))$/;

/** The hour of a time, in UTC. Each part is padded with zeros. */
export interface UtcHour {
  readonly year: string;
  readonly month: string;
  readonly day: string;
  readonly hour: string;
}

/**
 * The UTC hour of an RFC 3339 time. Undefined if `text` is another form, names a day that does not
 * exist, has a leap second (`:60`), or is outside the years 0000 to 9999 in UTC.
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
