/**
 * Numbers, sizes, times, and foreign text, in words for people.
 * @module
 */

/** `1,234`. */
export const number = (value: number): string => value.toLocaleString("en");

/** `1 record`, `1,234 records`. */
export const count = (value: number, noun: string): string =>
  `${number(value)} ${noun}${value === 1 ? "" : "s"}`;

/** `512 bytes`, `1.4 KiB`, `6.0 MiB`. */
export function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} ${bytes === 1 ? "byte" : "bytes"}`;
  const units = ["KiB", "MiB", "GiB"];
  const power = Math.min(Math.floor(Math.log2(bytes) / 10), units.length);
  const value = bytes / 1024 ** power;
  const digits = value < 10 ? 1 : 0;
  return `${
    value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits })
  } ${units[power - 1]}`;
}

/** `4 s`, `2 min`; not below 0. */
export function duration(ms: number): string {
  const seconds = Math.max(0, ms / 1000);
  if (seconds < 1) return `${seconds.toFixed(1)} s`;
  if (seconds < 100) return `${Math.round(seconds)} s`;
  const minutes = seconds / 60;
  return minutes < 100 ? `${Math.round(minutes)} min` : `${Math.round(minutes / 60)} h`;
}

/** `12:34:56`, by the clock of the browser's place. */
export const clockTime = (ms: number): string =>
  new Date(ms).toLocaleTimeString("en-GB", { hour12: false });

/** Characters that are not to be seen, or turn the text around: they are shown by their number. */
const UNSEEN =
  // deno-lint-ignore no-control-regex
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

/** Text of others, such that one sees what is in it: `a⟨U+202E⟩b`. */
export function visible(text: string): string {
  return text.replace(UNSEEN, (character) => {
    const code = character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
    return `⟨U+${code}⟩`;
  });
}
