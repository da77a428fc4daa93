/**
 * A request as it came: its address taken from the text, who may send it at all, and the bucket
 * that its Host may name.
 * @module
 */

import { AwsError } from "../errors.ts";
import { checkHeaderText } from "../header_text.ts";
import type { SignedParts } from "./claim.ts";

/** A request with its address in parts. */
export interface IncomingRequest extends SignedParts {
  readonly request: Request;
  readonly query: URLSearchParams;
}

/** Takes a request's address apart, without decoding it. */
export function incomingOf(request: Request): IncomingRequest {
  // Taken from the text, not from a URL object: that would resolve `..` and `//` in keys.
  const afterScheme = request.url.indexOf("//") + 2;
  const pathStart = request.url.indexOf("/", afterScheme);
  const target = pathStart < 0 ? "/" : request.url.slice(pathStart);
  const mark = target.indexOf("?");
  const rawPath = mark < 0 ? target : target.slice(0, mark);
  const rawQuery = mark < 0 ? "" : target.slice(mark + 1);
  // A literal plus in a signed query is a plus: AWS decodes percent-encoding only.
  const query = new URLSearchParams(rawQuery.replaceAll("+", "%2B"));
  return { request, method: request.method, rawPath, rawQuery, query, headers: request.headers };
}

/**
 * Why a request is not answered, if it isn't from this machine's programs: another Host is DNS
 * rebinding, another Origin is a page of somebody else's.
 */
export function strangerFault(headers: Headers, port: number): AwsError | undefined {
  const host = headers.get("host") ?? "";
  const name = host.replace(/:\d+$/, "");
  const isOurs = ["127.0.0.1", "localhost", "[::1]"].includes(name) || name.endsWith(".localhost");
  if (!isOurs || (/:\d+$/.test(host) && !host.endsWith(`:${port}`))) {
    return stranger(
      `The sandbox answers to 127.0.0.1:${port} and localhost:${port} only, not to "${host}".`,
    );
  }
  const origin = headers.get("origin");
  if (origin === null || origin === `http://${host}`) return undefined;
  return stranger(`The sandbox does not answer pages of ${origin}.`);
}

const stranger = (message: string) => new AwsError("Forbidden", 403, message);

/**
 * `x-amz-*` in a presigned query act as headers, save a checksum: that is of an empty body. Throws
 * InvalidArgument for what no header can hold.
 */
export function withQueryHeaders({ headers, query }: IncomingRequest): Headers {
  const merged = new Headers(headers);
  for (const [name, value] of query) {
    if (!/^x-amz-[\w-]+$/.test(name) || /^x-amz-(checksum|sdk-checksum)-/.test(name)) continue;
    if (merged.has(name)) continue;
    checkHeaderText(name, value);
    merged.set(name, value);
  }
  return merged;
}

/** The headers without checksums: where those are not of the body. */
export function withoutChecksums(headers: Headers): Headers {
  return new Headers([...headers].filter(([name]) => !name.startsWith("x-amz-checksum-")));
}
