/**
 * Converts JSON to bytes and back.
 * @module
 */

/** The UTF-8 bytes of a value's JSON: what a record carries before base64. */
export function jsonBytes(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

/** The values of JSON lines; empty lines are skipped. Throws a `SyntaxError` that names the line. */
export function parseJsonLines(text: string): unknown[] {
  return text.split("\n").flatMap((line, index) => {
    if (line.trim() === "") return [];
    try {
      return [JSON.parse(line)];
    } catch (cause) {
      throw new SyntaxError(`line ${index + 1} is not one JSON document: ${line.slice(0, 60)}…`, {
        cause,
      });
    }
  });
}
