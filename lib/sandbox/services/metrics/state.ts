/**
 * CloudWatch metrics' state. Samples of the sandbox's own services are gathered in memory and
 * written once a second, so that they never hold up what they measure; a kill loses that second.
 *
 * Times are true, as everywhere. What runs faster with `--speed` is how long "a minute" of the
 * services lasts: when that is a few seconds, their points are of one second (as AWS's
 * high-resolution metrics are), so that a delivery every simulated minute is still seen as a curve.
 * @module
 */

import type { Clock } from "../../clock.ts";
import type { Database } from "../../store/database.ts";
import type { MetricSample, MetricSink } from "../../ports/metric_sink.ts";
import {
  dimensionText,
  type MetricKey,
  MetricStore,
  type Point,
  type Resolution,
} from "./metric_store.ts";

/** What CloudWatch metrics are made of. */
export interface MetricsOptions {
  readonly database: Database;
  readonly clock: Clock;
  /** Called with a readable line when samples could not be written. */
  readonly onProblem?: (line: string) => void;
}

/** How long samples are gathered, in real time. */
const GATHER_MS = 1_000;
/** Metrics whose points may wait; samples beyond are lost. */
const GATHERED_MAX = 20_000;
/** How often old points are looked for. */
const TRIM_MS = 60_000;

interface Gathered {
  readonly key: MetricKey;
  point: Point;
}

/** The metrics of one account in one region. */
export class MetricsState implements MetricSink {
  readonly store: MetricStore;
  readonly #options: MetricsOptions;
  readonly #resolution: Resolution;
  #gathered = new Map<string, Gathered>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #trimmedMs = 0;

  constructor(options: MetricsOptions) {
    this.#options = options;
    this.store = new MetricStore(options.database);
    this.#resolution = options.clock.deadlineMs(0, 60_000) < 60_000 ? 1 : 60;
  }

  record(samples: readonly MetricSample[]): void {
    // Samples of one event have the same dimensions: their text is made once.
    let dimensions: MetricSample["dimensions"] | undefined;
    let text = "";
    for (const sample of samples) {
      if (sample.dimensions !== dimensions) {
        dimensions = sample.dimensions;
        text = dimensionText(dimensions);
      }
      this.#gather(sample, text);
    }
    this.#timer ??= setTimeout(() => this.#flushAside(), GATHER_MS);
  }

  #gather(sample: MetricSample, dimensions: string): void {
    const { namespace, metricName, unit, value, timestampMs } = sample;
    const resolution = this.#resolution;
    const startSeconds = startOf(timestampMs, resolution);
    const id = `${namespace}\n${metricName}\n${dimensions}\n${unit}\n${startSeconds}`;
    const point = { unit, startSeconds, resolution, count: 1, sum: value, min: value, max: value };
    const known = this.#gathered.get(id);
    if (known) known.point = merged(known.point, point);
    else if (this.#gathered.size < GATHERED_MAX) this.#gathered.set(id, { key: sample, point });
  }

  /** Writes a metric's points, and resolves once they are on disk. */
  async put(metrics: readonly { readonly key: MetricKey; readonly points: Point[] }[]) {
    await this.#write(metrics);
  }

  /** Writes what was gathered, so that it can be read. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const gathered = [...this.#gathered.values()];
    this.#gathered = new Map();
    if (gathered.length === 0) return;
    await this.#write(gathered.map(({ key, point }) => ({ key, points: [point] })));
  }

  /** Forgets all samples. */
  async reset(): Promise<void> {
    await this.#options.database.commit(() => {
      this.#gathered = new Map();
      this.store.clear();
    });
  }

  #flushAside(): void {
    this.flush().catch((error) => this.#options.onProblem?.(`metrics are lost: ${error}`));
  }

  #write(metrics: readonly { readonly key: MetricKey; readonly points: readonly Point[] }[]) {
    const nowMs = this.#options.clock.nowMs();
    const nowSeconds = Math.floor(nowMs / 1000);
    return this.#options.database.commit(() => {
      for (const { key, points } of metrics) this.store.add(key, points, nowSeconds);
      if (nowMs - this.#trimmedMs < TRIM_MS) return;
      this.#trimmedMs = nowMs;
      this.store.trim(nowSeconds);
    });
  }
}

/** The start of the point that a moment falls into. */
export function startOf(momentMs: number, resolution: Resolution): number {
  return Math.floor(momentMs / 1000 / resolution) * resolution;
}

function merged(a: Point, b: Point): Point {
  return {
    ...a,
    count: a.count + b.count,
    sum: a.sum + b.sum,
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
  };
}
