/**
 * The delivery streams of the account: rows of the database, read from memory.
 * @module
 */

import type { Database } from "../../store/database.ts";
import type { DeliveryStream } from "./delivery_stream.ts";

/** Delivery streams by name and by id. What changes them runs inside `database.commit`. */
export class Streams {
  readonly #database: Database;
  readonly #byName = new Map<string, DeliveryStream>();
  readonly #byId = new Map<number, DeliveryStream>();

  constructor(database: Database) {
    this.#database = database;
    database.define(`
      CREATE TABLE IF NOT EXISTS firehose_stream (
        id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, document TEXT NOT NULL
      );
    `);
    this.load();
  }

  /** Reads the rows again: at the start, and after a commit that failed. */
  load(): void {
    this.#byName.clear();
    this.#byId.clear();
    for (const row of this.#database.statement("SELECT * FROM firehose_stream").all()) {
      // Our own rows, written by `save` below.
      this.#keep({ ...JSON.parse(String(row.document)), id: Number(row.id) });
    }
  }

  find(name: string): DeliveryStream | undefined {
    return this.#byName.get(name);
  }

  byId(id: number): DeliveryStream | undefined {
    return this.#byId.get(id);
  }

  /** All of them, by name. */
  all(): DeliveryStream[] {
    return [...this.#byName.values()].sort((a, b) => a.name < b.name ? -1 : 1);
  }

  /** Adds a stream and gives it its id. */
  insert(draft: Omit<DeliveryStream, "id">): DeliveryStream {
    const { lastInsertRowid } = this.#database.statement(
      "INSERT INTO firehose_stream (name, document) VALUES (?, ?)",
    )
      .run(draft.name, JSON.stringify(draft));
    const stream = { ...draft, id: Number(lastInsertRowid) };
    this.#keep(stream);
    return stream;
  }

  save(stream: DeliveryStream): void {
    this.#database.statement("UPDATE firehose_stream SET document = ? WHERE id = ?")
      .run(JSON.stringify(stream), stream.id);
    this.#keep(stream);
  }

  remove({ id, name }: DeliveryStream): void {
    this.#database.statement("DELETE FROM firehose_stream WHERE id = ?").run(id);
    this.#byName.delete(name);
    this.#byId.delete(id);
  }

  #keep(stream: DeliveryStream): void {
    this.#byName.set(stream.name, stream);
    this.#byId.set(stream.id, stream);
  }
}
