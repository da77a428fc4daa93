/**
 * Whether a payload is JSON: Lambda refuses what is not, with the words of its parser, Jackson.
 * @module
 */

import { invalidRequestContent } from "../errors.ts";

const WANTED = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')";

/** Throws InvalidRequestContentException unless `payload` is JSON. */
export function checkJson(payload: Uint8Array): void {
  try {
    JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(payload));
  } catch (cause) {
    const refusal = invalidRequestContent(
      "Could not parse request body into json: Could not parse payload into json: " +
        complaint(payload),
    );
    refusal.cause = cause;
    throw refusal;
  }
}

/**
 * Jackson's text, as captured for a first character that begins no value. For the other faults
 * the kind is Jackson's and the place is not given.
 */
function complaint(payload: Uint8Array): string {
  const [first] = payload;
  const word = /^[A-Za-z_]\w*/.exec(new TextDecoder().decode(payload.subarray(0, 64)))?.[0];
  const source = " at [Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` " +
    "disabled); line: 1, column: 1]";
  if (word) return `Unrecognized token '${word}': was expecting ${WANTED}\n${source}`;
  if (!'{["-0123456789'.includes(String.fromCharCode(first))) {
    const isControl = first < 32 || first > 126;
    const shown = isControl ? "CTRL-CHAR" : `'${String.fromCharCode(first)}'`;
    const opened = isControl ? `(${shown}, code ${first})` : `${shown} (code ${first})`;
    return `Unexpected character (${opened}): expected a valid value ${WANTED}\n${source}`;
  }
  return "Unexpected end-of-input or character within the value";
}
