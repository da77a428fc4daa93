/**
 * What other services of the sandbox see of S3: whether a bucket is there, what an object holds,
 * and how a new object becomes visible.
 * @module
 */

import type { BodyWriter, StoredBody } from "../store/object_files.ts";

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
  /** The region that has the bucket; undefined if there is no such bucket. */
  regionOf(bucket: string): string | undefined;
  readonly bodies: {
    /** A body that is being written: in a file, or in memory while it is small. */
    create(): BodyWriter<FinishedBody>;
    /** Removes a finished body that became no object. */
    discard(body: FinishedBody): Promise<void>;
  };
  /** Makes an object visible, in place of the one with its key; only inside `database.commit`. */
  insertObject(object: DeliveredObject): unknown;
}

/** A finished body: its bytes are in a file, on disk, or in `data`, for the database. */
export interface FinishedBody extends StoredBody {
  readonly data?: Uint8Array;
}

/** An object on its way into its bucket. */
export interface DeliveredObject {
  readonly bucket: string;
  readonly key: string;
  readonly body: FinishedBody;
  readonly contentType: string;
  readonly contentEncoding?: string;
}
