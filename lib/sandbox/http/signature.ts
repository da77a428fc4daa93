/**
 * Signature Version 4 on the server's side: reads a request's claim, and recomputes the signature from
 * the received bytes. Follows "Create a signed AWS API request"
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html).
 *
 * The SDK's own signer is not used here: it signs requests that it builds, while a verifier must take
 * path, query and headers exactly as they were sent.
 * @module
 */

import { Buffer } from "node:buffer";
import { createHash, createHmac } from "node:crypto";
import type { ClaimFault, SignatureCheck, SignatureClaim, SignedParts } from "./claim.ts";
import { isSameText } from "./same_text.ts";
import { claimOfQueryV2 } from "./signature_v2.ts";

const ALGORITHM = "AWS4-HMAC-SHA256";
const EXPIRES_SECONDS_MAX = 604_800;

/** Reads the claim from the Authorization header or from a presigned query. */
export function readClaim(parts: SignedParts): SignatureClaim | ClaimFault {
  const header = parts.headers.get("authorization");
  const query = new URLSearchParams(parts.rawQuery.replaceAll("+", "%2B"));
  if (header !== null) {
    const isPresigned = query.has("X-Amz-Algorithm") || query.has("Signature");
    return isPresigned ? { fault: "twoMechanisms", header } : claimOfHeader(header, parts.headers);
  }
  if ([...query.keys()].some((key) => key.startsWith("X-Amz-") && key !== "X-Amz-Date")) {
    return claimOfQuery(query);
  }
  return claimOfQueryV2(query) ?? { fault: "missing" };
}

function claimOfHeader(header: string, headers: Headers): SignatureClaim | ClaimFault {
  const fields = new Map<string, string>();
  for (const part of header.slice(header.indexOf(" ") + 1).split(",")) {
    const equals = part.indexOf("=");
    if (equals > 0) fields.set(part.slice(0, equals).trim(), part.slice(equals + 1).trim());
  }
  const credential = fields.get("Credential");
  const signature = fields.get("Signature");
  const signedHeaders = fields.get("SignedHeaders");
  if (!header.startsWith(`${ALGORITHM} `) || !credential || !signature || !signedHeaders) {
    const wanted = ["Credential", "Signature", "SignedHeaders"];
    return { fault: "incomplete", missing: wanted.filter((name) => !fields.get(name)), header };
  }
  const scope = parseCredential(credential);
  if (!scope) return { fault: "badCredential" };
  const amzDate = headers.get("x-amz-date") ?? basicFormat(headers.get("date"));
  if (!amzDate || !isAmzDate(amzDate)) return { fault: "noDate", service: scope.scope.service };
  return {
    ...scope,
    signedHeaders: signedHeaders.toLowerCase().split(";"),
    signature,
    amzDate,
    sessionToken: headers.get("x-amz-security-token") ?? undefined,
  };
}

function claimOfQuery(query: URLSearchParams): SignatureClaim | ClaimFault {
  const [algorithm, credential, signature, amzDate, signedHeaders, expires] = [
    "Algorithm",
    "Credential",
    "Signature",
    "Date",
    "SignedHeaders",
    "Expires",
  ].map((name) => query.get(`X-Amz-${name}`));
  if (!algorithm || !credential || !signature || !amzDate || !signedHeaders || !expires) {
    return { fault: "incompleteQuery" };
  }
  if (algorithm !== ALGORITHM) return { fault: "unknownAlgorithm" };
  const scope = parseCredential(credential);
  if (!scope) return { fault: "badQueryCredential" };
  const message = badTimes(amzDate, scope.scope.date, expires);
  if (message !== undefined) return { fault: "badQuery", message };
  const expiresSeconds = Number(expires);
  return {
    ...scope,
    signedHeaders: signedHeaders.toLowerCase().split(";"),
    signature,
    amzDate,
    sessionToken: query.get("X-Amz-Security-Token") ?? undefined,
    expiresSeconds,
  };
}

/**
 * What is wrong with the times of a presigned URL, in S3's words and order, as MinIO
 * (cmd/api-errors.go) and backlot, which measured S3 in September 2026, have them.
 */
function badTimes(amzDate: string, scopeDate: string, expires: string): string | undefined {
  if (!isAmzDate(amzDate)) {
    return `X-Amz-Date must be in the ISO8601 Long Format "yyyyMMdd'T'HHmmss'Z'"`;
  }
  const date = amzDate.slice(0, 8);
  if (date !== scopeDate) {
    return `Invalid credential date "${scopeDate}". This date is not the same as X-Amz-Date: ` +
      `"${date}".`;
  }
  if (!/^-?\d+$/.test(expires)) return "X-Amz-Expires should be a number";
  if (Number(expires) < 0) return "X-Amz-Expires must be non-negative";
  if (Number(expires) <= EXPIRES_SECONDS_MAX) return undefined;
  return "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires " +
    "must be less than 604800 seconds";
}

function parseCredential(credential: string): Pick<SignatureClaim, "accessKeyId" | "scope"> | null {
  // Access key ids hold no slash, so the last four parts are the scope.
  const match = /^([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request$/.exec(credential);
  if (!match) return null;
  const [, accessKeyId, date, region, service] = match;
  return { accessKeyId, scope: { date, region, service } };
}

function basicFormat(httpDate: string | null): string | undefined {
  const ms = httpDate === null ? NaN : Date.parse(httpDate);
  if (Number.isNaN(ms)) return undefined;
  return new Date(ms).toISOString().replace(/[-:]|\.\d{3}/g, "");
}

function isAmzDate(text: string): boolean {
  return /^\d{8}T\d{6}Z$/.test(text) && !Number.isNaN(amzDateMs(text));
}

/** The date that was read last: all requests of a second have the same. */
let lastDate = { text: "", ms: NaN };

/** Milliseconds since the epoch of `20260221T000000Z`. */
export function amzDateMs(amzDate: string): number {
  if (lastDate.text === amzDate) return lastDate.ms;
  const ms = Date.parse(
    amzDate.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"),
  );
  lastDate = { text: amzDate, ms };
  return ms;
}

/**
 * Recomputes the signature. `payloadHash` is the hex SHA-256 of the body, or for S3 the value of
 * `x-amz-content-sha256`.
 *
 * A header's bytes are taken as they were sent. Clients differ in two things that `Headers` does
 * not show, so each way is tried: whether the lines of a repeated header are joined by a comma, and
 * whether a letter beyond ASCII is signed as UTF-8 and sent as Latin-1.
 */
export function checkSignature(
  parts: SignedParts,
  claim: SignatureClaim,
  secretAccessKey: string,
  payloadHash: string,
): SignatureCheck {
  const key = signingKey(secretAccessKey, claim);
  let first: SignatureCheck | undefined;
  for (const text of canonicalRequests(parts, claim, payloadHash)) {
    for (const bytes of bytesOf(text)) {
      const hash = sha256Hex(bytes);
      const stringToSign = `${ALGORITHM}\n${claim.amzDate}\n${scopeText(claim)}\n${hash}`;
      const matches = isSameText(claim.signature, hmac(key, stringToSign).toString("hex"));
      if (matches) return { matches, canonicalRequest: text, stringToSign };
      first ??= { matches, canonicalRequest: Buffer.from(text, "latin1").toString(), stringToSign };
    }
  }
  return first ?? { matches: false, canonicalRequest: "", stringToSign: "" };
}

/** The canonical request, whose hash is signed, in every way that clients write its headers. */
function* canonicalRequests(
  parts: SignedParts,
  claim: Pick<SignatureClaim, "scope" | "signedHeaders">,
  payloadHash: string,
): Generator<string> {
  const values = claim.signedHeaders.map((name) => singleBlanks(signedValue(parts.headers, name)));
  const path = claim.scope.service === "s3" ? s3Path(parts.rawPath) : normalizedPath(parts.rawPath);
  const head = `${parts.method}\n${path}\n${canonicalQuery(parts.rawQuery)}\n`;
  const tail = `\n${claim.signedHeaders.join(";")}\n${payloadHash}`;
  for (const written of joinings(values)) {
    const headers = claim.signedHeaders.map((name, index) => `${name}:${written[index]}\n`);
    yield head + headers.join("") + tail;
  }
}

/**
 * The bytes that a canonical request may stand for. Every character of `Headers` is a byte that was
 * sent; everything else is ASCII, of which both readings are the same.
 */
function bytesOf(text: string): readonly (string | Uint8Array)[] {
  return IS_ASCII.test(text) ? [text] : [Buffer.from(text, "latin1"), text];
}

// deno-lint-ignore no-control-regex -- ASCII, control characters included
const IS_ASCII = /^[\x00-\x7f]*$/;

/** The value of a header that was signed; empty if it is absent or the name is malformed. */
function signedValue(headers: Headers, name: string): string {
  // HTTP/2's name for the host.
  if (name === ":authority") return headers.get("host") ?? "";
  return HEADER_NAME.test(name) ? headers.get(name) ?? "" : "";
}

/** A token: https://www.rfc-editor.org/rfc/rfc9110#name-tokens. */
const HEADER_NAME = /^[!#$%&'*+.^_`|~\w-]+$/;

/** A header's value with one blank for several. `Headers` keeps none around it. */
function singleBlanks(value: string): string {
  return value.includes("  ") ? value.replace(/ +/g, " ") : value;
}

/** With more commas than this, all are treated in the same way. */
const COMMAS_MAX = 6;

/**
 * The ways to read commas in `values`. A comma with a blank was either sent like that, or it joins two
 * lines of a header, as the SDKs for Go and Java send a list; then it is signed without the blank. The
 * unchanged text comes first.
 */
function* joinings(values: readonly string[]): Generator<readonly string[]> {
  yield values;
  const commas = values.join("\n").split(", ").length - 1;
  // Each bit of a way says whether its comma joins two lines.
  const ways = commas > COMMAS_MAX
    ? [-1]
    : Array.from({ length: 2 ** commas - 1 }, (_, n) => n + 1);
  for (const way of ways) {
    let comma = 0;
    yield values.map((value) =>
      value.replaceAll(", ", () => ((way >> Math.min(comma++, 31)) & 1) === 1 ? "," : ", ")
    );
  }
}

/** S3 encodes the path once and never normalises it. A `+` is a blank, as in the key. */
function s3Path(rawPath: string): string {
  const blanks = rawPath.replaceAll("+", "%20");
  return blanks.split("/").map((segment) => encode(decode(segment))).join("/") || "/";
}

/** All other services resolve dot segments and encode the encoded path once more. */
function normalizedPath(rawPath: string): string {
  const segments: string[] = [];
  for (const segment of rawPath.split("/")) {
    if (segment === "" || segment === ".") continue;
    if (segment === "..") segments.pop();
    else segments.push(encode(encode(decode(segment))));
  }
  const trailing = segments.length > 0 && rawPath.endsWith("/") ? "/" : "";
  return `/${segments.join("/")}${trailing}`;
}

/**
 * A `+` is a blank, as it is in the values that are read. S3 accepts addresses that were signed with
 * `%20` and sent with `+` (https://github.com/mhart/aws4fetch/issues/83; assumed for other services).
 */
function canonicalQuery(rawQuery: string): string {
  const pairs = rawQuery.replaceAll("+", "%20").split("&").filter((pair) => pair !== "").map(
    (pair) => {
      const equals = pair.indexOf("=");
      const [name, value] = equals < 0
        ? [pair, ""]
        : [pair.slice(0, equals), pair.slice(equals + 1)];
      return [encode(decode(name)), encode(decode(value))] as const;
    },
  );
  return pairs
    .filter(([name]) => name !== "X-Amz-Signature")
    .sort(([a, x], [b, y]) => (a === b ? compare(x, y) : compare(a, b)))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Not percent-encoded UTF-8: the client signed these characters.
    return text;
  }
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function scopeText({ scope }: SignatureClaim): string {
  return `${scope.date}/${scope.region}/${scope.service}/aws4_request`;
}

/** Signing keys by secret and scope: the same four HMACs for every request of a day. */
const signingKeys = new Map<string, Uint8Array>();
const SIGNING_KEYS_MAX = 256;

function signingKey(secretAccessKey: string, claim: SignatureClaim): Uint8Array {
  const id = `${secretAccessKey}\n${scopeText(claim)}`;
  const known = signingKeys.get(id);
  if (known) return known;
  const { date, region, service } = claim.scope;
  const key = [date, region, service, "aws4_request"]
    .reduce<Uint8Array>((key, part) => hmac(key, part), Buffer.from(`AWS4${secretAccessKey}`));
  if (signingKeys.size >= SIGNING_KEYS_MAX) signingKeys.clear();
  signingKeys.set(id, key);
  return key;
}

/**
 * The chain of signatures over the chunks of a `STREAMING-AWS4-HMAC-SHA256-PAYLOAD` body: each covers
 * the one before, the first covers the request's own.
 */
export class ChunkSignatures {
  readonly #key: Uint8Array;
  readonly #head: string;
  #previous: string;

  constructor(claim: SignatureClaim, secretAccessKey: string) {
    this.#key = signingKey(secretAccessKey, claim);
    this.#head = `${claim.amzDate}\n${scopeText(claim)}\n`;
    this.#previous = claim.signature;
  }

  /** Whether `signature` (hex) is the next one of the chain, over `chunk`. */
  checkChunk(chunk: Uint8Array, signature: string): boolean {
    return this.#check(
      `AWS4-HMAC-SHA256-PAYLOAD\n${this.#head}${this.#previous}\n${sha256Hex("")}\n` +
        sha256Hex(chunk),
      signature,
    );
  }

  /** Whether `signature` closes the chain, over the trailer lines (`name:value\n` each). */
  checkTrailer(lines: string, signature: string): boolean {
    return this.#check(
      `AWS4-HMAC-SHA256-TRAILER\n${this.#head}${this.#previous}\n${sha256Hex(lines)}`,
      signature,
    );
  }

  #check(stringToSign: string, signature: string): boolean {
    const wanted = hmac(this.#key, stringToSign);
    this.#previous = wanted.toString("hex");
    return isSameText(signature, this.#previous);
  }
}

/** Hex SHA-256 of text (as UTF-8) or bytes. */
export function sha256Hex(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

function hmac(key: Uint8Array, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
