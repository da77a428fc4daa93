/**
 * What the console's server tells its page, as JSON. The page imports these types.
 * @module
 */

/** One message of the event stream: how everything stands, and the requests since the last one. */
export interface Tick {
  /** The sandbox's clock, in milliseconds since the epoch; all times below are of this clock. */
  readonly nowMs: number;
  readonly speed: number;
  readonly streams: readonly StreamView[];
  /** Streams beyond {@linkcode STREAMS_MAX}, which are not shown. */
  readonly streamsLeftOut: number;
  /** New requests, and those whose count went on. */
  readonly requests: readonly RequestView[];
  readonly buckets: readonly BucketView[];
  readonly logGroups: readonly LogGroupView[];
}

/** Streams in a tick. */
export const STREAMS_MAX = 50;

/** Where something is: there is more than one place only with several regions or accounts. */
export interface Place {
  readonly accountId: string;
  readonly region: string;
}

/** A delivery stream as its pipeline. Counts are since the sandbox started. */
export interface StreamView {
  readonly place: Place;
  readonly name: string;
  readonly status: string;
  readonly bucket: string;
  readonly errorPrefix: string;
  readonly puts: number;
  readonly records: number;
  readonly bytes: number;
  readonly throttledRecords: number;
  /** Records that are put and not yet taken on: to the function, or to S3. */
  readonly source: BufferView;
  readonly backup: BufferView | undefined;
  readonly transform: TransformView | undefined;
  /** Undefined if records go to S3 as they were put. */
  readonly partitions: PartitionsView | undefined;
  readonly errors: ErrorsView;
  readonly delivered: DeliveredView;
  readonly retries: RetriesView;
}

/** A buffer: what waits in it, and when it is due. */
export interface BufferView {
  readonly records: number;
  readonly bytes: number;
  readonly sizeBytes: number;
  readonly intervalMs: number;
  /** Undefined while it is empty. */
  readonly openedMs: number | undefined;
  readonly dueMs: number | undefined;
  readonly doing: string;
  readonly failingSinceMs: number | undefined;
}

/** The function of a stream. */
export interface TransformView {
  readonly functionName: string;
  readonly batches: number;
  readonly failedBatches: number;
  /** Attempts after the first one at a batch; they are among `batches`. */
  readonly retriedBatches: number;
  /** The last ones, newest first; those that run are among them. */
  readonly recent: readonly BatchView[];
  /** The last one that failed, also when others have come since. */
  readonly lastFailed: BatchView | undefined;
}

/** One attempt at a batch. */
export interface BatchView {
  readonly invocationId: string;
  readonly attempt: number;
  readonly records: number;
  readonly requestBytes: number;
  readonly beganMs: number;
  /** Undefined while it runs. */
  readonly endedMs?: number;
  readonly responseBytes?: number | undefined;
  readonly errorCode?: string | undefined;
  readonly errorMessage?: string | undefined;
  readonly errorType?: string | undefined;
}

/** The buffers of partitions; a stream without partition keys has one. */
export interface PartitionsView {
  /** Whether the stream partitions by keys. */
  readonly hasKeys: boolean;
  readonly open: number;
  readonly openMax: number;
  readonly records: number;
  readonly bytes: number;
  /** The fullest, at most {@linkcode PARTITIONS_SHOWN}. */
  readonly fullest: readonly PartitionView[];
}

export const PARTITIONS_SHOWN = 8;

export interface PartitionView extends BufferView {
  /** `customer=7, year=2026`; empty without partition keys. */
  readonly name: string;
}

/** Records under the error output prefix, and on their way there. */
export interface ErrorsView {
  readonly records: number;
  readonly codes: readonly {
    readonly code: string;
    readonly records: number;
    /** What the code means. */
    readonly happened: string;
  }[];
  readonly waitingRecords: number;
  readonly dueMs: number | undefined;
  readonly objects: number;
}

/** Objects that the stream wrote, those of the error output left out. */
export interface DeliveredView {
  readonly objects: number;
  readonly records: number;
  /** As they are in S3. */
  readonly bytes: number;
  /** Newest first. */
  readonly recent: readonly ObjectView[];
  readonly dropped: number;
}

export interface ObjectView {
  readonly bucket: string;
  readonly key: string;
  readonly kind: string;
  readonly atMs: number;
  readonly records: number;
  readonly bytes: number;
}

/** Deliveries that were refused. */
export interface RetriesView {
  readonly refused: number;
  readonly failingSinceMs: number | undefined;
  readonly last: FailureView | undefined;
}

export interface FailureView {
  readonly errorCode: string;
  readonly message: string;
  readonly atMs: number;
}

/** A request, or a run of puts to one stream that were all accepted. */
export interface RequestView {
  readonly id: number;
  readonly atMs: number;
  readonly count: number;
  readonly records: number | undefined;
  readonly service: string;
  readonly operation: string;
  readonly resource: string;
  readonly status: number;
  readonly durationMs: number;
  readonly requestId: string;
  /** Why it was refused: the code of the service, and its message. */
  readonly errorCode: string | undefined;
  readonly reason: string | undefined;
}

export interface BucketView {
  readonly place: Place;
  readonly name: string;
}

export interface LogGroupView {
  readonly place: Place;
  readonly name: string;
}

/** One level of a bucket's tree. */
export interface ObjectsPage {
  readonly prefixes: readonly string[];
  readonly objects: readonly {
    readonly key: string;
    readonly bytes: number;
    readonly modifiedMs: number;
  }[];
  /** Where the next page begins; undefined if this is the last. */
  readonly after: string | undefined;
}

/** Lines of an object, decompressed. */
export interface ObjectPage {
  readonly bucket: string;
  readonly key: string;
  readonly bytes: number;
  readonly modifiedMs: number;
  readonly contentType: string;
  /** As its bytes say. */
  readonly compression: string;
  readonly lines: readonly LineView[];
  /** The first line of the next page; undefined if this is the last. */
  readonly nextLine: number | undefined;
  /** Why reading ended before the end: damage, or a bound. */
  readonly stopped: string | undefined;
  /** For an object of the error output: what its codes mean. */
  readonly explanations: readonly ExplanationView[];
}

export interface LineView {
  readonly number: number;
  readonly text: string;
  /** Characters that are not shown. */
  readonly cut: number;
  /** A line of the error output, read. */
  readonly failed: FailedView | undefined;
}

/** A record that failed: its line, with rawData decoded. */
export interface FailedView {
  readonly errorCode: string;
  readonly errorMessage: string;
  readonly attempts: number;
  readonly arrivedMs: number;
  readonly rawBytes: number;
  /** The record's data as text, gunzipped if it is gzip. */
  readonly data: string;
  readonly dataCut: number;
  /** `gzip of one JSON object`. */
  readonly holds: string;
  /** What that means for this code. */
  readonly meaning: string | undefined;
}

/** What `explain` says of an error code. */
export interface ExplanationView {
  readonly errorCode: string;
  readonly records: number;
  readonly happened: string;
  readonly rule: string | undefined;
  readonly cure: string | undefined;
}

/** The failed records of a stream, by error code. */
export interface FailedPage {
  readonly codes: readonly {
    readonly errorCode: string;
    /** All since the sandbox started. */
    readonly total: number;
    /** The newest that are known. */
    readonly records: readonly FailedEntry[];
    readonly happened: string;
    readonly rule: string | undefined;
    readonly cure: string | undefined;
  }[];
  /** Whether reading ended at a bound. */
  readonly isCut: boolean;
}

export interface FailedEntry extends FailedView {
  /** Undefined while the record waits for the error output. */
  readonly object:
    | { readonly bucket: string; readonly key: string; readonly line: number }
    | undefined;
  readonly record: RecordRef | undefined;
  /** What the function's log has with the record's id, the newest first. */
  readonly said: readonly string[];
}

export interface LogPage {
  readonly events: readonly {
    readonly atMs: number;
    readonly stream: string;
    readonly message: string;
  }[];
  /** Whether older events were left out. */
  readonly isCut: boolean;
}

/** The answer to a search. */
export interface SearchPage {
  /** The whole way of the record, if the word is the id of one. */
  readonly way: WayView | undefined;
  readonly hits: readonly HitView[];
  readonly searched: string;
  /** Why the search ended before the end; undefined if all was searched. */
  readonly stopped: string | undefined;
}

/** A place that has the words. */
export type HitView =
  & { readonly excerpt: string; readonly record: RecordRef | undefined }
  & (
    | { readonly kind: "waiting"; readonly place: Place; readonly stream: string }
    | { readonly kind: "name"; readonly bucket: string; readonly key: string }
    | {
      readonly kind: "object" | "error";
      readonly bucket: string;
      readonly key: string;
      readonly line: number;
      readonly errorCode: string | undefined;
    }
    | { readonly kind: "log"; readonly group: string; readonly place: Place; readonly atMs: number }
  );

/** A record as the journal counts. */
export interface RecordRef {
  readonly place: Place;
  readonly seq: number;
  readonly record: number;
}

/** The way of a record, from the put to where it is. */
export interface WayView {
  readonly steps: readonly StepView[];
  /** What cannot be said, and why. */
  readonly unknown: string | undefined;
}

export interface StepView {
  readonly what: "put" | "waits" | "batch" | "dropped" | "partition" | "error" | "object";
  readonly atMs: number | undefined;
  readonly text: string;
  readonly bucket?: string;
  readonly key?: string;
  readonly isProblem?: boolean;
}
