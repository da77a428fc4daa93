/**
 * What a header can hold: checked for parameters that become headers of a request or an answer.
 * @module
 */

import { AwsError } from "./errors.ts";

/** The text of a header: Latin-1, and no control character but the tab. */
const HEADER_TEXT = /^[\t -~\u0080-\u00ff]*$/;

/** Throws InvalidArgument for a parameter that would become a header and cannot. */
export function checkHeaderText(name: string, value: string): void {
  if (HEADER_TEXT.test(value)) return;
  // AWS's text for letters beyond Latin-1; that it is the same for control characters is assumed.
  throw new AwsError(
    "InvalidArgument",
    400,
    "Header value cannot be represented using ISO-8859-1.",
    { fields: { ArgumentName: name, ArgumentValue: value } },
  );
}
