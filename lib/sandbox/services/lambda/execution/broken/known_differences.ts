/**
 * Functions of which the engines tell something else for a known reason: newer parts of V8 and Node
 * in Deno than in Node 20, which the next versions of Node have as well.
 * @module
 */

/** The reason, by the function's name. */
export const KNOWN_DIFFERENCES: Readonly<Record<string, string>> = {
  "throws a SyntaxError": "V8 adds line and column to JSON errors since Node 22",
  "requires wrong JSON": "V8 adds line and column to JSON errors since Node 22",
  "makes a Buffer too large": "Node 22 has a larger limit",
  "hashes with an unknown algorithm": "Deno names the algorithm",
  "asserts": "newer Node adds the member `diff`",
};
