/**
 * Plots: Observable Plot drawn without a browser. Each has a caption that says what it shows. The
 * caption is also its label for screen readers.
 * @module
 */

import type { PlotOptions } from "@observablehq/plot";
import { html, trusted, type View } from "./html.ts";
import { accent, FAINT, FONT, SERIES, TEXT } from "./style.ts";

const MIB = 1024 * 1024;

const library = () => import("./plot_library.ts");

/** A plot with its caption. */
async function plotView(options: PlotOptions, caption: string): Promise<View> {
  const { Plot, document } = await library();
  const figure = Plot.plot({
    width: 640,
    ...options,
    document,
    ariaLabel: caption,
    style: { color: "inherit", background: "transparent", fontSize: "12px" },
  });
  return {
    html: html`
      <figure
        style="${FONT}${TEXT}margin:4px 0">${trusted(
          figure.outerHTML,
        )}<figcaption style="${FAINT}">${caption}</figcaption></figure>
    `,
    text: caption,
  };
}

/** One bar: a name and a size in bytes. */
export interface SizeBar {
  readonly name: string;
  readonly bytes: number;
}

/** What is beside the bars. */
export interface SizeBarsOptions {
  readonly caption: string;
  /** Drawn as a dashed line with its name. */
  readonly limitBytes?: number;
  /** "limit" unless given. */
  readonly limitName?: string;
}

/** Sizes as bars, and the limit, if given, as a line. */
export async function sizeBars(
  bars: readonly SizeBar[],
  { caption, limitBytes, limitName = "limit" }: SizeBarsOptions,
): Promise<View> {
  const { Plot } = await library();
  const data = bars.map(({ name, bytes }) => ({ name, kilobytes: bytes / 1000 }));
  const limit = limitBytes === undefined ? [] : [
    Plot.ruleX([limitBytes / 1000], {
      stroke: accent("bad"),
      strokeWidth: 2,
      strokeDasharray: "5 3",
    }),
    Plot.text([limitName], {
      x: [limitBytes / 1000],
      frameAnchor: "top",
      dy: -14,
      fill: accent("bad"),
    }),
  ];
  return await plotView({
    height: 60 + 28 * bars.length,
    marginTop: limitBytes === undefined ? 20 : 28,
    marginLeft: 150,
    // For the number beside the longest bar.
    marginRight: 70,
    marginBottom: 40,
    x: { label: "kB", labelOffset: 36, grid: true },
    y: { label: null, domain: bars.map(({ name }) => name) },
    marks: [
      Plot.barX(data, { x: "kilobytes", y: "name", fill: SERIES[0] }),
      Plot.text(data, {
        x: "kilobytes",
        y: "name",
        text: (bar: { kilobytes: number }) =>
          bar.kilobytes.toLocaleString("en", { maximumFractionDigits: 1 }),
        textAnchor: "start",
        dx: 4,
        fill: "currentColor",
      }),
      ...limit,
    ],
  }, caption);
}

/** A partition: its name and what went into it. */
export interface PartitionBar {
  readonly partition: string;
  readonly records: number;
  readonly bytes: number;
}

/** Partitions with their records and bytes, side by side, each on its own scale. */
export async function partitionBars(
  partitions: readonly PartitionBar[],
  { caption }: { readonly caption: string },
): Promise<View> {
  const { Plot } = await library();
  const data = partitions.flatMap(({ partition, records, bytes }) => [
    { partition, measure: "records", share: records, label: records.toLocaleString("en") },
    { partition, measure: "kB", share: bytes / 1000, label: (bytes / 1000).toFixed(1) },
  ]);
  const measures = ["records", "kB"];
  const most = (measure: string) =>
    Math.max(1e-9, ...data.filter((bar) => bar.measure === measure).map(({ share }) => share));
  // Each measure has its own scale: 1 is its longest bar.
  const bars = data.map((bar) => ({ ...bar, share: bar.share / most(bar.measure) }));
  return await plotView({
    height: 50 + 20 * partitions.length,
    marginLeft: 14 + 7 * Math.max(...partitions.map(({ partition }) => partition.length)),
    marginRight: 44,
    x: { axis: null },
    y: { label: null, domain: partitions.map(({ partition }) => partition) },
    fx: { label: null, domain: measures, padding: 0.35, axis: "top" },
    color: { domain: measures, range: [...SERIES.slice(0, 2)] },
    marks: [
      Plot.barX(bars, { x: "share", y: "partition", fx: "measure", fill: "measure" }),
      Plot.text(bars, {
        x: "share",
        y: "partition",
        fx: "measure",
        text: "label",
        textAnchor: "start",
        dx: 4,
        fill: "currentColor",
      }),
    ],
  }, caption);
}

/** The content of a buffer at a moment. */
export interface BufferSample {
  /** Seconds since the first record. */
  readonly seconds: number;
  readonly bytes: number;
}

/**
 * When the buffer that is open now took its first record, and whether one was delivered. S3 has an
 * object some time after its buffer was full, and records go on arriving meanwhile: they are in the
 * next buffer, which opened when the bytes that came after the delivered ones began to arrive.
 */
function lastOpening(samples: readonly BufferSample[]) {
  let [openedSeconds, wasDelivered] = [0, false];
  for (const [index, { bytes }] of samples.entries()) {
    const before = samples[index - 1];
    if (before === undefined || (bytes >= before.bytes && before.bytes > 0)) continue;
    if (bytes >= before.bytes) { // it was empty until now
      if (bytes > 0) openedSeconds = before.seconds;
      continue;
    }
    wasDelivered = true;
    const deliveredBytes = before.bytes - bytes;
    const lastOfIt = samples.slice(0, index).findLastIndex((held) => held.bytes <= deliveredBytes);
    if (bytes > 0) openedSeconds = samples[Math.min(lastOfIt + 1, index)].seconds;
  }
  return { openedSeconds, wasDelivered };
}

/** A buffer as it fills: bytes over time, with the hints that close it as lines. */
export async function bufferPlot(
  samples: readonly BufferSample[],
  { sizeInMBs, intervalSeconds }: { readonly sizeInMBs: number; readonly intervalSeconds: number },
): Promise<View> {
  const { Plot } = await library();
  const data = samples.map(({ seconds, bytes }) => ({ seconds, mebibytes: bytes / MIB }));
  const last = data.at(-1) ?? { seconds: 0, mebibytes: 0 };
  // Hints are not limits: more can arrive at once, and a delivery takes time.
  const highest = Math.max(sizeInMBs, ...data.map(({ mebibytes }) => mebibytes));
  const { openedSeconds, wasDelivered } = lastOpening(samples);
  const dueSeconds = openedSeconds + intervalSeconds;
  const caption = wasDelivered && last.mebibytes === 0
    ? `The buffer is empty: S3 has everything, ${last.seconds.toFixed(0)} s after the first record.`
    : `The buffer has ${last.mebibytes.toFixed(2)} of ${sizeInMBs} MiB. Its first record is ` +
      `${(last.seconds - openedSeconds).toFixed(0)} of ${intervalSeconds} s old.`;
  return await plotView({
    height: 190,
    marginBottom: 40,
    x: {
      label: "seconds since the first record",
      labelOffset: 36,
      domain: [0, Math.max(dueSeconds, last.seconds)],
    },
    y: { label: "MiB", domain: [0, highest * 1.1], grid: true },
    marks: [
      Plot.areaY(data, {
        x: "seconds",
        y: "mebibytes",
        fill: SERIES[0],
        fillOpacity: 0.3,
        curve: "step-after",
      }),
      Plot.lineY(data, { x: "seconds", y: "mebibytes", stroke: SERIES[0], curve: "step-after" }),
      Plot.ruleY([sizeInMBs], { stroke: accent("bad"), strokeDasharray: "4 3" }),
      Plot.ruleX([dueSeconds], { stroke: accent("bad"), strokeDasharray: "4 3" }),
      Plot.text([`${sizeInMBs} MiB: full`], {
        frameAnchor: "left",
        y: sizeInMBs,
        dx: 6,
        dy: -8,
        fill: accent("bad"),
      }),
      Plot.text([`${intervalSeconds} s old`], {
        frameAnchor: "top",
        textAnchor: "end",
        x: dueSeconds,
        dx: -6,
        dy: 40,
        fill: accent("bad"),
      }),
    ],
  }, caption);
}
