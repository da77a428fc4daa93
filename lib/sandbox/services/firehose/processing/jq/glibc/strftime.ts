/**
 * glibc's `strftime` in the C locale and UTC, with its flags and widths. Pure. Follows the manual,
 * "Formatting Calendar Time" (https://sourceware.org/glibc/manual/2.36/html_node/Formatting-Calendar-Time.html);
 * what the manual leaves open was measured with jq 1.6 on Debian 12 (glibc 2.36).
 * @module
 */

import { daysOf, isLeapYear, MONTHS, type Tm, WEEKDAYS } from "./calendar.ts";

/** How one conversion is to be written. */
interface Spec {
  /** As in the format, from the last `%` on. */
  readonly text: string;
  readonly letter: string;
  readonly modifier: string;
  /** `_`, `-` or `0`: the last one given. */
  readonly pad: string;
  readonly width: number;
  readonly isUpper: boolean;
  readonly isCaseChanged: boolean;
}

interface NumberConversion {
  readonly digits: number;
  readonly value: (tm: Tm) => number;
  /** Whether blanks fill the digits up. */
  readonly isBlankPadded?: boolean;
  /** Modifiers that glibc refuses; absent means `E`. */
  readonly refused?: string;
}

const hour12 = (hour: number) => hour > 12 ? hour - 12 : hour === 0 ? 12 : hour;
const yearOf = (tm: Tm) => tm.year + 1900;

const NUMBERS: Readonly<Record<string, NumberConversion>> = {
  C: {
    digits: 1,
    value: (tm) => Math.trunc(yearOf(tm) / 100) - (yearOf(tm) % 100 < 0 ? 1 : 0),
    refused: "",
  },
  d: { digits: 2, value: ({ mday }) => mday },
  e: { digits: 2, value: ({ mday }) => mday, isBlankPadded: true },
  H: { digits: 2, value: ({ hour }) => hour },
  I: { digits: 2, value: ({ hour }) => hour12(hour) },
  k: { digits: 2, value: ({ hour }) => hour, isBlankPadded: true },
  l: { digits: 2, value: ({ hour }) => hour12(hour), isBlankPadded: true },
  j: { digits: 3, value: ({ yday }) => 1 + yday },
  M: { digits: 2, value: ({ min }) => min },
  m: { digits: 2, value: ({ mon }) => mon + 1 },
  S: { digits: 2, value: ({ sec }) => sec },
  u: { digits: 1, value: ({ wday }) => (wday + 6) % 7 + 1, refused: "" },
  U: { digits: 2, value: ({ yday, wday }) => Math.trunc((yday - wday + 7) / 7) },
  W: { digits: 2, value: ({ yday, wday }) => Math.trunc((yday - (wday + 6) % 7 + 7) / 7) },
  V: { digits: 2, value: (tm) => isoWeekOf(tm).week },
  g: { digits: 2, value: (tm) => (isoWeekOf(tm).year % 100 + 100) % 100 },
  G: { digits: 1, value: (tm) => isoWeekOf(tm).year },
  w: { digits: 1, value: ({ wday }) => wday },
  Y: { digits: 1, value: yearOf, refused: "O" },
  y: { digits: 2, value: ({ year }) => (year % 100 + 100) % 100, refused: "" },
};

interface FormatConversion {
  readonly format: string;
  readonly refused: string;
}

const FORMATS: Readonly<Record<string, FormatConversion>> = {
  c: { format: "%a %b %e %H:%M:%S %Y", refused: "O" },
  D: { format: "%m/%d/%y", refused: "EO" },
  F: { format: "%Y-%m-%d", refused: "EO" },
  R: { format: "%H:%M", refused: "" },
  r: { format: "%I:%M:%S %p", refused: "" },
  T: { format: "%H:%M:%S", refused: "" },
  X: { format: "%H:%M:%S", refused: "O" },
  x: { format: "%m/%d/%y", refused: "O" },
};

interface TextConversion {
  readonly text: (tm: Tm) => string;
  readonly refused: string;
  /** What the flag `#` does. */
  readonly changedCase?: "upper" | "lower";
}

const TEXTS: Readonly<Record<string, TextConversion>> = {
  a: { text: ({ wday }) => shortName(WEEKDAYS, wday), refused: "EO", changedCase: "upper" },
  A: { text: ({ wday }) => WEEKDAYS[wday] ?? "?", refused: "EO", changedCase: "upper" },
  b: { text: ({ mon }) => shortName(MONTHS, mon), refused: "E", changedCase: "upper" },
  B: { text: ({ mon }) => MONTHS[mon] ?? "?", refused: "E", changedCase: "upper" },
  h: { text: ({ mon }) => shortName(MONTHS, mon), refused: "E", changedCase: "upper" },
  n: { text: () => "\n", refused: "" },
  P: { text: ({ hour }) => hour > 11 ? "pm" : "am", refused: "", changedCase: "lower" },
  p: { text: ({ hour }) => hour > 11 ? "PM" : "AM", refused: "", changedCase: "lower" },
  t: { text: () => "\t", refused: "" },
  Z: { text: () => "UTC", refused: "", changedCase: "lower" },
  "%": { text: () => "%", refused: "EO" },
};

const shortName = (names: readonly string[], index: number) => names[index]?.slice(0, 3) ?? "?";

const SPEC = /%([_\-0^#]*)(\d*)([EO]?)([^]?)/g;

/**
 * `tm` as `format` says. Both texts hold one byte in each character; a conversion that glibc does
 * not know is written as it stands.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { tmOfDays } from "./calendar.ts";
 * assertEquals(strftime("%Y-%m-%d, %A", tmOfDays(19_675)), "2023-11-14, Tuesday");
 * ```
 */
export function strftime(format: string, tm: Tm): string {
  return format.replace(SPEC, (text, flags: string, width: string, modifier, letter) =>
    written({
      text: text.slice(text.lastIndexOf("%")),
      letter,
      modifier,
      pad: flags.replaceAll(/[#^]/g, "").at(-1) ?? "",
      width: Number(width),
      isUpper: flags.includes("^"),
      isCaseChanged: flags.includes("#"),
    }, tm));
}

function written(spec: Spec, tm: Tm): string {
  const { letter } = spec;
  const conversion = NUMBERS[letter] ?? FORMATS[letter] ?? TEXTS[letter];
  const refused = conversion ? conversion.refused ?? "E" : "";
  if (spec.modifier !== "" && refused.includes(spec.modifier)) return textWritten(spec.text, spec);
  if (letter in NUMBERS) return numberWritten(NUMBERS[letter], NUMBERS[letter].value(tm), spec);
  if (letter in FORMATS) return formatWritten(FORMATS[letter].format, spec, tm);
  if (letter in TEXTS) return textWritten(TEXTS[letter].text(tm), spec, TEXTS[letter].changedCase);
  if (letter === "s") return epochWritten(tm, spec);
  if (letter === "z") return offsetWritten(spec);
  return textWritten(spec.text, spec);
}

function textWritten(text: string, spec: Spec, changedCase?: "upper" | "lower"): string {
  const isLower = spec.isCaseChanged && changedCase === "lower" || spec.letter === "P";
  const isUpper = spec.isUpper || spec.isCaseChanged && changedCase === "upper";
  return filled(isLower ? text.toLowerCase() : isUpper ? asciiUpper(text) : text, spec);
}

/** C's `toupper` in the C locale: other bytes stay. */
const asciiUpper = (text: string) => text.replaceAll(/[a-z]/g, (letter) => letter.toUpperCase());

const filled = (text: string, { pad, width }: Spec) =>
  text.padStart(width, pad === "0" ? "0" : " ");

function formatWritten(format: string, spec: Spec, tm: Tm): string {
  const text = filled(strftime(format, tm), spec);
  return spec.isUpper ? text.toUpperCase() : text;
}

function numberWritten({ digits, isBlankPadded }: NumberConversion, value: number, spec: Spec) {
  const wanted = Math.max(digits, spec.width);
  const text = `${value}`;
  const isBlank = spec.pad === "_" || isBlankPadded && spec.pad === "";
  if (spec.pad === "-" || isBlank) return text.padStart(spec.pad === "-" ? spec.width : wanted);
  return value < 0 ? `-${text.slice(1).padStart(wanted - 1, "0")}` : text.padStart(wanted, "0");
}

function epochWritten(tm: Tm, spec: Spec): string {
  return filled(`${daysOf(tm) * 86_400 + tm.hour * 3600 + tm.min * 60 + tm.sec}`, spec);
}

/** The offset of UTC. The sign is filled up to the width, and so is the number. */
const offsetWritten = (spec: Spec) =>
  filled("+", spec) + numberWritten({ digits: 4, value: () => 0 }, 0, spec);

/** ISO 8601's week, and the year that it belongs to. */
function isoWeekOf(tm: Tm): { year: number; week: number } {
  const year = yearOf(tm);
  const days = isoWeekDays(tm.yday, tm.wday);
  if (days < 0) {
    const before = isoWeekDays(tm.yday + daysIn(year - 1), tm.wday);
    return { year: year - 1, week: weekOf(before) };
  }
  const after = isoWeekDays(tm.yday - daysIn(year), tm.wday);
  return after >= 0 ? { year: year + 1, week: weekOf(after) } : { year, week: weekOf(days) };
}

const daysIn = (year: number) => 365 + (isLeapYear(year) ? 1 : 0);
const weekOf = (days: number) => Math.trunc(days / 7) + 1;

/** Days from the Monday of the week with the year's first Thursday. */
const isoWeekDays = (yday: number, wday: number) => yday - (yday - wday + 382) % 7 + 3;
