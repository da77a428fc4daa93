/**
 * Finds the operation of a REST request by its method, path template and the query keys of the
 * schemas' HTTP traits (`PUT /{Key+}?x-id=PutObject`).
 * @module
 */

import type { BoundOperation, Protocol } from "../operation.ts";
import { AwsError } from "../errors.ts";

/** The part of an operation that routing needs. */
type Routable = Pick<BoundOperation, "schema">;

/** A REST operation that a request matched, with its path labels decoded once. */
export interface Route<Operation extends Routable = BoundOperation> {
  readonly operation: Operation;
  readonly labels: ReadonlyMap<string, string>;
}

interface Template<Operation extends Routable> {
  readonly operation: Operation;
  readonly method: string;
  readonly segments: readonly string[];
  /** Required query keys with their values; an empty value means a bare key. */
  readonly query: readonly (readonly [string, string])[];
  /** A required header. */
  readonly header?: string;
}

/**
 * Query keys that choose an operation of S3: those of all operations in the SDK's schemas, also of
 * operations that are not here (a test in absent_test.ts calls them all). A request with one that no
 * template has is unsupported; without this list `DELETE /bucket/key?annotation` deletes the object.
 */
export const SUBRESOURCES: ReadonlySet<string> = new Set(
  ("abac accelerate acl analytics annotation attributes cors delete encryption " +
    "intelligent-tiering inventory legal-hold lifecycle location logging " +
    "metadataAnnotationTable metadataConfiguration metadataInventoryTable metadataJournalTable " +
    "metadataTable metrics notification object-lock ownershipControls partNumber policy " +
    "policyStatus publicAccessBlock renameObject replication requestPayment restore retention " +
    "select session tagging torrent uploadId uploads versioning versions website").split(" "),
);

/** Requirements of S3's operations that are not in their schemas' templates. */
const S3_NEEDS: Readonly<
  Record<string, { readonly query?: readonly string[]; readonly header?: string }>
> = {
  CopyObject: { header: "x-amz-copy-source" },
  UploadPart: { query: ["uploadId", "partNumber"] },
  UploadPartCopy: { query: ["uploadId", "partNumber"], header: "x-amz-copy-source" },
  CompleteMultipartUpload: { query: ["uploadId"] },
  AbortMultipartUpload: { query: ["uploadId"] },
  ListParts: { query: ["uploadId"] },
};

/** The router of a REST service's operations. S3's `{Bucket}` comes before the path of its schemas. */
export function restRouter<Operation extends Routable>(
  protocol: Protocol,
  operations: Iterable<Operation>,
) {
  const isS3 = protocol.kind === "restXml";
  const templates = [...operations]
    .map((operation) => templateOf(operation, isS3))
    // Templates with more requirements are tried first.
    .sort((a, b) =>
      b.query.length - a.query.length || Number(b.header !== undefined) -
        Number(a.header !== undefined) ||
      b.segments.length - a.segments.length
    );

  return (
    method: string,
    rawPath: string,
    { query, headers }: { readonly query: URLSearchParams; readonly headers: Headers },
  ): Route<Operation> | undefined => {
    // S3 reads a `+` in a path as a blank; its clients send a plus as `%2B`. Seen on S3 in
    // AdRoll/goamz issue 259, ex-aws/ex_aws issue 396 and nginx/nginx-s3-gateway issue 77.
    const path = isS3 ? rawPath.replaceAll("+", "%20") : rawPath;
    const segments = path.slice(1).split("/");
    const subresource = isS3 ? subresourceOf(method, query) : undefined;
    for (const template of templates) {
      if (template.method !== method) continue;
      if (template.header !== undefined && !headers.has(template.header)) continue;
      if (subresource && !template.query.some(([key]) => key === subresource)) continue;
      const asked = template.query.every(([key, value]) =>
        value === "" ? query.has(key) : query.get(key) === value
      );
      const labels = asked ? matchSegments(template.segments, segments) : undefined;
      if (labels) return { operation: template.operation, labels };
    }
    return undefined;
  };
}

/**
 * The query key that chooses an operation of S3. Throws InvalidArgument for two of them, and
 * MethodNotAllowed for HEAD, which has none, before anything is looked up. Measured in September 2026:
 * https://github.com/brekkylab/backlot, `tests/test_s3.py`.
 */
function subresourceOf(method: string, query: URLSearchParams): string | undefined {
  const found = [...new Set(query.keys())].filter((key) => SUBRESOURCES.has(key)).sort();
  // The number of a part goes with an upload; and a part of an object is read as the object is.
  const isRead = method === "GET" || method === "HEAD";
  const chosen = found.filter((key) => key !== "partNumber");
  if (chosen.length > 1) {
    throw new AwsError(
      "InvalidArgument",
      400,
      `Conflicting query string parameters: ${chosen.join(", ")}`,
      { fields: { ArgumentName: "ResourceType", ArgumentValue: chosen[0] } },
    );
  }
  if (method === "HEAD" && chosen.length > 0) {
    throw new AwsError(
      "MethodNotAllowed",
      405,
      "The specified method is not allowed against this resource.",
      { fields: { Method: method, ResourceType: chosen[0].toUpperCase() } },
    );
  }
  return chosen[0] ?? (isRead ? undefined : found[0]);
}

function templateOf<Operation extends Routable>(
  operation: Operation,
  isS3: boolean,
): Template<Operation> {
  const traits = operation.schema[3];
  if (typeof traits === "number" || !traits.http) {
    throw new Error(`${operation.schema[2]} has no HTTP binding`);
  }
  const [method, uri] = traits.http;
  const [path, literal = ""] = uri.split("?");
  const needs = isS3 ? S3_NEEDS[operation.schema[2]] : undefined;
  const query = [
    ...[...new URLSearchParams(literal)].filter(([key]) => key !== "x-id"),
    ...(needs?.query ?? []).map((key) => [key, ""] as const),
  ];
  const full = isS3 && operation.schema[2] !== "ListBuckets" ? `/{Bucket}${path}` : path;
  const { header } = needs ?? {};
  return {
    operation,
    method,
    query,
    header,
    segments: full.replace(/\/$/, "").slice(1).split("/"),
  };
}

function matchSegments(
  template: readonly string[],
  segments: readonly string[],
): ReadonlyMap<string, string> | undefined {
  const labels = new Map<string, string>();
  const trimmed = segments.at(-1) === "" && !template.at(-1)?.endsWith("+}")
    ? segments.slice(0, -1)
    : segments;
  for (const [index, part] of template.entries()) {
    const greedy = /^\{(\w+)\+\}$/.exec(part);
    if (greedy) {
      const rest = trimmed.slice(index).join("/");
      if (rest === "") return undefined;
      labels.set(greedy[1], decodeLabel(rest));
      return labels;
    }
    const label = /^\{(\w+)\}$/.exec(part);
    const segment = trimmed[index];
    if (segment === undefined) return part === "" ? labels : undefined;
    if (label) {
      if (segment === "") return undefined;
      labels.set(label[1], decodeLabel(segment));
    } else if (segment !== part) return undefined;
  }
  return trimmed.length === template.length || (trimmed.length === 0 && template.join("") === "")
    ? labels
    : undefined;
}

function decodeLabel(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw new AwsError("InvalidURI", 400, "Couldn't parse the specified URI.", {
      fields: { URI: text },
      cause,
    });
  }
}
