/**
 * Metrics in the database: series, and their points of a second or a minute. Bounded, as
 * CloudWatch is: points of a second become minutes after three hours, minutes are gone after 15
 * days, and a series two weeks after its last point. Beyond the two limits below, the oldest are
 * removed.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html
 * @module
 */

import type { Database } from "../../store/database.ts";

/** Seconds of a stored point. */
export type Resolution = 1 | 60;

/** A metric: a namespace, a name, and exactly these dimensions. */
export interface MetricKey {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** The statistics kept for the samples of a period. */
export interface StatisticSet {
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
}

/** Samples of a metric that fall into one second or minute. */
export interface Point extends StatisticSet {
  readonly unit: string;
  readonly startSeconds: number;
  readonly resolution: Resolution;
}

/** A stretch of time from `fromSeconds`, in periods; the end is not part of it. */
export interface PointRange {
  readonly fromSeconds: number;
  readonly toSeconds: number;
  readonly periodSeconds: number;
  /** Only points of this unit. */
  readonly unit?: string | undefined;
}

/** One period's samples, of one unit. */
export interface PeriodPoint extends StatisticSet {
  readonly startSeconds: number;
  readonly unit: string;
}

/** How much is kept. Ours: AWS has no such limit, it charges. */
export interface MetricLimits {
  readonly points: number;
  readonly series: number;
}

const LIMITS: MetricLimits = { points: 500_000, series: 10_000 };

const HOUR_SECONDS = 3_600;
const DAY_SECONDS = 86_400;

const MERGE = `ON CONFLICT DO UPDATE SET
  count = count + excluded.count, sum = sum + excluded.sum,
  min = min(min, excluded.min), max = max(max, excluded.max)`;

/** Changes are made inside a commit of the database. */
export class MetricStore {
  readonly #database: Database;
  readonly #limits: MetricLimits;

  constructor(database: Database, limits: MetricLimits = LIMITS) {
    this.#database = database;
    this.#limits = limits;
    database.define(`
      CREATE TABLE IF NOT EXISTS metric_series (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        namespace TEXT NOT NULL,
        name TEXT NOT NULL,
        dimensions TEXT NOT NULL,
        last_seconds INTEGER NOT NULL,
        UNIQUE (namespace, name, dimensions)
      ) STRICT;
      CREATE TABLE IF NOT EXISTS metric_points (
        series_id INTEGER NOT NULL REFERENCES metric_series (id) ON DELETE CASCADE,
        start_seconds INTEGER NOT NULL,
        resolution INTEGER NOT NULL,
        unit TEXT NOT NULL,
        count REAL NOT NULL,
        sum REAL NOT NULL,
        min REAL NOT NULL,
        max REAL NOT NULL,
        PRIMARY KEY (series_id, start_seconds, resolution, unit)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX IF NOT EXISTS metric_points_by_age ON metric_points (resolution, start_seconds);
    `);
  }

  /** Removes all metrics. */
  clear(): void {
    this.#database.statement("DELETE FROM metric_points").run();
    this.#database.statement("DELETE FROM metric_series").run();
  }

  /** Adds points to a metric, which is made where it is new. */
  add(key: MetricKey, points: Iterable<Point>, nowSeconds: number): void {
    const database = this.#database;
    const series = database.statement(`
      INSERT INTO metric_series (namespace, name, dimensions, last_seconds) VALUES (?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET last_seconds = excluded.last_seconds RETURNING id
    `).get(key.namespace, key.metricName, dimensionText(key.dimensions), nowSeconds);
    const insert = database.statement(
      `INSERT INTO metric_points VALUES (?, ?, ?, ?, ?, ?, ?, ?) ${MERGE}`,
    );
    for (const { startSeconds, resolution, unit, count, sum, min, max } of points) {
      insert.run(Number(series?.id), startSeconds, resolution, unit, count, sum, min, max);
    }
  }

  /** Rolls points up and removes what is too old or too much. */
  trim(nowSeconds: number): void {
    const database = this.#database;
    const minutesFrom = Math.floor((nowSeconds - 3 * HOUR_SECONDS) / 60) * 60;
    database.statement(`
      INSERT INTO metric_points
      SELECT series_id, start_seconds / 60 * 60, 60, unit, sum(count), sum(sum), min(min), max(max)
      FROM metric_points WHERE resolution = 1 AND start_seconds < ?
      GROUP BY series_id, start_seconds / 60, unit ${MERGE}
    `).run(minutesFrom);
    database.statement("DELETE FROM metric_points WHERE resolution = 1 AND start_seconds < ?")
      .run(minutesFrom);
    database.statement("DELETE FROM metric_points WHERE resolution = 60 AND start_seconds < ?")
      .run(nowSeconds - 15 * DAY_SECONDS);
    database.statement("DELETE FROM metric_series WHERE last_seconds < ?")
      .run(nowSeconds - 14 * DAY_SECONDS);
    database.statement(`
      DELETE FROM metric_series WHERE id IN (
        SELECT id FROM metric_series ORDER BY last_seconds DESC, id DESC LIMIT -1 OFFSET ?
      )
    `).run(this.#limits.series);
    this.#removeOldest();
  }

  #removeOldest(): void {
    const database = this.#database;
    const count = Number(database.statement("SELECT count(*) AS n FROM metric_points").get()?.n);
    if (count <= this.#limits.points) return;
    const kept = database.statement(
      "SELECT start_seconds FROM metric_points ORDER BY start_seconds DESC LIMIT 1 OFFSET ?",
    ).get(this.#limits.points);
    database.statement("DELETE FROM metric_points WHERE start_seconds <= ?")
      .run(Number(kept?.start_seconds));
  }

  /** A metric's points in each period that has some, by time; those of two units are two. */
  points(key: MetricKey, range: PointRange): PeriodPoint[] {
    const { fromSeconds, toSeconds, periodSeconds, unit } = range;
    const rows = this.#database.statement(`
      SELECT (p.start_seconds - CAST(?1 AS INTEGER)) / CAST(?2 AS INTEGER) AS period, p.unit AS unit,
        sum(p.count) AS count, sum(p.sum) AS sum, min(p.min) AS min, max(p.max) AS max
      FROM metric_points p JOIN metric_series s ON s.id = p.series_id
      WHERE s.namespace = ?3 AND s.name = ?4 AND s.dimensions = ?5
        AND p.start_seconds >= ?1 AND p.start_seconds < ?6 AND p.unit = coalesce(?7, p.unit)
      GROUP BY period, p.unit ORDER BY period, p.unit
    `).all(
      fromSeconds,
      periodSeconds,
      key.namespace,
      key.metricName,
      dimensionText(key.dimensions),
      toSeconds,
      unit ?? null,
    );
    return rows.map((row) => ({
      startSeconds: fromSeconds + Number(row.period) * periodSeconds,
      unit: String(row.unit),
      count: Number(row.count),
      sum: Number(row.sum),
      min: Number(row.min),
      max: Number(row.max),
    }));
  }

  /** All metrics that had a point since `sinceSeconds`, by namespace, name and dimensions. */
  list(sinceSeconds: number): MetricKey[] {
    return this.#database.statement(`
      SELECT namespace, name, dimensions FROM metric_series WHERE last_seconds >= ?
      ORDER BY namespace, name, dimensions
    `).all(sinceSeconds).map(({ namespace, name, dimensions }) => ({
      namespace: String(namespace),
      metricName: String(name),
      dimensions: Object.fromEntries(JSON.parse(String(dimensions))),
    }));
  }
}

/** Dimensions as text, in one order. */
export function dimensionText(dimensions: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(dimensions).sort(([a], [b]) => a < b ? -1 : 1));
}
