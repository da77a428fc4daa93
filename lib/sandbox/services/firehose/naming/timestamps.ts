/**
 * Timestamps in object keys. Plain ones, such as the date path, are printed here; for all others
 * java.time's port is loaded, whose time zones and names take 0.2 s and 50 MiB.
 * @module
 */

/** Fields of UTC that every Java version prints alike, and how many letters each has. */
const FIELDS: Readonly<Record<string, (moment: Date) => number>> = {
  yyyy: (moment) => moment.getUTCFullYear(),
  MM: (moment) => moment.getUTCMonth() + 1,
  dd: (moment) => moment.getUTCDate(),
  HH: (moment) => moment.getUTCHours(),
  mm: (moment) => moment.getUTCMinutes(),
  ss: (moment) => moment.getUTCSeconds(),
};

/** A run of one letter, quoted text, or a character that no pattern gives a meaning. */
const TOKEN = /([A-Za-z])\1*|'[^']+'|[^A-Za-z'[\]{}#]/g;

/**
 * `epochMs` as `pattern` shows it in UTC; undefined if that takes more than plain fields, among
 * them years beyond 9999.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(plainTimestamp("'year='yyyy/MM/", 0), "year=1970/01/");
 * assertEquals(plainTimestamp("EEE", 0), undefined);
 * ```
 */
export function plainTimestamp(pattern: string, epochMs: number): string | undefined {
  const moment = new Date(epochMs);
  const year = moment.getUTCFullYear();
  if (!(year >= 0 && year <= 9999)) return undefined;
  let text = "";
  let read = 0;
  for (const [token, letter] of pattern.matchAll(TOKEN)) {
    read += token.length;
    if (letter === undefined) {
      text += token.startsWith("'") ? token.slice(1, -1) : token;
    } else {
      const field = FIELDS[token];
      if (!field) return undefined;
      text += String(field(moment)).padStart(token.length, "0");
    }
  }
  return read === pattern.length && !pattern.includes("''") ? text : undefined;
}

/**
 * `epochMs` as `pattern` shows it in `zone`. Rejects with an `Error` for a pattern that
 * {@linkcode checkPattern} refuses.
 */
export async function formatTimestamp(
  pattern: string,
  epochMs: number,
  zone: string,
): Promise<string> {
  const plain = zone === "UTC" ? plainTimestamp(pattern, epochMs) : undefined;
  if (plain !== undefined) return plain;
  const java = await import("./timestamp_pattern.ts");
  return java.formatTimestamp(pattern, epochMs, zone);
}

/** Whether a pattern prints at any time of the year. */
export async function checkPattern(pattern: string): Promise<"valid" | "invalid"> {
  if (plainTimestamp(pattern, 0) !== undefined) return "valid";
  const java = await import("./timestamp_pattern.ts");
  return java.checkPattern(pattern);
}
