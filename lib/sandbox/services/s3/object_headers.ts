/**
 * What S3 keeps with an object besides its bytes.
 * @module
 */

import type { Checksum } from "../../checksums.ts";
import type { ChecksumType } from "./part_checksums.ts";
import type { Tags } from "./tags.ts";

/** Headers that S3 keeps with an object and gives back. */
export interface ObjectHeaders {
  readonly contentType: string;
  readonly contentEncoding?: string;
  readonly contentDisposition?: string;
  readonly contentLanguage?: string;
  readonly cacheControl?: string;
  /** An HTTP date. */
  readonly expires?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly tags?: Tags;
  /** Base64 value, of all bytes (which is meant where no type is told) or of the parts' checksums. */
  readonly checksum?: Checksum & { readonly type?: ChecksumType };
  /** Bytes of each part of an object that was uploaded in parts. */
  readonly parts?: readonly number[];
  /** Base64 checksum of each part, where the object's is made of them (COMPOSITE). */
  readonly partSums?: readonly string[];
}
