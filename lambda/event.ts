/**
 * The event that Firehose sends to a transformation function, the response that it expects, and the
 * check of the event. Follows "Required data transformation and status model"
 * (https://docs.aws.amazon.com/firehose/latest/dev/data-transformation-status-model.html).
 * @module
 */

/** The event of one invocation: a batch of records. */
export interface FirehoseTransformationEvent {
  /** A UUID, new for every attempt. Record ids and data are the same in every attempt. */
  readonly invocationId: string;
  readonly deliveryStreamArn: string;
  /** Only if the delivery stream reads a Kinesis stream. */
  readonly sourceKinesisStreamArn?: string;
  readonly region: string;
  readonly records: readonly FirehoseTransformationEventRecord[];
}

/** A record of the event. */
export interface FirehoseTransformationEventRecord {
  /** Opaque. Firehose writes digits. */
  readonly recordId: string;
  /** Milliseconds since 1970. */
  readonly approximateArrivalTimestamp: number;
  /** Base64 of the bytes that the producer put; `""` for an empty record. */
  readonly data: string;
}

/** The response: exactly one record for each record of the event. */
export interface FirehoseTransformationResult {
  readonly records: readonly FirehoseTransformationResultRecord[];
}

/** What happens to one record. `data` may be absent if the result is not `Ok`. */
export type FirehoseTransformationResultRecord = OkRecord | DroppedRecord | FailedRecord;

/** Delivered to its partition. */
export interface OkRecord {
  readonly recordId: string;
  readonly result: "Ok";
  /** Base64 of the bytes that Firehose writes. */
  readonly data: string;
  readonly metadata: { readonly partitionKeys: PartitionKeys };
}

/** Not delivered, and no error. */
export interface DroppedRecord {
  readonly recordId: string;
  readonly result: "Dropped";
}

/** Written under the error output prefix, with its original bytes. */
export interface FailedRecord {
  readonly recordId: string;
  readonly result: "ProcessingFailed";
}

/** Names and values that a prefix refers to as `!{partitionKeyFromLambda:name}`. */
export type PartitionKeys = Readonly<Record<string, string>>;

/**
 * Checks that the payload is an event. Checks only members that the transform reads. Throws a
 * `TypeError` that names the wrong member, never its value: without record ids there is no response,
 * so the invocation fails as a whole and Firehose tries it again.
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
