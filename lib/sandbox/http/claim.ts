/**
 * The claim of a signed request: who signed it, when, and which parts of it. Versions 2 and 4 of the
 * signature share these types.
 * @module
 */

/** What a signed request claims about itself. */
export interface SignatureClaim {
  /** Signature version; absent means 4. */
  readonly version?: 2;
  readonly accessKeyId: string;
  /** `20260221/us-east-1/s3/aws4_request`, in parts. */
  readonly scope: { readonly date: string; readonly region: string; readonly service: string };
  readonly signedHeaders: readonly string[];
  /** 64 lower-case hex digits. */
  readonly signature: string;
  /** `20260221T000000Z`. */
  readonly amzDate: string;
  readonly sessionToken?: string;
  /** Seconds that a presigned URL is valid; absent if the signature is in a header. */
  readonly expiresSeconds?: number;
}

/** Why a request's claim cannot be read. */
export type ClaimFault =
  | { readonly fault: "missing" }
  | { readonly fault: "incomplete"; readonly missing: readonly string[]; readonly header: string }
  | { readonly fault: "badCredential" }
  | { readonly fault: "twoMechanisms"; readonly header: string }
  | { readonly fault: "unknownAlgorithm" }
  | { readonly fault: "noDate"; readonly service: string }
  | { readonly fault: "incompleteQuery" }
  | { readonly fault: "badQueryCredential" }
  | { readonly fault: "badQuery"; readonly message: string };

/** The parts of a request that a signature covers. */
export interface SignedParts {
  readonly method: string;
  /** As sent, still percent-encoded. */
  readonly rawPath: string;
  /** As sent, without the question mark. */
  readonly rawQuery: string;
  readonly headers: Headers;
}

/** The result of a check, with the two texts that S3 shows for a wrong signature. */
export interface SignatureCheck {
  readonly matches: boolean;
  readonly canonicalRequest: string;
  readonly stringToSign: string;
}
