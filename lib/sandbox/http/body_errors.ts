/**
 * S3's errors for bodies that differ from their claims.
 * @module
 */

import { AwsError } from "../errors.ts";

export const incompleteBody = (options: ErrorOptions = {}) =>
  new AwsError(
    "IncompleteBody",
    400,
    "You did not provide the number of bytes specified by the Content-Length HTTP header",
    options,
  );

export const malformedTrailer = () =>
  new AwsError(
    "MalformedTrailerError",
    400,
    "The request contained trailing data that was not well-formed or did not conform to our " +
      "published schema.",
  );

export const invalidRequest = (message: string) => new AwsError("InvalidRequest", 400, message);

/** S3's answer to a header that it knows and does not support. */
export const notImplementedHeader = (header: string) =>
  new AwsError(
    "NotImplemented",
    501,
    "A header you provided implies functionality that is not implemented",
    { fields: { Header: header } },
  );
