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
