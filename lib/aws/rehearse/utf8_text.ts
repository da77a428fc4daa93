/**
 * Bytes as text, if they are UTF-8.
 * @module
 */

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The text, with its byte order mark; undefined for bytes that are not UTF-8: as text they would change. */
export function utf8Text(bytes: Uint8Array): string | undefined {
  try {
    return UTF8.decode(bytes);
  } catch {
    return undefined;
  }
}
