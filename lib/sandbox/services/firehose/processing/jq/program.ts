/**
 * The jq program that a batch of records is run through: the query, and around it what keeps one
 * record's error to that record. Pure.
 * @module
 */

/**
 * Offset of jq's days in its 32 bits: -1, the day before 1970, would be an error to jq. It is not in
 * `core.ts`, which would load jq itself with the sandbox.
 */
export const MKTIME_BIAS_DAYS = 2 ** 30;

/**
 * What jq finds in one record: the values of the keys asked for; or its own words for an error.
 * Numbers and booleans come as text, as jq writes them, objects and arrays as `{}`.
 */
export type Extraction =
  | { readonly kind: "values"; readonly values: readonly unknown[] }
  | { readonly kind: "notOneResult"; readonly results: number }
  | { readonly kind: "error"; readonly message: string };

/** A longer value is cut before it is printed: no key may be so long. */
const VALUE_BYTES = 4096;
const MESSAGE_CHARACTERS = 500;

/** Each record runs on its own: it does not see the others, does not end the run, prints nothing. */
const ALONE = [
  'def input: error("No more inputs");',
  "def inputs: empty;",
  "def input_line_number: 0;",
  'def halt: error("halt is not allowed");',
  "def halt_error: error;",
  "def halt_error(f): error;",
];

const SECONDS_A_DAY = 86_400;
const DAYS_IN_400_YEARS = 146_097;
/** The seconds whose year fits a C `int`: all that glibc's `gmtime_r` takes. */
const [SECONDS_MIN, SECONDS_MAX] = [-67_768_040_609_740_800, 67_768_036_191_676_799];

/** {@linkcode ALONE} for dates: this build of jq has seconds of 32 bits, glibc's have 64. */
const DATES = [
  // The core counts days, from 1970 and within 400 years: see `core.ts`.
  "def glibc::gmtime: gmtime;",
  "def glibc::localtime: localtime;",
  "def glibc::mktime: mktime;",
  "def glibc::strftime(f): strftime(f);",
  "def glibc::strflocaltime(f): strflocaltime(f);",
  // C cuts seconds to whole ones, and jq adds the fraction above the next lower one.
  "def glibc::whole: if . < 0 then ceil else floor end;",
  "def glibc::broken_down: glibc::whole as $s",
  `| ($s / ${SECONDS_A_DAY} | floor) as $day`,
  `| ($day / ${DAYS_IN_400_YEARS} | floor) as $cycle`,
  `| ($s - $day * ${SECONDS_A_DAY}) as $rest | (. - floor) as $fraction`,
  `| $day - $cycle * ${DAYS_IN_400_YEARS} | glibc::gmtime`,
  "| .[0] += 400 * $cycle | .[3] = ($rest / 3600 | floor)",
  "| .[4] = ($rest / 60 | floor) % 60 | .[5] = $rest % 60 + $fraction;",
  `def glibc::is_time: . >= ${SECONDS_MIN} and . <= ${SECONDS_MAX};`,
  'def gmtime: if type != "number" then glibc::gmtime elif glibc::is_time then glibc::broken_down',
  'else error("errror converting number of seconds since epoch to datetime") end;',
  'def localtime: if type != "number" then glibc::localtime',
  "elif glibc::is_time then glibc::broken_down",
  'else error("error converting number of seconds since epoch to datetime") end;',
  "def mktime: . as $time",
  '| (if type == "array" and (.[0] | type) == "number" then .[0] |= . % 400 + 2000 else . end)',
  `| (glibc::mktime + ${MKTIME_BIAS_DAYS}) as $day`,
  "| ($time[0] / 400 | glibc::whole - 5) as $cycle | ($time[3:6] | map(glibc::whole)) as $t",
  `| ($day + $cycle * ${DAYS_IN_400_YEARS}) * ${SECONDS_A_DAY} + $t[0] * 3600 + $t[1] * 60 + $t[2]`,
  // jq 1.6 takes two moments for errors of its C library.
  '| if . == -1 then error("invalid gmtime representation")',
  'elif . == -2 then error("mktime not supported on this platform") else . end;',
  'def strftime($f): if type == "number" then gmtime else . end | glibc::strftime($f);',
  'def strflocaltime($f): if type == "number" then localtime else . end | glibc::strflocaltime($f);',
  'def fromdateiso8601: strptime("%Y-%m-%dT%H:%M:%SZ") | mktime;',
  'def todateiso8601: strftime("%Y-%m-%dT%H:%M:%SZ");',
  "def fromdate: fromdateiso8601;",
  "def todate: todateiso8601;",
];

/**
 * Functions of the C library that this build left out. For anything but a number they call a
 * function of the same kind, which has the words for that.
 */
const MATHEMATICS = [
  'def exp10: if type == "number" then pow(10; .) else exp2 end;',
  "def gamma: lgamma;",
  'def lgamma_r: if type == "number"',
  "then [lgamma, if . < 0 and (floor % 2 != 0) then -1 else 1 end] else frexp end;",
  'def modf: if type != "number" then frexp elif isinfinite then [copysign(0; .), .]',
  "else (if . < 0 then ceil else floor end) as $whole | [copysign(. - $whole; .), $whole] end;",
];

/** What stands before a query. One line: jq counts lines, and AWS's queries are on the second. */
const prelude = (nowMs: number): string =>
  [...ALONE, ...DATES, ...MATHEMATICS, `def now: ${nowMs / 1000};`].join(" ");

/** A program that compiles exactly if `query` does, and then prints all its results. */
export const plainProgram = (query: string, nowMs: number): string => `${prelude(nowMs)}\n${query}`;

/**
 * The program that prints one line for each record; {@linkcode extractionOf} reads it. Of results
 * two are printed at most, and of long values no more than shows that they are too long.
 */
export function batchProgram(query: string, keys: readonly string[], nowMs: number): string {
  const values = keys.map((key) => `.[${JSON.stringify(key)}]`).join(", ");
  return `${prelude(nowMs)}\ntry ([(${query}\n) | [(${values}) |
      if type == "string" then (if utf8bytelength > ${VALUE_BYTES} then .[0:${VALUE_BYTES}] else . end)
      elif type == "number" then (if isnan then null else tojson end)
      elif type == "object" or type == "array" then {}
      elif type == "boolean" then tojson
      else . end]] | .[0:2])
    catch {message: (if type == "string" then . else tojson end | .[0:${MESSAGE_CHARACTERS}])}`;
}

/** Reads one line of what {@linkcode batchProgram} prints. */
export function extractionOf(line: string): Extraction {
  const printed: unknown = JSON.parse(line);
  if (Array.isArray(printed)) {
    return printed.length === 1
      ? { kind: "values", values: printed[0] }
      : { kind: "notOneResult", results: printed.length };
  }
  const message = typeof printed === "object" && printed && "message" in printed
    ? String(printed.message)
    : line;
  return { kind: "error", message };
}
