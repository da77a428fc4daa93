/**
 * The way of one record: put, buffer, batch, partition or error output, object. What the journal still
 * has, and what the trails remember.
 * @module
 */

import { codeKnowledge } from "../knowledge/code_knowledge.ts";
import { lambdaProcessor } from "../services/firehose/configuration/processors.ts";
import { recordPlace } from "../services/firehose/intake/record_ids.ts";
import type { DeliveryStream } from "../services/firehose/delivery_stream.ts";
import type { ConsoleRegion } from "./console_region.ts";
import type { StepView, WayView } from "./shapes.ts";
import { partitionName } from "./snapshot.ts";
import {
  type Attempt,
  type BatchTrail,
  type ObjectTrail,
  placementOf,
  RECORDS_KEPT,
  rowsOf,
  type Spot,
} from "./trails.ts";

/** The way of the record with this id, in the first region that knows it; undefined for no id. */
export function wayOfId(id: string, regions: readonly ConsoleRegion[]): WayView | undefined {
  const spot = recordPlace(id);
  if (!spot) return undefined;
  const ways = regions.map((region) => wayOf(spot, region));
  return ways.find(({ steps }) => steps.length > 0) ?? ways[0];
}

/** The way of a record that was put, or of one that a batch gave to a buffer. */
export function wayOf(spot: Spot, region: ConsoleRegion): WayView {
  const { trails } = region.watch;
  const source = trails.sourceOf(spot) ?? spot;
  const batches = trails.batchesWith(source);
  const steps = [
    ...putSteps(source, region, batches[0]?.batch),
    ...waitingSteps(source, region),
    ...trails.objectsWith(source).map(objectStep),
    ...batches.flatMap(({ batch, indexes }) => [
      ...attemptSteps(batch),
      ...indexes.flatMap((index) => placementSteps(batch, index, region)),
    ]),
  ];
  const isKnown = steps.some(({ what }) => what !== "put");
  return { steps, unknown: isKnown ? undefined : unknownText() };
}

/** Formatted when it is needed: the first formatted number loads 4 MiB of ICU. */
const unknownText = () =>
  "This sandbox cannot say where the record went: it left its buffer before the " +
  `sandbox started, or more than ${RECORDS_KEPT.toLocaleString("en")} records ago, or its stream ` +
  "was deleted. Search for a word of the record: objects and error output are read then.";

/** When the record was put, if anything is left to know it by. */
function putSteps(spot: Spot, region: ConsoleRegion, batch: BatchTrail | undefined): StepView[] {
  const kept = region.firehose.journalRecord(spot);
  const [object] = region.watch.trails.objectsWith(spot);
  const atMs = kept?.slice.arrivalMs ?? arrivalIn(batch, spot) ?? arrivalOf(object, spot);
  if (atMs === undefined) return [];
  const stream = streamAt(region, batch?.streamId ?? object?.streamId, kept?.log);
  const bytes = kept ? `, ${kept.slice.bytes.toLocaleString("en")} bytes` : "";
  const where = stream ? ` to ${stream.name}` : "";
  return [{ what: "put", atMs, text: `Put${where}${bytes}.` }];
}

function arrivalIn(batch: BatchTrail | undefined, { seq, record }: Spot): number | undefined {
  return batch
    ?.arrivals[batch.seqs.findIndex((s, at) => s === seq && batch.records[at] === record)];
}

const arrivalOf = (object: ObjectTrail | undefined, { seq }: Spot) =>
  object && rowsOf(object).find((row) => row.seq === seq)?.arrivalMs;

function streamAt(
  { firehose }: ConsoleRegion,
  id: number | undefined,
  log: number | undefined,
): DeliveryStream | undefined {
  return firehose.streams().find((stream) =>
    stream.id === id || firehose.buffersOf(stream).some(({ buffer }) => buffer.log === log)
  );
}

/** Where the record waits, if a buffer has not passed it. */
function waitingSteps(spot: Spot, region: ConsoleRegion): StepView[] {
  const { firehose } = region;
  const kept = firehose.journalRecord(spot);
  if (!kept) return [];
  return firehose.streams().flatMap((stream) =>
    firehose.buffersOf(stream)
      .filter(({ buffer }) => buffer.log === kept.log && !isPassed(buffer.position, spot))
      .map(({ buffer, doing }): StepView => {
        const running = buffer.kind === "source" && doing === "working"
          ? region.watch.trails.running(stream.id)
          : undefined;
        if (running) return { what: "batch", atMs: running.beganMs, text: runningText(running) };
        const dueMs = firehose.dueMs(stream, buffer);
        const failing = buffer.failingSinceMs;
        return {
          what: "waits",
          atMs: failing ?? dueMs,
          isProblem: failing !== undefined,
          text: `Waits in ${bufferText(stream, buffer)}: ${
            buffer.waitingRecords.toLocaleString("en")
          } records, ${buffer.waitingBytes.toLocaleString("en")} bytes. ${
            failing !== undefined
              ? `Delivery has failed since then: ${refusalOf(region, stream)}`
              : doing === "working"
              ? "It is being taken out now."
              : "It is due at that time, or when it is full."
          }`,
        };
      })
  );
}

function isPassed(position: Spot, { seq, record }: Spot): boolean {
  return position.seq > seq || (position.seq === seq && position.record > record);
}

const refusalOf = ({ watch }: ConsoleRegion, { id }: DeliveryStream) => {
  const last = watch.of(id).lastFailure;
  return last ? `${last.errorCode}: ${last.message}` : "the log of the sandbox says why.";
};

function bufferText(
  stream: DeliveryStream,
  { kind, key }: { readonly kind: string; readonly key: string },
): string {
  if (kind === "error") return `the buffer of the error output ${key}`;
  if (kind === "backup") return `the buffer of the backup of ${stream.name}`;
  if (kind === "source") {
    const next = lambdaProcessor(stream.destination) ? "for the function" : "for S3";
    return `the buffer of ${stream.name} ${next}`;
  }
  const name = partitionName(key);
  return name === "" ? `the buffer of ${stream.name} for S3` : `the buffer of partition ${name}`;
}

const runningText = ({ records, requestBytes, attempt }: Attempt) =>
  `The function has it now, with ${records.toLocaleString("en")} records in ` +
  `${requestBytes.toLocaleString("en")} bytes (attempt ${attempt}).`;

function attemptSteps({ attempt }: BatchTrail): StepView[] {
  if (!attempt) return [];
  const { records, requestBytes, beganMs, answer } = attempt;
  const response = answer?.responseBytes === undefined
    ? "no response"
    : `response ${answer.responseBytes.toLocaleString("en")} bytes`;
  const error = answer?.errorCode === undefined
    ? ""
    : ` ${answer.errorCode}${answer.errorType === undefined ? "" : ` (${answer.errorType})`}: ${
      answer.errorMessage ?? ""
    }`;
  return [{
    what: "batch",
    atMs: beganMs,
    isProblem: error !== "",
    text: `In a batch of ${records.toLocaleString("en")} records to the function, attempt ` +
      `${attempt.attempt}: request ${
        requestBytes.toLocaleString("en")
      } bytes, ${response}.${error}`,
  }];
}

/** From the batch to a buffer, and from there into an object. */
function placementSteps(batch: BatchTrail, index: number, region: ConsoleRegion): StepView[] {
  const { atMs } = batch;
  const placed = placementOf(batch, index);
  if (!placed) {
    return [{ what: "dropped", atMs, text: "The function dropped it: it goes no further." }];
  }
  const { placement, spot } = placed;
  const onward = [
    ...waitingSteps(spot, region),
    ...region.watch.trails.objectsWith(spot).map(objectStep),
  ];
  if (placement.kind === "error") {
    const errorType = batch.attempt?.answer?.errorType;
    const why = placement.errorCodes
      .map((code) => `${code}. ${codeKnowledge(code, "", errorType).happened}`).join(" ");
    const text = `It failed (${placement.key}): ${why}`;
    return [{ what: "error", atMs, isProblem: true, text }, ...onward];
  }
  const name = partitionName(placement.key);
  const text = name === "" ? "Processed." : `Processed: it belongs to partition ${name}.`;
  return [{ what: "partition", atMs, text }, ...onward];
}

const objectStep = ({ bucket, key, kind, atMs }: ObjectTrail): StepView => ({
  ...{ what: "object", atMs, bucket, key },
  text: kind === "error"
    ? "In an object of the error output:"
    : kind === "backup"
    ? "In an object of the backup:"
    : "In an object:",
});
