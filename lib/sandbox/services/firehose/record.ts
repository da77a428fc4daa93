/**
 * A record on its way through the processors, and why it may not get through.
 * @module
 */

/** A record on its way through the processors. */
export interface SourceRecord {
  /** As the function sees it: the same in all attempts, and not the RecordId of the put. */
  readonly recordId: string;
  readonly data: Uint8Array;
  /** What an error line shows of it: the record before decompression, where there was one. */
  readonly rawData: Uint8Array;
  /** The bytes of what was put that it stands for: of a divided gzip record, all are the first's. */
  readonly sourceBytes: number;
  readonly arrivalMs: number;
}

/** An error as it stands in an error line and in the log. */
export interface ProcessingError {
  readonly errorCode: string;
  readonly errorMessage: string;
}
