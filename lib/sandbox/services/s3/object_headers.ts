/**
 * The data that S3 stores with an object besides its bytes.
 * @module
 */

import type { Checksum } from "../../checksums.ts";
import type { ChecksumType } from "./part_checksums.ts";
import type { Tags } from "./tags.ts";

/** Headers that S3 stores with an object and returns. */
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
  /** Base64 checksum of all bytes, or of the parts' checksums; absent type means of all bytes. */
  readonly checksum?: Checksum & { readonly type?: ChecksumType };
  /** Bytes of each part of an object that was uploaded in parts. */
  readonly parts?: readonly number[];
  /** Base64 checksum of each part, where the object's is made of them (COMPOSITE). */
  readonly partSums?: readonly string[];
}
