import { assert, assertEquals } from "@std/assert";
import { getHeapSpaceStatistics } from "node:v8";
import { Database } from "./database.ts";

/** A table of 100 rows. */
function withRows() {
  const database = new Database(":memory:");
  database.define("CREATE TABLE thing (id INTEGER PRIMARY KEY, name TEXT, data BLOB, size REAL)");
  const insert = database.statement("INSERT INTO thing VALUES (?, ?, ?, ?)");
  for (let id = 0; id < 100; id++) insert.run(id, `name ${id}`, new Uint8Array([id]), id / 2);
  return { database, [Symbol.dispose]: () => database.close() };
}

const SELECT = "SELECT size, id, name AS called, data, NULL AS none FROM thing WHERE id >= ?";

Deno.test("rows hold their values by the names of the columns, however they are read", () => {
  using world = withRows();
  const statement = world.database.statement(SELECT);
  const last = { size: 49.5, id: 99, called: "name 99", data: new Uint8Array([99]), none: null };
  assertEquals(statement.get(99), last);
  assertEquals(statement.all(99), [last]);
  assertEquals([...statement.iterate(99)], [last]);
  assertEquals(statement.get(100), undefined);
  assertEquals(statement.all(100), []);
  assertEquals(statement.all(0).length, 100);
});

Deno.test("rows that are read leave nothing in V8's old space", () => {
  using world = withRows();
  const statement = world.database.statement(SELECT);
  let grown = 0;
  for (let turn = 0; turn < 100; turn++) {
    const before = oldSpaceBytes();
    for (let call = 0; call < 10; call++) statement.all(0);
    grown += Math.max(0, oldSpaceBytes() - before); // less after a collection
  }
  // Rows that Deno makes would leave 7.2 MB.
  assert(grown < 2_000_000, `100,000 rows left ${grown} bytes`);
});

function oldSpaceBytes(): number {
  const space = getHeapSpaceStatistics().find(({ space_name }) => space_name === "old_space");
  assert(space);
  return space.space_used_size;
}
