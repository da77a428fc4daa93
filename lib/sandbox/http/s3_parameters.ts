/**
 * What S3 does with query parameters and headers before it looks for the bucket: numbers that are
 * none, parameters of the other list, and the header whose text is kept as it comes.
 *
 * Sources: S3's answers of September 2026, measured by the project backlot
 * (https://github.com/brekkylab/backlot/issues/192, its `tests/test_s3.py`).
 * @module
 */

import { AwsError } from "../errors.ts";
import { invalidRequest } from "./body_errors.ts";

const INTEGER_MIN = -2_147_483_648;
const INTEGER_MAX = 2_147_483_647;

/**
 * Names whose value is any text, such as `0`. The model says that it is a time, but S3 keeps what it
 * gets: SDKs give it as `ExpiresString` (GetObjectOutput of client-s3 3.1173).
 */
const KEPT_AS_TEXT = new Set(["Expires", "response-expires"]);

/** Whether S3 keeps the text of the header or query parameter `name` as it comes. */
export const isKeptAsText = (name: string): boolean => KEPT_AS_TEXT.has(name);

/**
 * The whole number in a header or query parameter; undefined for an empty `max-…`, which is as good
 * as none. Throws InvalidArgument if it is no number, or if a `max-…` needs more than 32 bits.
 */
export function readS3Number(name: string, text: string): number | undefined {
  const isCount = name.startsWith("max-");
  if (isCount && text === "") return undefined;
  const value = /^-?\d+$/.test(text) ? Number(text) : NaN;
  const fits = isCount ? value >= INTEGER_MIN && value <= INTEGER_MAX : Number.isSafeInteger(value);
  if (fits) return value;
  throw invalidArgument(
    name === "partNumber"
      ? "Part number must be an integer between 1 and 10000, inclusive"
      : `Provided ${name} not an integer or within integer range`,
    { ArgumentName: name, ArgumentValue: text },
  );
}

/** Parameters that only the other version of the list has, with S3's texts. */
const FOREIGN_PARAMETERS: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  ListObjects: [
    [
      "continuation-token",
      "continuation-token only supported in REST.GET.BUCKET with list-type=2",
    ],
    ["start-after", "startAfter only supported in REST.GET.BUCKET with list-type=2"],
  ],
  ListObjectsV2: [["marker", "Marker unsupported with REST.GET.BUCKET in list-type=2"]],
};

/** Throws InvalidArgument for a parameter of the other version of ListObjects. */
export function checkParameters(operation: string, query: URLSearchParams): void {
  const found = FOREIGN_PARAMETERS[operation]?.find(([name]) => query.has(name));
  if (found) throw invalidArgument(found[1], { ArgumentName: found[0] });
}

/**
 * Throws InvalidRequest for a body where S3 wants none, as it does for CopyObject
 * (https://github.com/versity/versitygw/issues/1242, of 2025-04).
 */
export function checkNoBody(body: Uint8Array): void {
  if (body.length === 0) return;
  throw invalidRequest(
    "The request included a body. Requests of this type must not include a non-empty body.",
  );
}

const invalidArgument = (message: string, fields: Readonly<Record<string, string>>) =>
  new AwsError("InvalidArgument", 400, message, { fields });
