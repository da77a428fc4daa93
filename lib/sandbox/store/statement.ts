/**
 * A prepared statement whose rows are objects of one hidden class.
 *
 * The objects that node:sqlite makes have a hidden class each: 72 bytes a row in V8's old space, which
 * only a full collection takes back, and twice the time. So it is asked for arrays
 * (`findings/node-sqlite-row-objects.sh`).
 * @module
 */

import type { SQLInputValue, SQLOutputValue, StatementSync } from "node:sqlite";

/** The values of a row by the names of its columns. */
export type Row = Record<string, SQLOutputValue>;

/** A statement of a database, prepared once. */
export class Statement {
  readonly #statement: StatementSync;
  readonly #columns: readonly string[];

  constructor(statement: StatementSync) {
    returnArrays(statement);
    this.#statement = statement;
    this.#columns = statement.columns().map(({ name }) => name);
  }

  /** Runs all of it. Returns the id of the row added last, and how many rows changed. */
  run(
    ...values: SQLInputValue[]
  ): { readonly lastInsertRowid: number | bigint; readonly changes: number | bigint } {
    return this.#statement.run(...values);
  }

  /** The first row; undefined if there is none. */
  get(...values: SQLInputValue[]): Row | undefined {
    const found = this.#statement.get(...values);
    return found && this.#rowOf(found);
  }

  all(...values: SQLInputValue[]): Row[] {
    return this.#statement.all(...values).map((found) => this.#rowOf(found));
  }

  /**
   * Rows one by one, for more than fit into memory. It takes four times as long as `all`, and each call
   * leaves 1.8 KB in V8's old space: not for what is done often.
   */
  *iterate(...values: SQLInputValue[]): Generator<Row> {
    for (const found of this.#statement.iterate(...values)) yield this.#rowOf(found);
  }

  /** Of the values in their order: an array, which its type does not say. */
  #rowOf(found: Row): Row {
    const row: Row = {};
    for (let column = 0; column < this.#columns.length; column++) {
      row[this.#columns[column]] = found[column];
    }
    return row;
  }
}

/** Makes each row an array. Deno's types (2.9.6) do not have the method. */
function returnArrays(statement: StatementSync): void {
  if (!("setReturnArrays" in statement) || typeof statement.setReturnArrays !== "function") {
    throw new Error("this Deno gives no rows as arrays: the sandbox needs 2.9 or later");
  }
  statement.setReturnArrays(true);
}
