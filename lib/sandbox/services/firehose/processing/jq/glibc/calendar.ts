/**
 * C's `struct tm` and its calendar, in UTC: the part of glibc that `strptime` and `strftime` share.
 * Measured with Debian 12's glibc 2.36, which jq 1.6 calls there.
 * @module
 */

/** A broken-down time, with C's units: `mon` from 0, `year` from 1900, `wday` from Sunday. */
export interface Tm {
  sec: number;
  min: number;
  hour: number;
  mday: number;
  mon: number;
  year: number;
  wday: number;
  yday: number;
}

export const WEEKDAYS = [
  "Sunday",
  "Monday",
  "Tuesday",
  "Wednesday",
  "Thursday",
  "Friday",
  "Saturday",
] as const;

export const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
] as const;

const DAYS_BEFORE_MONTH = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365] as const;

/** Whether February of `year` (counted from 0, not 1900) has 29 days. */
export const isLeapYear = (year: number): boolean =>
  year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

/** Days of `year` before the first of `mon`; `mon` 12 gives the length of the year. */
export function daysBeforeMonth(year: number, mon: number): number {
  return DAYS_BEFORE_MONTH[mon] + (mon > 1 && isLeapYear(year) ? 1 : 0);
}

/** Days from 1970-01-01 to the day of `tm`. Its month and day may be out of range. */
export function daysOf({ year, mon, mday }: Pick<Tm, "year" | "mon" | "mday">): number {
  const wholeYear = year + 1900 + Math.floor(mon / 12);
  const before = wholeYear - 1;
  const leapDays = Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400);
  const month = mon - 12 * Math.floor(mon / 12);
  return 365 * (wholeYear - 1970) + leapDays - 477 + daysBeforeMonth(wholeYear, month) + mday - 1;
}

/** Midnight of the day that is `days` after 1970-01-01. */
export function tmOfDays(days: number): Tm {
  let year = 1970 + Math.floor(days / 365.2425);
  const newYear = (of: number) => daysOf({ year: of - 1900, mon: 0, mday: 1 });
  if (newYear(year) > days) year--;
  if (newYear(year + 1) <= days) year++;
  const yday = days - newYear(year);
  const mon = monthOf(year, yday);
  return {
    sec: 0,
    min: 0,
    hour: 0,
    mday: yday - daysBeforeMonth(year, mon) + 1,
    mon,
    year: year - 1900,
    wday: (((days + 4) % 7) + 7) % 7,
    yday,
  };
}

/** The month in which day `yday` of `year` lies. A day outside the year counts as in the nearest month. */
export function monthOf(year: number, yday: number): number {
  let mon = 0;
  while (mon < 11 && daysBeforeMonth(year, mon + 1) <= yday) mon++;
  return mon;
}
