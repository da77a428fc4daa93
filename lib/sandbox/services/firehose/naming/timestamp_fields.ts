/**
 * The fields of a timestamp pattern, letter by letter: what Java's DateTimeFormatter (17) prints
 * for each. Most are js-joda's, a port of java.time; the others are what it lacks, or prints as
 * Java 8 did. Loaded when the first pattern needs it: time zones and names take 0.2 s and 50 MiB.
 * @module
 */

import { ChronoField, DateTimeFormatter, type ZonedDateTime } from "@js-joda/core";
import { Locale } from "@js-joda/locale_en-us";
import { abbreviationOf } from "./time_zones.ts";

/** Prints a field of a moment. */
export type Field = (moment: ZonedDateTime) => string;

/** The most digits of a number. */
const DIGITS_MAX = 19;
const NANOS_PER_SECOND = 1e9;
/** The modified Julian day of 1970-01-01. */
const EPOCH_JULIAN_DAY = 40_587;

/** What `letter`, `count` times, stands for. Throws an `Error` if it stands for nothing. */
export function fieldOf(letter: string, count: number): Field {
  switch (letter) {
    case "A":
      return number(count, (moment) => moment.get(ChronoField.MILLI_OF_DAY));
    case "N":
      // js-joda's limit for a number of digits is below that of nanoseconds.
      return number(count, (moment) => moment.toLocalTime().toSecondOfDay() * NANOS_PER_SECOND);
    case "g":
      return number(count, (moment) => moment.toLocalDate().toEpochDay() + EPOCH_JULIAN_DAY);
    case "D":
      return number(oneOf(count, [1, 2, 3]), (moment) => moment.dayOfYear());
    case "B":
      oneOf(count, [1, 4, 5]);
      return (moment) => dayPeriod(moment.hour() * 60 + moment.minute(), count);
    case "z":
      return oneOf(count, [1, 2, 3, 4]) === 4 ? longZone : shortZone;
    case "v":
      return oneOf(count, [1, 4]) === 4 ? longGenericZone : shortGenericZone;
    case "c":
    case "L":
      // js-joda has no standalone narrow names; in English they are the others.
      return javaTime(count === 5 ? NARROW[letter] : letter, count);
    case "u":
    case "y":
    case "Y": {
      digits(count);
      const year = javaTime(letter, Math.min(count, YEAR_DIGITS));
      return (moment) => year(moment).padStart(count, "0");
    }
    default:
      return javaTime(letter, count);
  }
}

const NARROW = { c: "e", L: "M" } as const;
/** Digits of a year; a longer field has zeros before it. */
const YEAR_DIGITS = 4;

function javaTime(letter: string, count: number): Field {
  const formatter = DateTimeFormatter.ofPattern(letter.repeat(count)).withLocale(Locale.US);
  return (moment) => formatter.format(moment);
}

function oneOf(count: number, counts: readonly number[]): number {
  if (!counts.includes(count)) throw new Error(`wrong number of pattern letters: ${count}`);
  return count;
}

function digits(count: number): number {
  if (count > DIGITS_MAX) throw new Error(`more than ${DIGITS_MAX} digits: ${count}`);
  return count;
}

function number(count: number, valueOf: (moment: ZonedDateTime) => number): Field {
  digits(count);
  return (moment) => String(valueOf(moment)).padStart(count, "0");
}

/** Unicode's periods of the English day. `count` is 1, 4 or, for the narrow form, 5. */
function dayPeriod(minute: number, count: number): string {
  if (minute === 0) return count === 5 ? "mi" : "midnight";
  if (minute === 12 * 60) return count === 5 ? "n" : "noon";
  const hour = minute / 60;
  if (hour >= 6 && hour < 12) return "in the morning";
  if (hour >= 12 && hour < 18) return "in the afternoon";
  return hour >= 18 && hour < 21 ? "in the evening" : "at night";
}

// --- names of time zones ----------------------------------------------------------------------

/** `EST`, `EDT`. */
function shortZone(moment: ZonedDateTime): string {
  return abbreviationOf(
    moment.zone().id(),
    isDaylightSaving(moment) ? "daylightSaving" : "standard",
  );
}

/** `ET`. */
function shortGenericZone(moment: ZonedDateTime): string {
  const abbreviation = abbreviationOf(moment.zone().id(), "standard");
  return abbreviation.length > 2 ? abbreviation.replace(/[SD]T$/, "T") : abbreviation;
}

/** `Eastern Standard Time`: Unicode's names, which change a little from year to year. */
function longZone(moment: ZonedDateTime): string {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: moment.zone().id(),
    timeZoneName: "long",
  });
  const parts = format.formatToParts(moment.toInstant().toEpochMilli());
  return parts.find(({ type }) => type === "timeZoneName")?.value ?? moment.zone().id();
}

/** `Eastern Time`. */
function longGenericZone(moment: ZonedDateTime): string {
  return longZone(moment).replace(/ (Standard|Summer|Daylight) /, " ");
}

/** Whether clocks are ahead of what they show in the other season of the same year. */
function isDaylightSaving(moment: ZonedDateTime): boolean {
  const offsets = [1, 7].map((month) =>
    moment.withDayOfMonth(1).withMonth(month).offset().totalSeconds()
  );
  return moment.offset().totalSeconds() > Math.min(...offsets);
}
