/**
 * A request as it was sent: the parts of its address, taken from the text, and its headers.
 * @module
 */

import type { Sender } from "../access/call_conditions.ts";
import type { SignedParts } from "./claim.ts";

/** A request with its address in parts. */
export interface IncomingRequest extends SignedParts {
  readonly request: Request;
  readonly sender: Sender;
  readonly query: URLSearchParams;
}

/** Splits a request's address into its parts, without decoding it. */
export function incomingOf(request: Request, sender: Sender): IncomingRequest {
  // From the text, since a URL object would resolve `..` and `//` in keys.
  const afterScheme = request.url.indexOf("//") + 2;
  const pathStart = request.url.indexOf("/", afterScheme);
  const target = pathStart < 0 ? "/" : request.url.slice(pathStart);
  const mark = target.indexOf("?");
  const rawPath = mark < 0 ? target : target.slice(0, mark);
  const rawQuery = mark < 0 ? "" : target.slice(mark + 1);
  const query = new URLSearchParams(rawQuery);
  const authority = request.url.slice(afterScheme, pathStart < 0 ? undefined : pathStart);
  const headers = withHost(request.headers, authority);
  return { request, sender, method: request.method, rawPath, rawQuery, query, headers };
}

/** HTTP/2 has the host in `:authority`, which Deno puts only into the address. */
function withHost(headers: Headers, authority: string): Headers {
  if (headers.has("host")) return headers;
  const whole = new Headers(headers);
  whole.set("host", authority);
  return whole;
}

/** The headers without checksums, for operations where they are not of the body. */
export function withoutChecksums(headers: Headers): Headers {
  return new Headers([...headers].filter(([name]) => !name.startsWith("x-amz-checksum-")));
}
