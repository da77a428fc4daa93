/**
 * Values as text. JSON alone would hide some: it writes NaN and Infinity as null, -0 as 0, leaves
 * out undefined, and refuses a BigInt.
 * @module
 */

/**
 * The value on one line, as it would be written in TypeScript.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(inspected([Infinity, -0, 5n, null, "a"]), '[ Infinity, -0, 5n, null, "a" ]');
 * ```
 */
export function inspected(value: unknown): string {
  return Deno.inspect(value, {
    breakLength: Infinity,
    compact: true,
    depth: 8,
    iterableLimit: 1_000,
    strAbbreviateSize: 10_000,
  }).replaceAll("\n", " ");
}

/** The text, or its first characters and how many it has in all. */
export function cutTo(charactersMax: number, text: string): string {
  if (text.length <= charactersMax) return text;
  const [shown, all] = [charactersMax, text.length].map((count) => count.toLocaleString("en"));
  return `${text.slice(0, charactersMax)}… (the first ${shown} of ${all} characters)`;
}

/** Characters shown before the first difference. */
const BEFORE_DIFFERENCE = 60;

/**
 * Two texts to compare, each cut to about `charactersMax`: from the start if they differ there, else
 * from a little before the first difference.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const equal = "a".repeat(500);
 * const [came] = cutAround(100, `${equal}1`, `${equal}2`);
 * assertEquals(came, `(440 characters are equal) …${"a".repeat(60)}1`);
 * ```
 */
export function cutAround(charactersMax: number, one: string, other: string): [string, string] {
  let equal = 0;
  while (equal < one.length && one[equal] === other[equal]) equal++;
  if (equal < charactersMax - BEFORE_DIFFERENCE) {
    return [cutTo(charactersMax, one), cutTo(charactersMax, other)];
  }
  const from = equal - BEFORE_DIFFERENCE;
  const near = (text: string) => {
    const end = from + charactersMax;
    const rest = text.length > end ? "…" : "";
    return `(${from.toLocaleString("en")} characters are equal) …${text.slice(from, end)}${rest}`;
  };
  return [near(one), near(other)];
}
