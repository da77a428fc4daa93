/**
 * The functions of the account: rows of the database, read from memory.
 * @module
 */

import type { Database } from "../../store/database.ts";
import type { LambdaFunction } from "./function.ts";

/** Functions by name. What changes them runs inside `database.commit`. */
export class Functions {
  readonly #database: Database;
  readonly #byName = new Map<string, LambdaFunction>();

  constructor(database: Database) {
    this.#database = database;
    database.define(`
      CREATE TABLE IF NOT EXISTS lambda_function (
        id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, document TEXT NOT NULL
      );
    `);
    this.load();
  }

  /** Reads the rows again: at the start, and after a commit that failed. */
  load(): void {
    this.#byName.clear();
    for (const row of this.#database.statement("SELECT * FROM lambda_function").all()) {
      // Our own rows, written by `save` below.
      this.#keep({ ...JSON.parse(String(row.document)), id: Number(row.id) });
    }
  }

  find(name: string): LambdaFunction | undefined {
    return this.#byName.get(name);
  }

  /** All of them, by name. */
  all(): LambdaFunction[] {
    return [...this.#byName.values()].sort((a, b) => a.name < b.name ? -1 : 1);
  }

  /** Adds a function and gives it its id. */
  insert(draft: Omit<LambdaFunction, "id">): LambdaFunction {
    const { lastInsertRowid } = this.#database.statement(
      "INSERT INTO lambda_function (name, document) VALUES (?, ?)",
    )
      .run(draft.name, JSON.stringify(draft));
    const added = { ...draft, id: Number(lastInsertRowid) };
    this.#keep(added);
    return added;
  }

  save(changed: LambdaFunction): void {
    this.#database.statement("UPDATE lambda_function SET document = ? WHERE id = ?")
      .run(JSON.stringify(changed), changed.id);
    this.#keep(changed);
  }

  remove({ id, name }: LambdaFunction): void {
    this.#database.statement("DELETE FROM lambda_function WHERE id = ?").run(id);
    this.#byName.delete(name);
  }

  #keep(fn: LambdaFunction): void {
    this.#byName.set(fn.name, fn);
  }
}
