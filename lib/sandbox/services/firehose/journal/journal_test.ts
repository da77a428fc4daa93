/** What waits in a log from a position on, also from inside a row. */
import { assertEquals } from "@std/assert";
import { Database } from "../../../store/database.ts";
import { memorySegments } from "../../../store/segment_files.ts";
import { Journal } from "./journal.ts";

Deno.test("from inside a put, what waits is the rest of it and all that came after", async () => {
  const database = new Database(":memory:");
  const journal = new Journal(database, memorySegments(), () => {});
  const { log, position } = await database.commit(() =>
    journal.createBuffer({ streamId: 1, kind: "source", key: "" })
  );
  const entry = (records: readonly string[], bufferedMs: number) => ({
    arrivalMs: bufferedMs,
    bufferedMs,
    data: new TextEncoder().encode(records.join("")),
    lengths: Uint32Array.from(records, ({ length }) => length),
  });
  await journal.accept(log, entry(["a", "bb", "cccc"], 100));
  await journal.accept(log, entry(["dddddddd"], 200));
  const { seq } = position;
  const waits = [[seq, 0], [seq, 1], [seq, 2], [seq + 1, 0], [seq + 2, 0]].map(([seq, record]) => {
    const { bytes, openedMs } = journal.waiting(log, { seq, record });
    return [bytes, journal.countRecords(log, { seq, record }), openedMs];
  });
  assertEquals(waits, [[15, 4, 100], [14, 3, 100], [12, 2, 100], [8, 1, 200], [0, 0, undefined]]);
  await journal.close();
  database.close();
});
