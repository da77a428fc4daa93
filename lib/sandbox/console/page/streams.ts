/**
 * The streams as pipelines: puts, buffer, function, partitions, objects, and the error output.
 * @module
 */

import { type ComponentChildren, h } from "./preact/preact.js";
import type {
  BatchView,
  BufferView,
  PartitionsView,
  StreamView,
  TransformView,
} from "../shapes.ts";
import { control } from "./api.ts";
import { Bytes, Callout, Empty, Foreign, logHref, Meter, Moment, ObjectLink } from "./elements.ts";
import { failedCount, failedHref, LastBatch, RESPONSE_BYTES_MAX } from "./failed.ts";
import { clockTime, count, duration, number, size } from "./text.ts";
import { type Rate, streamId, type World } from "./ticks.ts";

/** The whole length of a bar: the limit is a line at four fifths of it. */
const SIZE_BAR_BYTES = RESPONSE_BYTES_MAX * 1.25;
const BATCHES_SHOWN = 4;
const OBJECTS_SHOWN = 8;

/** What the views of streams are given. */
export interface StreamsProps {
  readonly world: World;
  /** The sandbox's clock, between ticks too. */
  readonly nowMs: number;
  readonly run: (title: string, action: () => Promise<string>) => void;
}

export function Streams({ world, nowMs, run }: StreamsProps) {
  const { streams, streamsLeftOut } = world.tick;
  if (streams.length === 0) return h(NoStream, null);
  return h(
    "div",
    { class: "streams" },
    streams.map((stream) =>
      h(Stream, {
        ...{ key: streamId(stream), stream, nowMs, run },
        rate: world.rates.get(streamId(stream)),
        hasPlaces: new Set(streams.map(({ place }) =>
          `${place.accountId}${place.region}`
        )).size > 1,
      })
    ),
    streamsLeftOut > 0 &&
      h(Empty, null, `${count(streamsLeftOut, "more stream")} are not shown.`),
  );
}

const NoStream = () =>
  h(
    "section",
    { class: "card" },
    h("h2", null, "No stream yet"),
    h(
      Empty,
      null,
      "Run notebook 1 of the course, or create a delivery stream with any AWS SDK: it appears here " +
        "at once, and you see where each of its records is.",
    ),
  );

function Stream(
  { stream, rate, nowMs, run, hasPlaces }: Pick<StreamsProps, "nowMs" | "run"> & {
    readonly stream: StreamView;
    readonly rate: Rate | undefined;
    readonly hasPlaces: boolean;
  },
) {
  const { name, status, place, transform, partitions, retries, backup } = stream;
  const flush = () =>
    run(`Flush ${name}`, async () => {
      const { objects } = await control<{ objects: readonly unknown[] }>("POST", "flush", {
        stream: name,
      });
      return `${count(objects.length, "object")} delivered.`;
    });
  const id = `stream ${streamId(stream)}`.replace(/[^\w-]/g, "-");
  return h(
    "section",
    { class: "card stream", "aria-labelledby": id, "data-stream": name },
    h(
      "header",
      null,
      h("h2", { id }, h(Foreign, { text: name })),
      h("span", { class: `chip ${status === "ACTIVE" ? "good" : ""}` }, status),
      hasPlaces && h("span", { class: "quiet" }, `${place.region}, ${place.accountId}`),
      h(
        "button",
        { type: "button", onClick: flush, title: "Deliver now what waits in its buffers" },
        "Flush",
        h("span", { class: "only-heard" }, ` ${name}`),
      ),
    ),
    retries.failingSinceMs !== undefined && retries.last && h(
      Callout,
      {
        kind: "bad",
        title: `Delivery to S3 has failed since ${clockTime(retries.failingSinceMs)}: ` +
          `${retries.last.errorCode}`,
      },
      h("p", null, h(Foreign, { text: retries.last.message })),
      h("p", null, "Records wait and are tried again. Nothing is lost."),
    ),
    failedCount(stream) > 0 && h(Errors, { stream, nowMs }),
    h(
      "ol",
      { class: "pipeline" },
      h(Puts, { stream, rate }),
      h(Waits, { buffer: stream.source, nowMs, title: "Buffer", isLast: !partitions }),
      transform && h(Transform, { transform }),
      partitions && h(Partitions, { partitions }),
      h(Objects, { stream }),
    ),
    failedCount(stream) === 0 &&
      h("p", { class: "quiet error-line" }, "No record has failed since the sandbox started."),
    h(
      "div",
      { class: "details" },
      transform && h(Batches, { transform, nowMs }),
      partitions?.hasKeys && partitions.open > 0 && h(Fullest, { partitions, nowMs }),
      h(LastObjects, { stream }),
    ),
    backup && h(
      "p",
      { class: "quiet" },
      `Backup: ${waiting(backup.records)}, ${dueText(backup, nowMs)}.`,
    ),
  );
}

const waiting = (records: number) =>
  `${count(records, "record")} ${records === 1 ? "waits" : "wait"}`;

/** One step of the pipeline. */
function Stage(
  { title, note, children }: {
    readonly title: string;
    readonly note?: string;
    readonly children?: ComponentChildren;
  },
) {
  return h(
    "li",
    { class: "stage" },
    h("h3", null, title, note !== undefined && h("span", { class: "quiet" }, ` ${note}`)),
    children,
  );
}

/** A large number with its noun. */
const Figure = (
  { field, value, noun, nouns = `${noun}s` }: {
    readonly field: string;
    readonly value: number;
    readonly noun: string;
    readonly nouns?: string;
  },
) =>
  h(
    "p",
    { class: "figure" },
    h("b", { "data-field": field }, number(value)),
    ` ${value === 1 ? noun : nouns}`,
  );

function Puts({ stream, rate }: { readonly stream: StreamView; readonly rate: Rate | undefined }) {
  const { puts, records, bytes, throttledRecords } = stream;
  const now = Math.round(rate?.recordsNow ?? 0);
  return h(
    Stage,
    { title: "Put" },
    h(Figure, { field: "records", value: records, noun: "record" }),
    h(
      "p",
      { class: "quiet" },
      h("span", { "data-field": "puts" }, number(puts)),
      ` ${puts === 1 ? "call" : "calls"}, `,
      h(Bytes, { field: "bytes", bytes }),
    ),
    h(Sparkline, { seconds: rate?.seconds ?? [] }),
    h("p", { class: "quiet" }, `${number(now)} a second now`),
    throttledRecords > 0 &&
      h("p", { class: "bad" }, `${count(throttledRecords, "record")} over the quota were refused`),
  );
}

const SPARK_WIDTH = 120;
const SPARK_HEIGHT = 28;

/** Records of the last minute. The numbers beside it say the same in words. */
function Sparkline({ seconds }: { readonly seconds: readonly number[] }) {
  const most = Math.max(1, ...seconds);
  const step = SPARK_WIDTH / Math.max(seconds.length, 1);
  const bars = seconds.map((value, index) => {
    if (value === 0) return "";
    const height = Math.max(1.5, value / most * (SPARK_HEIGHT - 2));
    return `M${index * step + 0.25} ${SPARK_HEIGHT}h${step - 0.5}v${-height}h${0.5 - step}z`;
  });
  return h(
    "svg",
    {
      class: "spark",
      viewBox: `0 0 ${SPARK_WIDTH} ${SPARK_HEIGHT}`,
      preserveAspectRatio: "none",
      "aria-hidden": "true",
    },
    h("line", { x1: 0, y1: SPARK_HEIGHT - 0.5, x2: SPARK_WIDTH, y2: SPARK_HEIGHT - 0.5 }),
    h("path", { d: bars.join("") }),
  );
}

function Waits(
  { buffer, nowMs, title, isLast }: {
    readonly buffer: BufferView;
    readonly nowMs: number;
    readonly title: string;
    readonly isLast: boolean;
  },
) {
  const { records, bytes, sizeBytes, openedMs = nowMs, dueMs } = buffer;
  const age = dueMs === undefined ? 0 : nowMs - openedMs;
  return h(
    Stage,
    { title, note: isLast ? "for S3" : "for processing" },
    h(Figure, { field: "buffered", value: records, noun: "record" }),
    h("p", { class: "measure" }, h("span", null, "size"), ` ${size(bytes)} of ${size(sizeBytes)}`),
    h(Meter, {
      label: "Buffer by size",
      value: bytes,
      max: sizeBytes,
      text: `${size(bytes)} of ${size(sizeBytes)}`,
    }),
    h("p", { class: "measure" }, h("span", null, "age"), ` ${dueText(buffer, nowMs)}`),
    h(Meter, {
      label: "Buffer by age",
      value: age,
      max: dueMs === undefined ? 1 : Math.max(dueMs - openedMs, 1),
      text: dueText(buffer, nowMs),
    }),
  );
}

function dueText({ dueMs, doing, intervalMs }: BufferView, nowMs: number): string {
  if (dueMs === undefined) return `empty: due ${duration(intervalMs)} after its first record`;
  if (doing === "working") return "is being taken out";
  if (doing.startsWith("pausing")) return "waits for the next attempt";
  return nowMs >= dueMs ? "due" : `due in ${duration(dueMs - nowMs)}`;
}

function Transform({ transform }: { readonly transform: TransformView }) {
  const { functionName, batches, failedBatches, retriedBatches, recent } = transform;
  const running = recent.filter(({ endedMs }) => endedMs === undefined).length;
  return h(
    Stage,
    { title: "Function" },
    h(
      "p",
      { class: "name" },
      h("a", { href: logHref(functionName), title: "Its log" }, h(Foreign, { text: functionName })),
    ),
    h(Figure, { field: "batches", value: batches, noun: "batch", nouns: "batches" }),
    failedBatches > 0 && h(
      "p",
      { class: "bad" },
      h("span", { "data-field": "failedBatches" }, number(failedBatches)),
      " failed",
    ),
    retriedBatches > 0 && h(
      "p",
      { class: "quiet" },
      h("span", { "data-field": "retriedBatches" }, number(retriedBatches)),
      retriedBatches === 1 ? " was a retry" : " were retries",
    ),
    h("p", { class: "quiet" }, running > 0 ? `${number(running)} running now` : "none running"),
  );
}

/** The last batches, as bars against the limit of a response. */
function Batches({ transform, nowMs }: {
  readonly transform: TransformView;
  readonly nowMs: number;
}) {
  const { recent, lastFailed } = transform;
  const shown = recent.slice(0, BATCHES_SHOWN);
  const isFailedShown = shown.some(({ invocationId }) => invocationId === lastFailed?.invocationId);
  return h(
    "div",
    null,
    h(
      "h3",
      null,
      "Last batches",
      h("span", { class: "quiet" }, ` the line is ${number(RESPONSE_BYTES_MAX)} bytes`),
    ),
    recent.length === 0
      ? h(Empty, null, "None yet. Request and response of each batch will be here.")
      : h(
        "ol",
        { class: "batches" },
        shown.map((batch) => h(Batch, { key: batch.invocationId, batch, nowMs })),
      ),
    lastFailed && !isFailedShown && h("h3", null, "Last failed batch"),
    lastFailed && !isFailedShown &&
      h("ol", { class: "batches" }, h(Batch, { batch: lastFailed, nowMs })),
  );
}

function Batch({ batch, nowMs }: { readonly batch: BatchView; readonly nowMs: number }) {
  const { records, requestBytes, responseBytes, beganMs, endedMs, attempt, errorCode } = batch;
  const isTooLarge = responseBytes !== undefined && responseBytes > RESPONSE_BYTES_MAX;
  const took = endedMs === undefined
    ? `running for ${duration(nowMs - beganMs)}`
    : `${number(endedMs - beganMs)} ms`;
  return h(
    "li",
    { class: errorCode === undefined ? "batch" : "batch failed" },
    h(
      "p",
      null,
      h(Moment, { ms: beganMs }),
      ` · ${count(records, "record")}, ${took}${attempt > 1 ? `, attempt ${attempt}` : ""}`,
    ),
    h(SizeBar, { name: "request", bytes: requestBytes }),
    responseBytes !== undefined &&
      h(SizeBar, { name: "response", bytes: responseBytes, kind: isTooLarge ? "bad" : "" }),
    errorCode !== undefined && h(
      "p",
      { class: "bad" },
      isTooLarge ? "413: the response is over the limit. " : "",
      h(Foreign, { text: [errorCode, batch.errorType].filter(Boolean).join(", ") }),
    ),
  );
}

/** Bytes against the limit of a response; the mark is the limit. */
function SizeBar(
  { name, bytes, kind = "" }: {
    readonly name: string;
    readonly bytes: number;
    readonly kind?: string;
  },
) {
  const text = `${number(bytes)} of ${number(RESPONSE_BYTES_MAX)} bytes`;
  return h(
    "div",
    { class: "size-bar" },
    h("span", { class: "quiet" }, name),
    h(Meter, { label: name, value: bytes, max: SIZE_BAR_BYTES, text, kind: `limited ${kind}` }),
    h("span", { class: "bytes", "data-field": `${name}Bytes` }, number(bytes)),
  );
}

function Partitions({ partitions }: { readonly partitions: PartitionsView }) {
  const { hasKeys, open, openMax, records } = partitions;
  return h(
    Stage,
    hasKeys ? { title: "Partitions" } : { title: "Buffer", note: "for S3" },
    hasKeys
      ? h(Figure, { field: "partitions", value: open, noun: "open partition" })
      : h(Figure, { field: "processed", value: records, noun: "record" }),
    hasKeys && h(
      "p",
      { class: "quiet" },
      `${waiting(records)}; ${number(openMax)} may be open`,
    ),
  );
}

/** The buffers of the fullest partitions. */
function Fullest(
  { partitions: { fullest }, nowMs }: {
    readonly partitions: PartitionsView;
    readonly nowMs: number;
  },
) {
  return h(
    "div",
    null,
    h("h3", null, "Fullest partitions"),
    h(
      "ol",
      { class: "partitions" },
      fullest.map((partition) => {
        const filled = `${size(partition.bytes)} of ${size(partition.sizeBytes)}`;
        return h(
          "li",
          { key: partition.name },
          h(Foreign, { text: partition.name }),
          h(
            "span",
            { class: "quiet" },
            `${count(partition.records, "record")}, ${filled}, ${dueText(partition, nowMs)}`,
          ),
          h(Meter, {
            label: partition.name,
            value: partition.bytes,
            max: partition.sizeBytes,
            text: filled,
          }),
        );
      }),
    ),
  );
}

function Objects({ stream }: { readonly stream: StreamView }) {
  const { bucket, retries, delivered: { objects, records, bytes, dropped } } = stream;
  return h(
    Stage,
    { title: "S3" },
    h(Figure, { field: "objects", value: objects, noun: "object" }),
    h(
      "p",
      { class: "quiet" },
      h("span", { "data-field": "delivered" }, number(records)),
      ` ${records === 1 ? "record" : "records"}, `,
      h(Bytes, { field: "deliveredBytes", bytes }),
    ),
    h(
      "p",
      null,
      h("a", { href: `#objects?${new URLSearchParams({ bucket })}` }, h(Foreign, { text: bucket })),
    ),
    retries.refused > 0 && h(
      "p",
      { class: "quiet" },
      h("span", { "data-field": "refused" }, number(retries.refused)),
      ` ${retries.refused === 1 ? "delivery" : "deliveries"} refused and tried again`,
    ),
    dropped > 0 && h(
      "p",
      { class: "quiet" },
      h("span", { "data-field": "dropped" }, number(dropped)),
      ` ${dropped === 1 ? "record" : "records"} dropped by the function`,
    ),
  );
}

function LastObjects({ stream: { delivered: { recent } } }: { readonly stream: StreamView }) {
  return h(
    "div",
    null,
    h("h3", null, "Last objects"),
    recent.length === 0
      ? h(Empty, null, "None yet. What waits becomes an object when its buffer is due.")
      : h(
        "ol",
        { class: "objects" },
        recent.slice(0, OBJECTS_SHOWN).map((object) =>
          h(
            "li",
            { key: `${object.bucket}/${object.key}` },
            h(Moment, { ms: object.atMs }),
            h(
              "span",
              null,
              object.kind === "error" && h("span", { class: "chip bad" }, "error output"),
              object.kind === "backup" && h("span", { class: "chip" }, "backup"),
              " ",
              h(ObjectLink, { bucket: object.bucket, objectKey: object.key }),
            ),
            h(
              "span",
              { class: "quiet" },
              `${count(object.records, "record")}, `,
              h(Bytes, { field: "objectBytes", bytes: object.bytes }),
            ),
          )
        ),
      ),
  );
}

/** What failed, and why: above the pipeline, so that it is on the first screen. */
function Errors({ stream, nowMs }: { readonly stream: StreamView; readonly nowMs: number }) {
  const { errors: { codes, waitingRecords, dueMs, objects }, errorPrefix } = stream;
  const waits = waitingRecords === 0 ? "" : `${waiting(waitingRecords)} for the error output` +
    (dueMs === undefined ? "." : `, due in ${duration(dueMs - nowMs)}.`);
  return h(
    Callout,
    { kind: "bad", title: `${count(failedCount(stream), "record")} failed` },
    h(
      "ul",
      null,
      codes.map(({ code, records: some, happened }) =>
        h(
          "li",
          { key: code },
          h("strong", null, h(Foreign, { text: code })),
          ": ",
          h("span", { "data-field": `error ${code}` }, number(some)),
          `. ${happened}`,
          h(LastBatch, { errorCode: code, stream }),
        )
      ),
    ),
    h("p", null, h("a", { href: failedHref(stream) }, "See the failed records, and why")),
    h(
      "p",
      { class: "quiet" },
      h("span", { "data-field": "errorObjects" }, number(objects)),
      ` error ${objects === 1 ? "object" : "objects"} written under `,
      h("code", null, h(Foreign, { text: errorPrefix })),
      `. ${waits}`,
    ),
  );
}
