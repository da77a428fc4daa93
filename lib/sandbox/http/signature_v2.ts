/**
 * Signature Version 2 in a query string: `aws s3 presign` and boto3 still use it for presigned URLs in
 * us-east-1. Follows "Signing and authenticating REST requests (AWS signature version 2)"
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/RESTAuthentication.html).
 * @module
 */

import { Buffer } from "node:buffer";
import { createHmac } from "node:crypto";
import { bucketOfHost } from "./host.ts";
import type { ClaimFault, SignatureCheck, SignatureClaim, SignedParts } from "./claim.ts";
import { isSameText } from "./same_text.ts";

/** Reads the claim; undefined if the query has none of this version. */
export function claimOfQueryV2(query: URLSearchParams): SignatureClaim | ClaimFault | undefined {
  const accessKeyId = query.get("AWSAccessKeyId");
  if (accessKeyId === null) return undefined;
  const signature = query.get("Signature");
  const expiresSeconds = Number(query.get("Expires") ?? NaN);
  if (signature === null || !Number.isSafeInteger(expiresSeconds) || expiresSeconds < 0) {
    return { fault: "incompleteQuery" };
  }
  return {
    version: 2,
    accessKeyId,
    // It has no region: it is for S3's global endpoint, which is us-east-1.
    scope: { date: "19700101", region: "us-east-1", service: "s3" },
    signedHeaders: [],
    signature,
    // It states its end, in seconds since the epoch, and not its beginning.
    amzDate: "19700101T000000Z",
    expiresSeconds,
    sessionToken: query.get("x-amz-security-token") ?? undefined,
  };
}

/** Query keys that are part of the resource that is signed. */
const RESOURCE_KEYS = new Set(
  ("accelerate acl analytics cors defaultObjectAcl delete inventory lifecycle location logging " +
    "metrics notification object-lock partNumber policy replication requestPayment " +
    "response-cache-control response-content-disposition response-content-encoding " +
    "response-content-language response-content-type response-expires restore select " +
    "select-type storageClass tagging torrent uploadId uploads versionId versioning versions " +
    "website").split(" "),
);

/** Recomputes the signature. */
export function checkSignatureV2(
  parts: SignedParts,
  claim: SignatureClaim,
  secretAccessKey: string,
): SignatureCheck {
  const { headers, method } = parts;
  const query = [...new URLSearchParams(parts.rawQuery.replaceAll("+", "%2B"))];
  const stringToSign = [
    method,
    headers.get("content-md5") ?? "",
    headers.get("content-type") ?? "",
    String(claim.expiresSeconds),
    ...amzLines(headers, query),
    resourceOf(parts, query),
  ].join("\n");
  const wanted = createHmac("sha1", secretAccessKey).update(stringToSign).digest("base64");
  const matches = isSameText(claim.signature, wanted);
  return { matches, stringToSign, canonicalRequest: "" };
}

/** `x-amz-*` of headers and query, by name. */
function amzLines(headers: Headers, query: readonly (readonly [string, string])[]): string[] {
  const sent = [...headers].map(([name, value]) => [name, sentText(value)] as const);
  const values = new Map([...query, ...sent].filter(([name]) => /^x-amz-/.test(name)));
  return [...values].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) =>
    `${name}:${value.trim()}`
  );
}

/** A header's value as text: its bytes are UTF-8, or Latin-1 when they are no UTF-8. */
function sentText(value: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.from(value, "latin1"));
  } catch {
    return value;
  }
}

/** The path with the bucket, and the query keys that choose a part of it. */
function resourceOf(
  { headers, rawPath }: SignedParts,
  query: readonly (readonly [string, string])[],
): string {
  const bucket = bucketOfHost(headers.get("host") ?? "");
  const keys = query.filter(([name]) => RESOURCE_KEYS.has(name))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => (value === "" ? name : `${name}=${value}`));
  const path = bucket === undefined ? rawPath : `/${bucket}${rawPath}`;
  return keys.length === 0 ? path : `${path}?${keys.join("&")}`;
}
