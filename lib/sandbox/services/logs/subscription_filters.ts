/**
 * Subscription filters and the documents that they have still to forward, in the database.
 * @module
 */

import type { Distribution } from "@aws-sdk/client-cloudwatch-logs";
import type { Database } from "../../store/database.ts";
import type { Row } from "../../store/statement.ts";

/** A subscription filter of a log group. */
export interface SubscriptionFilter {
  readonly id: number;
  readonly groupId: number;
  readonly name: string;
  readonly pattern: string;
  readonly destinationArn: string;
  readonly roleArn: string;
  readonly distribution: Distribution;
  readonly appliesToTransformedLogs: boolean;
  /** When a filter of this name was first put. */
  readonly createMs: number;
}

/** Matching events of one write to a log stream, on their way to a delivery stream. */
export interface Forward {
  readonly id: number;
  readonly filterId: number;
  readonly filterName: string;
  readonly groupName: string;
  readonly destinationArn: string;
  readonly roleArn: string;
  readonly createMs: number;
  /** A DATA_MESSAGE, as JSON. */
  readonly document: string;
}

/** Changes are made inside a commit of the database; its rows are the only copy. */
export class SubscriptionFilters {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
    database.define(`
      CREATE TABLE IF NOT EXISTS log_subscriptions (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        group_id INTEGER NOT NULL REFERENCES log_groups (id) ON DELETE CASCADE,
        name TEXT NOT NULL,
        pattern TEXT NOT NULL,
        destination_arn TEXT NOT NULL,
        role_arn TEXT NOT NULL,
        distribution TEXT NOT NULL,
        transformed INTEGER NOT NULL,
        create_ms INTEGER NOT NULL,
        UNIQUE (group_id, name)
      ) STRICT;
      CREATE TABLE IF NOT EXISTS log_forwards (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        filter_id INTEGER NOT NULL,
        filter_name TEXT NOT NULL,
        group_name TEXT NOT NULL,
        destination_arn TEXT NOT NULL,
        role_arn TEXT NOT NULL,
        create_ms INTEGER NOT NULL,
        document TEXT NOT NULL
      ) STRICT;
      CREATE INDEX IF NOT EXISTS log_forwards_of_filter ON log_forwards (filter_id, id);
    `);
  }

  /** The filters of a group, by name. */
  of(groupId: number): SubscriptionFilter[] {
    return this.#database
      .statement("SELECT * FROM log_subscriptions WHERE group_id = ? ORDER BY name").all(groupId)
      .map(filterOf);
  }

  /** Adds a filter, or replaces the one of its name, which keeps its id and its creation time. */
  save(filter: Omit<SubscriptionFilter, "id">): void {
    this.#database.statement(`
      INSERT INTO log_subscriptions
        (group_id, name, pattern, destination_arn, role_arn, distribution, transformed, create_ms)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (group_id, name) DO UPDATE SET pattern = excluded.pattern,
        destination_arn = excluded.destination_arn, role_arn = excluded.role_arn,
        distribution = excluded.distribution, transformed = excluded.transformed
    `).run(
      filter.groupId,
      filter.name,
      filter.pattern,
      filter.destinationArn,
      filter.roleArn,
      filter.distribution,
      filter.appliesToTransformedLogs ? 1 : 0,
      filter.createMs,
    );
  }

  /** Removes a filter. What it has still to forward goes on its way. */
  remove({ id }: SubscriptionFilter): void {
    this.#database.statement("DELETE FROM log_subscriptions WHERE id = ?").run(id);
  }

  // --- queued documents -------------------------------------------------------------------------

  enqueue(forward: Omit<Forward, "id">): void {
    this.#database.statement(`
      INSERT INTO log_forwards
        (filter_id, filter_name, group_name, destination_arn, role_arn, create_ms, document)
      VALUES (?, ?, ?, ?, ?, ?, ?)
    `).run(
      forward.filterId,
      forward.filterName,
      forward.groupName,
      forward.destinationArn,
      forward.roleArn,
      forward.createMs,
      forward.document,
    );
  }

  /** The oldest document that a filter has to forward. */
  next(filterId: number): Forward | undefined {
    const row = this.#database
      .statement("SELECT * FROM log_forwards WHERE filter_id = ? ORDER BY id LIMIT 1")
      .get(filterId);
    return row && forwardOf(row);
  }

  /** Forgets what is queued of all filters. */
  clearQueue(): void {
    this.#database.statement("DELETE FROM log_forwards").run();
  }

  done({ id }: Forward): void {
    this.#database.statement("DELETE FROM log_forwards WHERE id = ?").run(id);
  }

  /** Filters, by id, that have something to forward: also filters that are deleted. */
  waiting(): number[] {
    return this.#database.statement("SELECT DISTINCT filter_id AS id FROM log_forwards").all()
      .map(({ id }) => Number(id));
  }
}

function filterOf(row: Row): SubscriptionFilter {
  return {
    id: Number(row.id),
    groupId: Number(row.group_id),
    name: String(row.name),
    pattern: String(row.pattern),
    destinationArn: String(row.destination_arn),
    roleArn: String(row.role_arn),
    distribution: row.distribution === "Random" ? "Random" : "ByLogStream",
    appliesToTransformedLogs: row.transformed === 1,
    createMs: Number(row.create_ms),
  };
}

function forwardOf(row: Row): Forward {
  return {
    id: Number(row.id),
    filterId: Number(row.filter_id),
    filterName: String(row.filter_name),
    groupName: String(row.group_name),
    destinationArn: String(row.destination_arn),
    roleArn: String(row.role_arn),
    createMs: Number(row.create_ms),
    document: String(row.document),
  };
}
