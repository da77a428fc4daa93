/**
 * The elements of a JSON array as their own text. To parse them and write them again would change numbers:
 * 1.0 to 1, and a large id to another one.
 * @module
 */

/** A text, a bracket or comma, blanks, or anything else. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[[\]{},]|\s+|[^\s"[\]{},]+/g;

/**
 * The elements of a text that is one valid JSON array, without blanks between their parts.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(elementsIn('[{"id": 12345678901234567890, "x": 1.0}, "a, b", []]'), [
 *   '{"id":12345678901234567890,"x":1.0}',
 *   '"a, b"',
 *   "[]",
 * ]);
 * ```
 */
export function elementsIn(array: string): string[] {
  const elements: string[] = [];
  let [depth, element] = [0, ""];
  for (const [token] of array.matchAll(TOKEN)) {
    if (token.trim() === "") continue;
    if (token === "]" || token === "}") depth--;
    const isBetween = depth === 1 && token === "," || depth === 0;
    if (!isBetween) element += token;
    else if (element !== "") {
      elements.push(element);
      element = "";
    }
    if (token === "[" || token === "{") depth++;
  }
  return elements;
}
