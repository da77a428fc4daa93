/**
 * S3's answers to requests that are none of its operations, such as a POST of an object. Each is an
 * answer of AWS that somebody published; the rule's comment names where.
 * @module
 */

import { AwsError } from "../errors.ts";
import { invalidRequest } from "./body_errors.ts";
import type { IncomingRequest } from "./incoming.ts";
import { SUBRESOURCES } from "./routes.ts";

type Parts = Pick<IncomingRequest, "method" | "rawPath" | "query" | "headers">;

/** What S3 answers to a request that no operation takes; undefined if its answer is not known. */
export function s3Refusal({ method, rawPath, query, headers }: Parts): AwsError | undefined {
  const [, bucket, key] = /^\/([^/]*)\/?(.*)$/s.exec(rawPath) ?? [];
  if (!bucket) return ofService(method);
  if (key) return ofObject(method, query);
  const isForm = headers.get("content-type")?.startsWith("multipart/form-data");
  return method === "POST" && !isForm && !hasSubresource(query) ? noForm() : undefined;
}

/** https://github.com/versity/versitygw/issues/1810 (2026-02). */
const ofService = (method: string) =>
  method === "POST" ? methodNotAllowed(method, "SERVICE", "GET") : undefined;

/** https://github.com/benjreinhart/react-native-aws3/issues/26 (2017). */
const noForm = () =>
  new AwsError(
    "PreconditionFailed",
    412,
    "At least one of the pre-conditions you specified did not hold",
    { fields: { Condition: "Bucket POST must be of the enclosure-type multipart/form-data" } },
  );

function ofObject(method: string, query: URLSearchParams): AwsError | undefined {
  // https://github.com/cinely/mule-uploader/issues/17 (2013), versity/versitygw issue 1597 (2025-10).
  if (method === "GET" && query.has("uploads")) {
    return invalidRequest("Key is not expected for the GET method ?uploads subresource");
  }
  // https://github.com/versity/versitygw/issues/1688 (2025-12).
  if (method === "GET" && query.has("versions")) {
    return invalidRequest("There is no such thing as the ?versions sub-resource for a key");
  }
  // https://github.com/versity/versitygw/issues/1236 (2025-04).
  if (method === "PUT" && query.has("uploadId") && !query.has("partNumber")) {
    return methodNotAllowed(method, "UPLOAD", "DELETE, POST, GET");
  }
  // https://github.com/versity/versitygw/issues/1226 (2025-04). The value is the name, as there.
  if (method === "PUT" && query.has("partNumber") && !query.has("uploadId")) {
    return new AwsError(
      "InvalidArgument",
      400,
      "This operation does not accept partNumber without uploadId",
      { fields: { ArgumentName: "partNumber", ArgumentValue: "partNumber" } },
    );
  }
  // https://github.com/versity/versitygw/issues/896 (2024-10), mhart/aws4fetch issue 14 (2020).
  if (method === "POST" && !hasSubresource(query)) return methodNotAllowed(method, "OBJECT");
  return undefined;
}

/** Whether the query names a part of a bucket or an object that has operations. */
const hasSubresource = (query: URLSearchParams) =>
  [...query.keys()].some((name) => SUBRESOURCES.has(name));

/** `allow` is the header's text, where it is known. */
const methodNotAllowed = (method: string, resourceType: string, allow?: string) =>
  new AwsError(
    "MethodNotAllowed",
    405,
    "The specified method is not allowed against this resource.",
    {
      fields: { Method: method, ResourceType: resourceType },
      headers: allow === undefined ? {} : { allow },
    },
  );
