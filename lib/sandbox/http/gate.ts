/**
 * The gate: finds the caller and checks the signature. `strictGate` checks what AWS checks, in AWS's
 * order: presence and form of the claim, time, key, signature. `open_gate.ts` lets everybody in.
 * @module
 */

import type { KeyRing, SigningKey } from "../access/caller.ts";
import type { Clock } from "../clock.ts";
import { AwsError } from "../errors.ts";
import type { Protocol } from "../operation.ts";
import { STREAMING_FORMS } from "./body.ts";
import { doorError } from "./errors.ts";
import type { ClaimFault, SignatureClaim, SignedParts } from "./claim.ts";
import { amzDateMs, checkSignature, ChunkSignatures } from "./signature.ts";
import { checkSignatureV2 } from "./signature_v2.ts";

/** The part of a service that the gate needs. */
export interface Door {
  readonly protocol: Protocol;
  readonly signingName: string;
}

/** The caller, according to the request's claim. */
export interface Identity {
  readonly claim: SignatureClaim;
  readonly key: SigningKey;
}

/** Identifies callers. All methods throw the `AwsError` of the door's protocol. */
export interface Gate {
  /** Checks the time and finds the key of a claim. The signature is not checked yet. */
  identify(read: SignatureClaim | ClaimFault, door: Door, headers: Headers): Identity;
  /** The part of an S3 request's signature that stands for its body: a hash, or one of S3's words. */
  payloadHash(headers: Headers, claim: SignatureClaim): string;
  /** Checks the signature over `payloadHash`, and for S3 that it covers all necessary headers. */
  verify(identity: Identity, door: Door, parts: SignedParts, payloadHash: string): void;
  /** The signatures that a body's chunks must have; undefined if they are not checked. */
  chunkSignatures(identity: Identity, payloadHash: string): ChunkSignatures | undefined;
}

/** Lets in callers who sign with a key of `keys`. */
export function strictGate(keys: KeyRing, clock: Clock): Gate {
  return {
    identify(read, door, headers) {
      if ("fault" in read) throw claimError(door.protocol, read, headers);
      checkTime(door, read, clock);
      const key = keyFor(door.protocol, keys, read, clock.nowMs());
      refuseSessionToken(door, key);
      return { claim: read, key };
    },
    payloadHash: s3PayloadHash,
    verify({ claim, key }, { protocol }, parts, payloadHash) {
      verify(protocol, parts, { claim, key }, payloadHash);
      // Version 2 always signs all x-amz-* headers.
      if (claim.version !== 2) refuseUnsigned(protocol, parts.headers, claim);
      keys.noteUse(claim.accessKeyId, claim.scope);
    },
    chunkSignatures: ({ claim, key }, payloadHash) =>
      payloadHash.startsWith("STREAMING-AWS4-HMAC-SHA256-PAYLOAD")
        ? new ChunkSignatures(claim, key.secretAccessKey)
        : undefined,
  };
}

const MINUTE_MS = 60_000;
/** How far a client's clock may be off, in minutes; IAM, STS and S3 allow more. */
const SKEW_MINUTES: Readonly<Record<string, number>> = { s3: 15, iam: 15, sts: 15 };
const SKEW_MINUTES_DEFAULT = 5;

/** Clients sign with their own clock, which nobody advanced; a link ages with the sandbox's. */
function checkTime(door: Door, claim: SignatureClaim, clock: Clock): void {
  const minutes = SKEW_MINUTES[door.signingName] ?? SKEW_MINUTES_DEFAULT;
  const trueSignedMs = amzDateMs(claim.amzDate);
  if (claim.expiresSeconds === undefined) {
    checkSkew(door, claim, { signedMs: trueSignedMs, nowMs: clock.trueMs(), minutes });
  } else {
    const times = { signedMs: clock.momentOf(trueSignedMs), nowMs: clock.nowMs(), minutes };
    checkLinkTime(claim, claim.expiresSeconds, times);
  }
}

/** When a request was signed, when it came, and how far these may differ. */
interface SignedTimes {
  readonly signedMs: number;
  readonly nowMs: number;
  readonly minutes: number;
}

function checkLinkTime(
  claim: SignatureClaim,
  expiresSeconds: number,
  { signedMs, nowMs, minutes }: SignedTimes,
): void {
  const endMs = signedMs + expiresSeconds * 1000;
  if (nowMs > endMs) {
    throw new AwsError("AccessDenied", 403, "Request has expired", {
      fields: {
        // Version 2 states only the end.
        ...(claim.version === 2 ? {} : { "X-Amz-Expires": String(expiresSeconds) }),
        Expires: iso(endMs),
        ServerTime: iso(nowMs),
      },
    });
  }
  if (signedMs - nowMs > minutes * MINUTE_MS) {
    throw new AwsError("AccessDenied", 403, "Request is not valid yet");
  }
}

function checkSkew(
  { protocol }: Door,
  { amzDate }: SignatureClaim,
  { signedMs, nowMs, minutes }: SignedTimes,
): void {
  if (Math.abs(nowMs - signedMs) <= minutes * MINUTE_MS) return;
  if (protocol.kind === "restXml") {
    throw new AwsError(
      "RequestTimeTooSkewed",
      403,
      "The difference between the request time and the current time is too large.",
      {
        fields: {
          RequestTime: amzDate,
          ServerTime: iso(nowMs),
          MaxAllowedSkewMilliseconds: String(minutes * MINUTE_MS),
        },
      },
    );
  }
  const now = basic(nowMs);
  const message = signedMs < nowMs
    ? `Signature expired: ${amzDate} is now earlier than ` +
      `${basic(nowMs - minutes * MINUTE_MS)} (${now} - ${minutes} min.)`
    : `Signature not yet current: ${amzDate} is still later than ` +
      `${basic(nowMs + minutes * MINUTE_MS)} (${now} + ${minutes} min.)`;
  throw doorError(protocol, "wrongSignature", message);
}

const basic = (ms: number) => new Date(ms).toISOString().replace(/[-:]|\.\d{3}/g, "");
const iso = (ms: number) => new Date(ms).toISOString().replace(/\.\d{3}/, "");

function keyFor(
  protocol: Protocol,
  keys: KeyRing,
  claim: SignatureClaim,
  nowMs: number,
): SigningKey {
  const isS3 = protocol.kind === "restXml";
  const key = keys.find(claim.accessKeyId);
  // S3 does not know a temporary key without its token: seen from 2014 to 2025, for example
  // https://github.com/databendlabs/databend/issues/8069.
  const isTokenLeftOut = isS3 && key?.sessionToken !== undefined && !claim.sessionToken;
  if (!key || isTokenLeftOut) {
    throw doorError(
      protocol,
      "unknownKey",
      isS3
        ? "The AWS Access Key Id you provided does not exist in our records."
        : "The security token included in the request is invalid.",
      { AWSAccessKeyId: claim.accessKeyId },
    );
  }
  if (key.sessionToken !== claim.sessionToken) {
    throw doorError(
      protocol,
      "wrongToken",
      isS3
        ? "The provided token is malformed or otherwise invalid."
        : protocol.kind === "query"
        ? "The security token included in the request is invalid"
        : "The security token included in the request is invalid.",
      { "Token-0": claim.sessionToken ?? "" },
    );
  }
  if (key.expiresMs !== undefined && key.expiresMs <= nowMs) {
    throw doorError(
      protocol,
      "expiredToken",
      isS3
        ? "The provided token has expired."
        : "The security token included in the request is expired",
      { "Token-0": claim.sessionToken ?? "" },
    );
  }
  return key;
}

/**
 * Documented: credentials of GetSessionToken without MFA can't call IAM. They can call the operations
 * of STS that the sandbox has.
 */
function refuseSessionToken({ protocol, signingName }: Door, { caller, sessionToken }: SigningKey) {
  if (signingName !== "iam" || sessionToken === undefined || caller.kind === "session") return;
  throw doorError(protocol, "wrongToken", "The security token included in the request is invalid");
}

function verify(
  protocol: Protocol,
  parts: SignedParts,
  { claim, key }: Identity,
  payloadHash: string,
): void {
  const check = claim.version === 2
    ? checkSignatureV2(parts, claim, key.secretAccessKey)
    : checkSignature(parts, claim, key.secretAccessKey, payloadHash);
  if (check.matches && claim.amzDate.startsWith(claim.scope.date)) return;
  const isS3 = protocol.kind === "restXml";
  throw doorError(
    protocol,
    "wrongSignature",
    "The request signature we calculated does not match the signature you provided. Check your " +
      (isS3
        ? "key and signing method."
        : "AWS Secret Access Key and signing method. Consult the service documentation for details."),
    {
      AWSAccessKeyId: claim.accessKeyId,
      StringToSign: check.stringToSign,
      SignatureProvided: claim.signature,
      StringToSignBytes: spacedHex(check.stringToSign),
      CanonicalRequest: check.canonicalRequest,
      CanonicalRequestBytes: spacedHex(check.canonicalRequest),
    },
  );
}

function spacedHex(text: string): string {
  return new TextEncoder().encode(text).toHex().replace(/..(?=.)/g, "$& ");
}

function s3PayloadHash(headers: Headers, claim: SignatureClaim): string {
  if (claim.expiresSeconds !== undefined) return "UNSIGNED-PAYLOAD";
  const hash = headers.get("x-amz-content-sha256");
  if (hash === null) {
    throw new AwsError(
      "InvalidRequest",
      400,
      "Missing required header for this request: x-amz-content-sha256",
    );
  }
  if (hash === "UNSIGNED-PAYLOAD" || STREAMING_FORMS.includes(hash)) return hash;
  if (/^[0-9a-f]{64}$/.test(hash)) return hash;
  throw new AwsError(
    "InvalidArgument",
    400,
    `x-amz-content-sha256 must be UNSIGNED-PAYLOAD, ${STREAMING_FORMS.join(", ")} or a valid ` +
      "sha256 value.",
    { fields: { ArgumentName: "x-amz-content-sha256", ArgumentValue: hash } },
  );
}

/** Refuses a signature that does not cover all necessary headers. */
function refuseUnsigned(
  protocol: Protocol,
  headers: Headers,
  { signedHeaders }: SignatureClaim,
): void {
  // Without the host, a request for one server would be valid for any other.
  const isHostSigned = signedHeaders.includes("host") || signedHeaders.includes(":authority");
  if (protocol.kind !== "restXml") {
    if (isHostSigned) return;
    throw doorError(
      protocol,
      "wrongSignature",
      "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.",
    );
  }
  const unsigned = [...headers.keys()].filter((name) =>
    name.startsWith("x-amz-") && !signedHeaders.includes(name)
  );
  // The signer of a presigned address can't know a browser's headers; those are never x-amz ones.
  const refused = unsigned.filter((name) => name !== "x-amz-content-sha256");
  if (!isHostSigned) refused.unshift("host");
  if (refused.length === 0) return;
  throw new AwsError(
    "AccessDenied",
    403,
    "There were headers present in the request which were not signed",
    { fields: { HeadersNotSigned: refused.join(", ") } },
  );
}

function claimError(protocol: Protocol, claim: ClaimFault, headers: Headers): AwsError {
  const isS3 = protocol.kind === "restXml";
  switch (claim.fault) {
    case "missing":
      return doorError(
        protocol,
        "missingAuthentication",
        isS3
          ? "Access Denied"
          : protocol.kind === "query"
          ? "Request is missing Authentication Token"
          : "Missing Authentication Token",
      );
    case "incomplete":
      return incompleteHeader(protocol, claim, headers);
    case "badCredential":
      return doorError(
        protocol,
        "incompleteSignature",
        isS3
          ? "The authorization header is malformed; the Credential is mal-formed; expecting " +
            '"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".'
          : "Credential must have exactly 5 slash-delimited elements, e.g. " +
            "keyid/date/region/service/term",
      );
    case "noDate":
      return isS3
        ? new AwsError(
          "AccessDenied",
          403,
          "AWS authentication requires a valid Date or x-amz-date header",
        )
        : doorError(
          protocol,
          "incompleteSignature",
          "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.",
        );
    case "twoMechanisms":
      return twoMechanisms(protocol, claim.header);
    case "unknownAlgorithm":
      return new AwsError(
        "AuthorizationQueryParametersError",
        400,
        'X-Amz-Algorithm only supports "AWS4-HMAC-SHA256 and AWS4-ECDSA-P256-SHA256"',
      );
    case "incompleteQuery":
      return new AwsError(
        "AuthorizationQueryParametersError",
        400,
        "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, " +
          "X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.",
      );
    case "badQueryCredential":
      return new AwsError(
        "AuthorizationQueryParametersError",
        400,
        "Error parsing the X-Amz-Credential parameter; the Credential is mal-formed; expecting " +
          '"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".',
      );
    case "badQuery":
      return new AwsError("AuthorizationQueryParametersError", 400, claim.message);
  }
}

function incompleteHeader(
  protocol: Protocol,
  { header, missing }: Extract<ClaimFault, { readonly fault: "incomplete" }>,
  headers: Headers,
): AwsError {
  if (protocol.kind === "restXml") return malformedHeader(header);
  const sentences = missing.map((name) => `Authorization header requires '${name}' parameter. `);
  const date = headers.has("x-amz-date") || headers.has("date")
    ? ""
    : "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ";
  return doorError(
    protocol,
    "incompleteSignature",
    `${sentences.join("")}${date}Authorization=${header.split(" ")[0]}`,
  );
}

/**
 * S3's refusals of an Authorization header, as they were published: krobertson/deb-s3 issue 157 (the
 * credential above), ex-aws/ex_aws 537 (three components), laurilehmijoki/s3_website 178 (one blank)
 * and versity/versitygw 1705 of 2025-12 (the type). What is missing is as versitygw's tests of
 * 2026-08 have it, which are written after S3.
 */
function malformedHeader(header: string): AwsError {
  // As no header: test_object_create_bad_authorization_empty of https://github.com/ceph/s3-tests.
  if (header === "") return new AwsError("AccessDenied", 403, "Access Denied");
  if (/^AWS [^ ]+:/.test(header)) {
    return new AwsError(
      "InvalidRequest",
      400,
      "The authorization mechanism you have provided is not supported. " +
        "Please use AWS4-HMAC-SHA256.",
    );
  }
  if (header.startsWith("AWS4-HMAC-SHA256 ")) {
    return new AwsError(
      "AuthorizationHeaderMalformed",
      400,
      `The authorization header is malformed; ${malformedPart(header)}`,
    );
  }
  // Signature version 2 has one blank.
  const message = header.startsWith("AWS ") || !header.includes(" ")
    ? "Authorization header is invalid -- one and only one ' ' (space) required"
    : "Unsupported Authorization Type";
  return new AwsError("InvalidArgument", 400, message, {
    fields: { ArgumentName: "Authorization", ArgumentValue: header },
  });
}

/** What is wrong with an Authorization header of version 4. */
function malformedPart(header: string): string {
  const parts = header.slice(header.indexOf(" ") + 1).split(",").map((part) => part.trim());
  if (parts.length !== 3) {
    return "the authorization header requires three components: Credential, SignedHeaders, and " +
      "Signature.";
  }
  const nameless = parts.find((part) => !part.includes("="));
  if (nameless !== undefined) return `the authorization component "${nameless}" is malformed.`;
  const missing = ["Credential", "SignedHeaders", "Signature"]
    .find((name) => !parts.some((part) => part.startsWith(`${name}=`) && part !== `${name}=`));
  return `missing ${missing}.`;
}

/** A request with signatures in its headers and its query. S3's text; assumed for other services. */
function twoMechanisms(protocol: Protocol, header: string): AwsError {
  const text = "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, " +
    "Signature query string parameter or the Authorization header should be specified";
  return protocol.kind === "restXml"
    ? new AwsError("InvalidArgument", 400, text, {
      fields: { ArgumentName: "Authorization", ArgumentValue: header },
    })
    : doorError(protocol, "incompleteSignature", text);
}
