/**
 * Delivery: the records of a buffer that is due become one S3 object. The end of the line: reads
 * the journal, delimits, compresses, names the object, and makes it visible in the same commit
 * that moves the buffer on. A kill at any moment leaves each record in exactly one object.
 * @module
 */

import { Buffer } from "node:buffer";
import { callConditions } from "../../../access/call_conditions.ts";
import { assert } from "../../../assert.ts";
import type { Caller } from "../../../access/caller.ts";
import { nextTurn } from "../../../next_turn.ts";
import type { Clock } from "../../../clock.ts";
import type { Random } from "../../../random.ts";
import { type Database, NotSynced } from "../../../store/database.ts";
import type { BodyWriter } from "../../../store/object_files.ts";
import type { FileRange } from "../../../store/segment_files.ts";
import type { FinishedBody, ObjectWriter } from "../../../ports/object_store.ts";
import type { Consumed, LiveBuffer } from "../journal/buffers.ts";
import { type CompressionFormat, FORMATS } from "../compression_format.ts";
import { assumeRoleFor, type DeliveryCallParts } from "../delivery_role.ts";
import type { Compressor } from "./compress.ts";
import { gathered, GATHERED_BYTES } from "./gather.ts";
import { delimited } from "./delimit.ts";
import {
  internalError,
  s3AccessDenied,
  s3Failure,
  s3KeyTooLong,
  s3NoSuchBucket,
} from "./delivery_failure.ts";
import type { Journal } from "../journal/journal.ts";
import type { Position, Slice } from "../journal/slices.ts";
import { WATCHED_RECORDS_MAX, type WatchedRow } from "../watch.ts";
import { objectKey, type ObjectName } from "../naming/object_name.ts";
import { OBJECT_KEY_BYTES_MAX } from "../naming/partition.ts";

/** Bytes copied from file to file in one step: some milliseconds, while other bodies wait. */
const PART_BYTES = 4 * 1024 * 1024;

/** Where a buffer's objects go. */
export interface Target {
  readonly roleArn: string;
  readonly bucket: string;
  readonly name: Omit<ObjectName, "arrivalMs">;
  readonly compressionFormat: CompressionFormat;
  readonly delimiter: "lineFeed" | "none";
  readonly sizeBytes: number;
}

/** What delivering needs. */
export interface DeliveryParts extends DeliveryCallParts {
  readonly database: Database;
  readonly journal: Journal;
  readonly s3: ObjectWriter;
  readonly random: Random;
  readonly clock: Clock;
  readonly compressor: Compressor;
  readonly region: string;
}

/** A delivered object, for the metrics. */
export interface Delivered extends Consumed {
  /** Bytes of the records as they were put. */
  readonly sourceBytes: number;
  readonly arrivalMs: number;
  /** Whether the buffer was removed: its partition is empty, or the stream was deleted. */
  readonly isClosed: boolean;
}

/** A delivery, with the place of its object. */
export interface DeliveredObject extends Delivered {
  readonly bucket: string;
  readonly key: string;
  /** As it is in S3: delimited and compressed. */
  readonly sizeBytes: number;
  /** Which records it holds. */
  readonly rows: readonly WatchedRow[];
}

/**
 * Delivers the next object of `buffer`; undefined if nothing waits. Throws a `DeliveryFailure`,
 * and leaves everything as it was, if the role, its permissions or the bucket do not allow it.
 */
export async function deliver(
  buffer: LiveBuffer,
  target: Target,
  parts: DeliveryParts,
  signal: AbortSignal,
): Promise<DeliveredObject | undefined> {
  const arrivalMs = parts.journal.oldestArrivalMs(buffer.log, buffer.position);
  if (arrivalMs === undefined) return undefined;
  const key = await objectKey({ ...target.name, arrivalMs }, parts.random);
  if (Buffer.byteLength(key) > OBJECT_KEY_BYTES_MAX) throw s3KeyTooLong();
  const session = await checkAllowed(target, key, parts, signal);
  const isAnswered = await strike(session, key, target, parts, signal);
  const object = { key, arrivalMs, isAnswered };
  return await writeObject(object, { buffer, target, parts, signal });
}

/** One delivery. */
interface Delivery {
  readonly buffer: LiveBuffer;
  readonly target: Target;
  readonly parts: DeliveryParts;
  readonly signal: AbortSignal;
}

/** The object of a delivery. */
interface WrittenObject {
  readonly key: string;
  readonly arrivalMs: number;
  /** Whether S3's answer arrives; else the object is there, and Firehose does not know it. */
  readonly isAnswered: boolean;
}

async function writeObject(
  { key, arrivalMs, isAnswered }: WrittenObject,
  { buffer, target, parts, signal }: Delivery,
): Promise<DeliveredObject> {
  const { journal, database, s3 } = parts;
  const taken = new Taken(buffer.position);
  const body = await writeBody(taken, { buffer, target, parts, signal });
  try {
    const written = await database.commit(() => {
      if (!journal.hasBuffer(buffer.id)) {
        throw signal.reason ?? new Error("the delivery stream was deleted");
      }
      if (!s3.bucketExists(target.bucket)) throw s3NoSuchBucket();
      s3.insertObject({
        bucket: target.bucket,
        key,
        body,
        contentType: "application/octet-stream",
        contentEncoding: FORMATS[target.compressionFormat].contentEncoding,
      });
      if (!isAnswered) return undefined;
      assert(taken.records > 0, "an object holds the records that its buffer moves past");
      const settled = journal.settle(buffer, taken.position);
      const { rows } = taken;
      const object = { bucket: target.bucket, key, sizeBytes: body.sizeBytes, rows };
      return { ...taken.result(), ...object, arrivalMs, isClosed: settled === "closed" };
    });
    if (written) return written;
  } catch (error) {
    if (!(error instanceof NotSynced)) await s3.bodies.discard(body);
    throw error;
  }
  throw internalError("the answer of S3 was lost");
}

/**
 * Gives up the records that the next object would have held; undefined if nothing waits. They are
 * lost, as on AWS when delivery has failed for 24 hours.
 */
export async function discard(
  buffer: LiveBuffer,
  target: Target,
  { journal, database }: Pick<DeliveryParts, "journal" | "database">,
): Promise<Delivered | undefined> {
  const arrivalMs = journal.oldestArrivalMs(buffer.log, buffer.position);
  if (arrivalMs === undefined) return undefined;
  const taken = new Taken(buffer.position);
  for (const slice of slicesOf(buffer, target, journal)) taken.add(slice);
  return await database.commit(() => {
    const settled = journal.settle(buffer, taken.position);
    return { ...taken.result(), arrivalMs, isClosed: settled === "closed" };
  });
}

async function checkAllowed(
  { roleArn, bucket, name: { streamName } }: Target,
  key: string,
  parts: DeliveryParts,
  signal: AbortSignal,
): Promise<Caller> {
  const session = await assumeRoleFor(streamName, roleArn, parts, signal);
  if (!session) throw s3AccessDenied();
  const { allowed } = parts.access.decide(session, {
    action: "s3:PutObject",
    resource: `arn:aws:s3:::${bucket}/${key}`,
    conditions: callConditions({ region: parts.region }),
  });
  if (!allowed) throw s3AccessDenied();
  if (!parts.s3.bucketExists(bucket)) throw s3NoSuchBucket();
  return session;
}

/**
 * Lets faults on demand strike the write. Resolves with whether its answer arrives: if it is lost,
 * Firehose writes the records again, as on AWS, which delivers at least once.
 */
async function strike(
  caller: Caller,
  key: string,
  { bucket, name: { streamName: stream } }: Target,
  { faults }: DeliveryParts,
  signal: AbortSignal,
): Promise<boolean> {
  if (faults.isQuiet) return true;
  const access = { action: "s3:PutObject", resource: `arn:aws:s3:::${bucket}/${key}` };
  const call = { service: "s3", operation: "PutObject", stream, bucket, caller, access };
  const effect = await faults.strike(call, signal);
  if (effect?.kind === "error") throw s3Failure(effect.error);
  return effect?.kind !== "lost";
}

/** The records read for an object so far. */
class Taken {
  bytes = 0;
  records = 0;
  sourceBytes = 0;
  position: Position;
  readonly rows: WatchedRow[] = [];

  constructor(start: Position) {
    this.position = start;
  }

  add({ seq, firstRecord, arrivalMs, bytes, lengths, sourceBytes, next }: Slice): void {
    if (this.records < WATCHED_RECORDS_MAX) {
      this.rows.push({ seq, firstRecord, lengths, arrivalMs });
    }
    this.bytes += bytes;
    this.records += lengths.length;
    this.sourceBytes += sourceBytes;
    this.position = next;
  }

  result() {
    const { bytes, records, sourceBytes, position } = this;
    return { bytes, records, sourceBytes, position };
  }
}

async function writeBody(
  taken: Taken,
  { buffer, target, parts, signal }: Delivery,
): Promise<FinishedBody> {
  const slices = counted(slicesOf(buffer, target, parts.journal), taken);
  const writer = parts.s3.bodies.create();
  try {
    if (target.delimiter === "none" && target.compressionFormat === "UNCOMPRESSED") {
      await writeAsTheyAre(slices, writer, signal);
    } else {
      for await (const chunk of composed(slices, target, parts, signal)) await writer.write(chunk);
    }
    return await writer.finish();
  } catch (error) {
    await writer.discard();
    throw error;
  }
}

/** Copies bytes that are in files from file to file. */
async function writeAsTheyAre(
  slices: Iterable<Slice>,
  writer: BodyWriter,
  signal: AbortSignal,
): Promise<void> {
  for await (const part of inTurns(gathered(partsOf(slices)), signal)) {
    await (part instanceof Uint8Array ? writer.write(part) : writer.copy(part));
  }
}

/**
 * The bytes of `slices`; many bytes in files as ranges, and adjacent ranges as one. Each range costs
 * one message to the writing thread and one answer, so few bytes are read.
 */
function* partsOf(slices: Iterable<Slice>): Generator<Uint8Array | FileRange> {
  let run: FileRange | undefined;
  for (const slice of slices) {
    const file = slice.bytes < GATHERED_BYTES ? undefined : slice.file;
    const joined = run && file && joinedRange(run, file);
    if (run && !joined) yield run;
    run = joined ?? file;
    if (!file) yield slice.read();
  }
  if (run) yield run;
}

/** Both ranges as one, if `next` begins where `range` ends and one part can hold them. */
function joinedRange(range: FileRange, next: FileRange): FileRange | undefined {
  const length = range.length + next.length;
  const isAdjacent = range.path === next.path && range.offset + range.length === next.offset;
  return isAdjacent && length <= PART_BYTES ? { ...range, length } : undefined;
}

/** Delimited and compressed. */
function composed(
  slices: Iterable<Slice>,
  { delimiter, compressionFormat }: Target,
  { random, clock, compressor }: DeliveryParts,
  signal: AbortSignal,
): AsyncIterable<Uint8Array> {
  const data = gathered(delimiter === "lineFeed" ? delimited(slices) : dataOf(slices));
  // The name in a ZIP file has nothing to do with the object's (captured).
  const entry = { name: random.uuid(), modifiedMs: clock.nowMs() };
  return compressor.compressed(inTurns(data, signal), compressionFormat, entry);
}

/** The records of the next object. */
function slicesOf(
  { log, position }: LiveBuffer,
  { sizeBytes }: Target,
  journal: Journal,
): Iterable<Slice> {
  return journal.take({ log, position, bytesMax: sizeBytes, endSeq: journal.endSeq });
}

function* counted(slices: Iterable<Slice>, taken: Taken): Generator<Slice> {
  for (const slice of slices) {
    taken.add(slice);
    yield slice;
  }
}

function* dataOf(slices: Iterable<Slice>): Generator<Uint8Array> {
  for (const slice of slices) yield slice.read();
}

/** Lets the event loop run after each item: puts are answered while an object is written. */
async function* inTurns<Item>(items: Iterable<Item>, signal: AbortSignal): AsyncGenerator<Item> {
  for (const item of items) {
    signal.throwIfAborted();
    yield item;
    await nextTurn();
  }
}
