/**
 * What other services of the sandbox see of S3: whether a bucket is there, what an object holds,
 * and how a new object becomes visible.
 * @module
 */

import type { StoredBody } from "../store/object_files.ts";

/** Reads objects, for a service that was given their place. */
export interface ObjectReader {
  bucketExists(bucket: string): boolean;
  /** Undefined if there is no such object. */
  findObject(bucket: string, key: string): ReadableObject | undefined;
  readonly bodies: {
    /** Bytes `start` to `end`, exclusive, of a file of {@linkcode ReadableObject}. */
    stream(file: string, start: number, end: number): ReadableStream<Uint8Array>;
  };
}

/** An object that can be read. */
export interface ReadableObject {
  readonly file: string;
  readonly sizeBytes: number;
}

/** Makes objects, for a service that delivers them. */
export interface ObjectWriter {
  bucketExists(bucket: string): boolean;
  /** Makes an object visible, in place of the one with its key; only inside `database.commit`. */
  insertObject(object: DeliveredObject): unknown;
}

/** An object whose bytes are on disk already. */
export interface DeliveredObject {
  readonly bucket: string;
  readonly key: string;
  readonly body: StoredBody;
  readonly contentType: string;
  readonly contentEncoding?: string;
}
