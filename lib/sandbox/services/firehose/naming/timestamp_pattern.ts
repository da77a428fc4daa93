/**
 * Timestamps in object keys: patterns of Java's DateTimeFormatter, in UTC or a custom time zone.
 * Follows `DateTimeFormatterBuilder.appendPattern` of Java 17: the letters that Firehose was seen
 * to refuse are those that Java refuses since 16.
 * @module
 */

import { Instant, ZonedDateTime, ZoneId } from "@js-joda/core";
import "@js-joda/timezone";
import { type Field, fieldOf } from "./timestamp_fields.ts";

/**
 * `epochMs` as `pattern` shows it in `zone`. Times have second precision: fractions come out as
 * zero (captured). Throws an `Error` for a pattern that {@linkcode checkPattern} refuses.
 */
export function formatTimestamp(pattern: string, epochMs: number, zone: string): string {
  const instant = Instant.ofEpochMilli(Math.floor(epochMs / 1000) * 1000);
  const moment = ZonedDateTime.ofInstant(instant, ZoneId.of(zone));
  return fieldsOf(pattern).map((field) => field(moment)).join("");
}

/**
 * Whether a pattern prints at any time of the year: padding (`pH`) that is too narrow for some
 * hours must not hold up deliveries, so that it is refused (assumed).
 */
export function checkPattern(pattern: string): "valid" | "invalid" {
  try {
    const hasPadding = fieldsOf(pattern) && pattern.includes("p");
    for (let day = 0; day < (hasPadding ? LEAP_YEAR_DAYS : 1); day++) {
      formatTimestamp(pattern, LEAP_YEAR_MS + day * DAY_AND_SOME_MS, "UTC");
    }
    return "valid";
  } catch {
    return "invalid";
  }
}

const LEAP_YEAR_MS = Date.UTC(2028, 0, 1);
const LEAP_YEAR_DAYS = 366;
/** Another day and another time of the day. */
const DAY_AND_SOME_MS = (24 * 3600 + 211) * 1000;

const compiled = new Map<string, readonly Field[]>();

function fieldsOf(pattern: string): readonly Field[] {
  const known = compiled.get(pattern);
  if (known) return known;
  const fields = compile(pattern);
  compiled.set(pattern, fields);
  return fields;
}

/** Throws a `SyntaxError` where Java throws an IllegalArgumentException. */
function compile(pattern: string): Field[] {
  const fields: Field[] = [];
  let depth = 0;
  let paddedWidth = 0;
  // A run of one letter, quoted text, or any other character.
  for (const [token] of pattern.matchAll(/([A-Za-z])\1*|'(?:[^']|'')*'|[^]/g)) {
    if (token.startsWith("p")) {
      paddedWidth = token.length;
      continue;
    }
    if (/^[A-Za-z]/.test(token)) {
      const field = fieldOf(token[0], token.length);
      fields.push(paddedWidth > 0 ? padded(field, paddedWidth) : field);
      paddedWidth = 0;
      continue;
    }
    if (paddedWidth > 0) throw new SyntaxError(`nothing to pad before ${token}`);
    // Optional sections: whatever they hold, a moment has it.
    if (token === "[") depth++;
    else if (token === "]") depth--;
    else fields.push(literal(token));
    if (depth < 0) throw new SyntaxError("] without [");
  }
  if (paddedWidth > 0) throw new SyntaxError("nothing to pad at the end");
  return fields;
}

function literal(token: string): Field {
  if (token === "{" || token === "}" || token === "#") throw new SyntaxError(`reserved: ${token}`);
  if (token === "'") throw new SyntaxError("a quote that is not closed");
  const text = token.length > 1 ? token.slice(1, -1).replaceAll("''", "'") || "'" : token;
  return () => text;
}

function padded(field: Field, width: number): Field {
  return (moment) => {
    const text = field(moment);
    if (text.length > width) throw new RangeError(`"${text}" is wider than ${width}`);
    return text.padStart(width);
  };
}
