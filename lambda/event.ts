/**
 * What Firehose sends to a transformation function and what it wants back, and the check of the
 * event at the function's edge. Follows "Required data transformation and status model"
 * (https://docs.aws.amazon.com/firehose/latest/dev/data-transformation-status-model.html).
 * @module
 */

/** The event of one invocation: a batch of records. */
export interface FirehoseTransformationEvent {
  /** A UUID, new for every attempt; record ids and data stay the same over attempts. */
  readonly invocationId: string;
  readonly deliveryStreamArn: string;
  /** Only where the delivery stream reads a Kinesis stream. */
  readonly sourceKinesisStreamArn?: string;
  readonly region: string;
  readonly records: readonly FirehoseTransformationEventRecord[];
}

/** A record of a batch, as Firehose hands it to the function. */
export interface FirehoseTransformationEventRecord {
  /** Opaque; digits as Firehose writes it. */
  readonly recordId: string;
  /** Milliseconds since 1970. */
  readonly approximateArrivalTimestamp: number;
  /** Base64 of the bytes that the producer put; `""` for an empty record. */
  readonly data: string;
}

/** The answer: exactly one record for each record of the event. */
export interface FirehoseTransformationResult {
  readonly records: readonly FirehoseTransformationResultRecord[];
}

/** What becomes of one record. `data` may be absent where the result is not `Ok`. */
export type FirehoseTransformationResultRecord = OkRecord | DroppedRecord | FailedRecord;

/** Goes on to its partition. */
export interface OkRecord {
  readonly recordId: string;
  readonly result: "Ok";
  /** Base64 of the bytes that Firehose writes. */
  readonly data: string;
  readonly metadata: { readonly partitionKeys: PartitionKeys };
}

/** Leaves no trace. */
export interface DroppedRecord {
  readonly recordId: string;
  readonly result: "Dropped";
}

/** Goes to the error output prefix, with its original bytes. */
export interface FailedRecord {
  readonly recordId: string;
  readonly result: "ProcessingFailed";
}

/** Names and values that a prefix refers to as `!{partitionKeyFromLambda:name}`. */
export type PartitionKeys = Readonly<Record<string, string>>;

/**
 * The invocation's payload as an event. Members that the transform does not read are not looked at.
 * Throws a `TypeError` that names the member, never its value: without ids nothing can be answered
 * record by record, so the invocation fails as a whole and Firehose tries it again.
 */
export function assertEvent(payload: unknown): asserts payload is FirehoseTransformationEvent {
  if (!isObject(payload) || !Array.isArray(payload.records)) {
    throw new TypeError(
      "the event has no list `records`: this function wants Firehose's transformation event",
    );
  }
  if (typeof payload.deliveryStreamArn !== "string") {
    throw new TypeError("deliveryStreamArn is not text");
  }
  payload.records.forEach((record: unknown, index) => {
    if (!isObject(record)) throw new TypeError(`records[${index}] is not an object`);
    for (const name of ["recordId", "data"]) {
      if (typeof record[name] !== "string") {
        throw new TypeError(`records[${index}].${name} is not text`);
      }
    }
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
