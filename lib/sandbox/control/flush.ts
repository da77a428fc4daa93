/**
 * `POST /_sandbox/flush`: delivers what waits in delivery streams, without waiting for buffers to be
 * full or old enough, and answers once the objects are in S3.
 * @module
 */

import type { Accounts } from "../accounts.ts";
import type { Region } from "../region.ts";
import type { DeliveryStream } from "../services/firehose/delivery_stream.ts";
import type { Unflushed } from "../services/firehose/journal/buffers.ts";
import type { Flushed } from "../services/firehose/state.ts";
import { ControlError } from "./control_error.ts";
import { membersOf, numberIn, textIn } from "./input.ts";
import { type BufferState, identityOf } from "./state.ts";

/** An object that was delivered. */
export interface FlushedObject {
  readonly bucket: string;
  readonly key: string;
}

/** Records that could not be delivered. They stay, and are tried again as usual. */
export interface Undelivered extends Pick<BufferState, "kind" | "partition" | "errorOutputType"> {
  readonly stream: string;
  readonly records: number;
  readonly bytes: number;
  readonly reason: string;
}

/** How long a flush waits by default, and at most. A function may take 5 minutes for each batch. */
const WITHIN_SECONDS = 60;
const WITHIN_SECONDS_MAX = 3_600;

/**
 * Flushes one stream, by name or ARN, or all. `ending` ends the wait, too. Throws a
 * {@linkcode ControlError}: 404 if there is no such stream, 409 with `objects` and `undelivered` if not
 * everything could be delivered in time.
 */
export async function flush(
  body: Uint8Array,
  { accounts, ending }: {
    readonly accounts: Pick<Accounts, "all">;
    readonly ending: AbortSignal;
  },
): Promise<{ readonly objects: readonly FlushedObject[] }> {
  const members = membersOf(body, ["stream", "withinSeconds"]);
  const name = textIn(members, "stream");
  const seconds = numberIn(members, "withinSeconds", { min: 0, max: WITHIN_SECONDS_MAX }) ??
    WITHIN_SECONDS;
  const regions = accounts.all().flatMap(({ regions }) => regions.all());
  const signal = AbortSignal.any([ending, AbortSignal.timeout(seconds * 1000)]);
  await Promise.all(regions.map(({ logs }) => logs.forwarding?.drained(signal)));
  const meant = regions.flatMap((region) => meantIn(region, name));
  if (name !== undefined && meant.length === 0) {
    throw new ControlError(404, `There is no delivery stream ${name}.`);
  }
  const flushed = await Promise.all(
    meant.map(async ({ region, stream }) => ({
      stream,
      ...await region.firehose.flush(stream, signal),
    })),
  );
  const objects = flushed.flatMap(objectsOf);
  const undelivered = flushed.flatMap(({ stream, undelivered }) =>
    undelivered.map((unflushed) => describe(unflushed, stream, seconds))
  );
  if (undelivered.length === 0) return { objects };
  throw new ControlError(409, sentence(undelivered), { objects, undelivered });
}

function meantIn(region: Region, name: string | undefined) {
  return region.firehose.streams()
    .filter((stream) => name === undefined || stream.name === name || stream.arn === name)
    .map((stream) => ({ region, stream }));
}

function objectsOf({ attempts }: Flushed): FlushedObject[] {
  return attempts.flatMap(({ outcome }) =>
    outcome.kind === "delivered" ? [{ bucket: outcome.bucket, key: outcome.key }] : []
  );
}

function describe(
  { buffer, error }: Unflushed,
  { name }: DeliveryStream,
  seconds: number,
): Undelivered {
  return {
    stream: name,
    ...identityOf(buffer),
    records: buffer.waitingRecords,
    bytes: buffer.waitingBytes,
    reason: reasonOf(error, seconds),
  };
}

function reasonOf(error: unknown, seconds: number): string {
  if (error instanceof DOMException && error.name === "TimeoutError") {
    return `it was still at work after ${seconds} s`;
  }
  const code = error instanceof Error && "errorCode" in error ? `${error.errorCode}: ` : "";
  return code + (error instanceof Error ? error.message : String(error));
}

function sentence(undelivered: readonly Undelivered[]): string {
  const records = undelivered.reduce((sum, { records }) => sum + records, 0);
  const [{ stream, reason }] = undelivered;
  const what = records === 1
    ? "1 record was not delivered and stays in its buffer"
    : `${records} records were not delivered and stay in their buffers`;
  return `${what}; in ${stream}: ${reason}`;
}
