/**
 * Timestamps in object keys: patterns of Java's DateTimeFormatter, in UTC or a custom time zone.
 * Loaded when the first stream needs it: time zones and names take 0.2 s to load.
 * @module
 */

import { DateTimeFormatter, Instant, ZonedDateTime, ZoneId } from "@js-joda/core";
import "@js-joda/timezone";
import { Locale } from "@js-joda/locale_en";

const formatters = new Map<string, DateTimeFormatter>();

/**
 * `epochMs` as `pattern` shows it in `zone`. Times have second precision: fractions come out as
 * zero (captured). Throws an `Error` for a pattern that {@linkcode checkPattern} refuses.
 */
export function formatTimestamp(pattern: string, epochMs: number, zone: string): string {
  const instant = Instant.ofEpochMilli(Math.floor(epochMs / 1000) * 1000);
  return formatterOf(pattern).format(ZonedDateTime.ofInstant(instant, ZoneId.of(zone)));
}

/** What is wrong with a pattern; `unsupported` is what Java formats and the sandbox does not. */
export function checkPattern(pattern: string): "valid" | "invalid" | "unsupported" {
  try {
    formatTimestamp(pattern, 0, "UTC");
    return "valid";
  } catch {
    // Java's letters that js-joda lacks: period of the day, modified Julian day, generic zone name.
    const withoutQuoted = pattern.replace(/'[^']*'/g, "");
    return /[Bgv]/.test(withoutQuoted) ? "unsupported" : "invalid";
  }
}

/**
 * Whether Firehose takes a zone: UTC, and zones of an old list that has `Asia/Calcutta` but not
 * `Asia/Kolkata`. Unicode's list has the same names, so that is what is asked here (assumed; the
 * captured names agree: `EST`, `Mars/Phobos`, `Asia/Kolkata`, `Europe/Kyiv` are refused).
 */
export function isTimeZone(zone: string): boolean {
  return zone === "UTC" || (zone.includes("/") && OLD_ZONES.has(zone));
}

const OLD_ZONES: ReadonlySet<string> = new Set(Intl.supportedValuesOf("timeZone"));

function formatterOf(pattern: string): DateTimeFormatter {
  const known = formatters.get(pattern);
  if (known) return known;
  const made = DateTimeFormatter.ofPattern(pattern).withLocale(Locale.US);
  formatters.set(pattern, made);
  return made;
}
