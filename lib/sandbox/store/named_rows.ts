/**
 * Things with a name and a document, as rows of the database that are read from memory: delivery
 * streams, functions.
 * @module
 */

import { AwsError } from "../errors.ts";
import type { Database } from "./database.ts";

/** A kept document with its id, which is never used again, even for a later thing of that name. */
export type Kept<Draft> = Draft & { readonly id: number };

/** The rows of one table by name and by id. */
export class NamedRows<Draft extends { readonly name: string }> {
  readonly #database: Database;
  readonly #table: string;
  readonly #byName = new Map<string, Kept<Draft>>();
  readonly #byId = new Map<number, Kept<Draft>>();

  /** Creates the table if it is missing. `table` is a name of ours, never input. */
  constructor(database: Database, table: "firehose_stream" | "lambda_function") {
    this.#database = database;
    this.#table = table;
    database.define(`
      CREATE TABLE IF NOT EXISTS ${table} (
        id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, document TEXT NOT NULL
      );
    `);
    this.#load();
  }

  find(name: string): Kept<Draft> | undefined {
    return this.#byName.get(name);
  }

  byId(id: number): Kept<Draft> | undefined {
    return this.#byId.get(id);
  }

  /** All rows, by name. */
  all(): Kept<Draft>[] {
    return [...this.#byName.values()].sort((a, b) => a.name < b.name ? -1 : 1);
  }

  /** Runs `work`, which may insert, save and remove, as one commit; a failed one changes nothing. */
  change<Result>(work: () => Result): Promise<Result> {
    return commitOr(this.#database, work, () => this.#load());
  }

  /** Adds a row and gives it its id; only inside {@linkcode change}. */
  insert(draft: Draft): Kept<Draft> {
    const { lastInsertRowid } = this.#database
      .statement(`INSERT INTO ${this.#table} (name, document) VALUES (?, ?)`)
      .run(draft.name, JSON.stringify(draft));
    const row = { ...draft, id: Number(lastInsertRowid) };
    this.#keep(row);
    return row;
  }

  /** Only inside {@linkcode change}. */
  save(row: Kept<Draft>): void {
    this.#database.statement(`UPDATE ${this.#table} SET document = ? WHERE id = ?`)
      .run(JSON.stringify(row), row.id);
    this.#keep(row);
  }

  /** Only inside {@linkcode change}. */
  remove({ id, name }: Kept<Draft>): void {
    this.#database.statement(`DELETE FROM ${this.#table} WHERE id = ?`).run(id);
    this.#byName.delete(name);
    this.#byId.delete(id);
  }

  #load(): void {
    this.#byName.clear();
    this.#byId.clear();
    for (const row of this.#database.statement(`SELECT * FROM ${this.#table}`).all()) {
      // Our own rows, written by `save` above.
      this.#keep({ ...JSON.parse(String(row.document)), id: Number(row.id) });
    }
  }

  #keep(row: Kept<Draft>): void {
    this.#byName.set(row.name, row);
    this.#byId.set(row.id, row);
  }
}

/**
 * Runs `work` as one commit. A refusal (an {@linkcode AwsError}) throws before it changes anything;
 * after any other failure the database has undone the change, and `reload` undoes it in memory.
 */
export async function commitOr<Result>(
  database: Database,
  work: () => Result,
  reload: () => void,
): Promise<Result> {
  try {
    return await database.commit(work);
  } catch (error) {
    if (!(error instanceof AwsError)) reload();
    throw error;
  }
}
