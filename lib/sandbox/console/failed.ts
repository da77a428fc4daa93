/**
 * The failed records of a stream, by error code: those that wait for the error output, and those in the
 * last error objects, with what the function's log says of each. So nobody has to know the error prefix,
 * to wait, or to compare ids.
 * @module
 */

import { DecodingError } from "../decoding/decoding_error.ts";
import { codeKnowledge } from "../knowledge/code_knowledge.ts";
import type { FailedRecord } from "../knowledge/failed_record.ts";
import { lambdaProcessor } from "../services/firehose/configuration/processors.ts";
import type { DeliveryStream } from "../services/firehose/delivery_stream.ts";
import type { ConsoleRegion } from "./console_region.ts";
import { failedIn, failedView } from "./failed_line.ts";
import { linesOf } from "./lines.ts";
import { newestFirst } from "./log_events.ts";
import { bytesOf } from "./objects.ts";
import type { FailedEntry, FailedPage, ObjectView } from "./shapes.ts";
import { recordsOf } from "./slice_records.ts";
import { recordAt, type Spot, spotOf } from "./trails.ts";

/** Records of one code. */
const RECORDS_OF_CODE = 20;
/** Bytes, decompressed, that are read for one page. */
const READ_BYTES_MAX = 16 * 1024 * 1024;
const CHARACTERS_OF_RECORD = 2_000;
/** Of the function's log. */
const LOG_CHARACTERS_MAX = 4 * 1024 * 1024;
const LINE_CHARACTERS_MAX = 2_000;
const LINES_OF_RECORD = 3;
/** As functions get them: see `processing/lambda_event.ts`. */
const RECORD_ID = /4966\d{58}/g;

/** The failed records of a stream that are known. */
export async function failedPage(
  stream: DeliveryStream,
  region: ConsoleRegion,
  nowMs: number,
): Promise<FailedPage> {
  const counts = region.watch.of(stream.id);
  const found = new Found();
  readWaiting(stream, region, found);
  for (const object of counts.recentErrorObjects.items) await readObject(object, region, found);
  const said = await functionSaid(stream, region, nowMs);
  const codes = new Set([...counts.errorCodes.keys(), ...found.codes.keys()]);
  return {
    isCut: found.isCut,
    codes: [...codes].map((errorCode) => {
      const records = found.codes.get(errorCode) ?? [];
      const last = counts.lastFailedBatch;
      const { happened, rule, cure } = codeKnowledge(
        errorCode,
        records[0]?.errorMessage ?? "",
        last?.errorCode === errorCode ? last.errorType : undefined,
      );
      // What waited when the sandbox started is not counted.
      const total = Math.max(counts.errorCodes.get(errorCode) ?? 0, records.length);
      return {
        ...{ errorCode, total, happened, rule, cure },
        records: records.map((entry) => ({
          ...entry,
          said: (entry.record && said.get(spotKey(entry.record))) ?? [],
        })),
      };
    }),
  };
}

/** What was read so far. */
class Found {
  readonly codes = new Map<string, Omit<FailedEntry, "said">[]>();
  isCut = false;
  #bytes = 0;

  /** Whether more may be read, after `bytes` that were. */
  mayRead(bytes: number): boolean {
    this.#bytes += bytes;
    if (this.#bytes > READ_BYTES_MAX) this.isCut = true;
    return !this.isCut;
  }

  add(record: FailedRecord, where: Pick<FailedEntry, "object" | "record">): void {
    const entries = this.codes.get(record.errorCode) ?? [];
    this.codes.set(record.errorCode, entries);
    if (entries.length === RECORDS_OF_CODE) return;
    entries.push({ ...failedView(record, CHARACTERS_OF_RECORD), ...where });
  }
}

function readWaiting(stream: DeliveryStream, region: ConsoleRegion, found: Found): void {
  const { firehose, place, watch } = region;
  for (const { buffer, slice } of firehose.waiting(stream)) {
    if (buffer.kind !== "error") continue;
    for (const { record, data } of recordsOf(slice)) {
      if (!found.mayRead(data.length)) return;
      const failed = failedIn(new TextDecoder().decode(data));
      const spot = { seq: slice.seq, record };
      if (!failed) continue;
      found.add(failed, {
        object: undefined,
        record: { place, ...watch.trails.sourceOf(spot) ?? spot },
      });
    }
  }
}

async function readObject(
  { bucket, key }: ObjectView,
  { s3, place, watch }: ConsoleRegion,
  found: Found,
): Promise<void> {
  // It may have been deleted since.
  const object = s3.findObject(bucket, key);
  if (!object) return;
  const trail = watch.trails.object(bucket, key);
  try {
    // Loaded when it is first needed: it takes 4 MiB.
    const { decompress } = await import("../decoding/compression.ts");
    const { chunks } = await decompress(bytesOf(s3, object));
    for await (const { number: line, start, bytes } of linesOf(chunks)) {
      if (!found.mayRead(bytes.length)) return;
      const failed = failedIn(new TextDecoder().decode(bytes));
      const spot = trail && recordAt(trail, start);
      if (!failed) continue;
      found.add(failed, {
        object: { bucket, key, line },
        record: spot && { place, ...watch.trails.sourceOf(spot) ?? spot },
      });
    }
  } catch (error) {
    // The viewer of objects says what is wrong with it.
    if (!(error instanceof DecodingError)) throw error;
  }
}

const spotKey = ({ seq, record }: Spot) => `${seq} ${record}`;

/** What the function's log says of records, by {@linkcode spotKey}: its newest events are read. */
async function functionSaid(
  { destination }: DeliveryStream,
  { logs }: ConsoleRegion,
  nowMs: number,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const said = new Map<string, string[]>();
  const name = lambdaProcessor(destination)?.functionArn.split(":")[6];
  const group = name === undefined ? undefined : logs.groups.find(`/aws/lambda/${name}`);
  if (!group) return said;
  let characters = 0;
  for await (const page of newestFirst(logs, group, nowMs)) {
    for (const { message } of page) {
      characters += message.length;
      if (characters > LOG_CHARACTERS_MAX) return said;
      if (message.length > LINE_CHARACTERS_MAX) continue; // a whole event, perhaps
      for (const [recordId] of message.matchAll(RECORD_ID)) {
        const key = spotKey(spotOf(recordId));
        said.set(key, [...said.get(key) ?? [], message.trimEnd()].slice(0, LINES_OF_RECORD));
      }
    }
  }
  return said;
}
