/**
 * JSON from outside, no deeper than one can walk through it: JSON.parse takes any depth, and a
 * function that calls itself for each level ends in "Maximum call stack size exceeded".
 * @module
 */

/** Brackets inside of each other. jq takes 256 of them, and no document that is explained has 64. */
const DEPTH_MAX = 512;

/** The value of a JSON text; undefined if it is not JSON, or deeper than {@linkcode DEPTH_MAX}. */
export function parseJson(text: string): { readonly value: unknown } | undefined {
  if (mayBeDeep(text) && depthOf(text) > DEPTH_MAX) return undefined;
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

/** Whether `text` has more opening brackets than a value may be deep: few have. */
function mayBeDeep(text: string): boolean {
  if (text.length <= DEPTH_MAX) return false;
  let count = 0;
  for (const bracket of "[{") {
    for (let at = text.indexOf(bracket); at >= 0; at = text.indexOf(bracket, at + 1)) {
      if (++count > DEPTH_MAX) return true;
    }
  }
  return false;
}

/** How deep the brackets outside of texts go. */
function depthOf(text: string): number {
  let [depth, deepest] = [0, 0];
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '"') at = endOfText(text, at);
    else if (character === "[" || character === "{") deepest = Math.max(deepest, ++depth);
    else if (character === "]" || character === "}") depth--;
  }
  return deepest;
}

/** The place of the quote that ends the text which begins at `start`. */
function endOfText(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return at;
}
