/**
 * Text of somebody else's on a terminal: records, object keys and error messages may hold sequences
 * that move the cursor, change what stands there, or send keystrokes.
 * @module
 */

/**
 * C0 and C1 control characters, line separators, and marks that turn the direction of writing. A
 * single-byte 0x9B begins a sequence on some terminals as ESC [ does.
 */
const CONTROLS =
  // deno-lint-ignore no-control-regex -- those are meant
  /[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/**
 * `text` with every such character written as `\u001b`, except line feeds and tabs.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(terminalText("one\n\x1b[2Jtwo"), "one\n\\u001b[2Jtwo");
 * ```
 */
export function terminalText(text: string): string {
  return text.replace(
    CONTROLS,
    (found) => found === "\n" || found === "\t" ? found : escape(found),
  );
}

/** `text` as one line: line feeds become spaces, all else is as in {@linkcode terminalText}. */
export function terminalLine(text: string): string {
  return text.replace(CONTROLS, (found) => found === "\n" ? " " : escape(found));
}

const escape = (found: string) => `\\u${found.charCodeAt(0).toString(16).padStart(4, "0")}`;
