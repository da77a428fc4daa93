/** The journal alone: what waits from a position on, what is read, and what a sweep leaves. */
import { assertEquals } from "@std/assert";
import { Database } from "../../../store/database.ts";
import { memorySegments } from "../../../store/segment_files.ts";
import { Journal } from "./journal.ts";

/** A journal in memory with one buffer. Close both it and its database. */
async function opened(database = new Database(":memory:")) {
  const journal = new Journal(database, memorySegments(), () => {});
  const buffer = await database.commit(() =>
    journal.createBuffer({ streamId: 1, kind: "source", key: "" })
  );
  return { database, journal, buffer };
}

const entry = (records: readonly string[], bufferedMs = 0) => ({
  arrivalMs: bufferedMs,
  bufferedMs,
  data: new TextEncoder().encode(records.join("")),
  lengths: Uint32Array.from(records, ({ length }) => length),
});

Deno.test("from inside a put, what waits is the rest of it and all that came after", async () => {
  const { database, journal, buffer: { log, position } } = await opened();
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

Deno.test("no more records are taken than asked for, over several puts", async () => {
  const { database, journal, buffer: { log, position } } = await opened();
  for (const records of [["a", "b"], ["c", "d"], ["e"]]) await journal.accept(log, entry(records));
  const taken = (recordsMax: number) => {
    const room = { bytesMax: 1_000, recordsMax, endSeq: journal.endSeq };
    const slices = journal.take({ log, position, ...room });
    return Array.from(slices, (slice) => new TextDecoder().decode(slice.read())).join("");
  };
  assertEquals([1, 2, 3, 5, 9].map(taken), ["a", "ab", "abc", "abcde", "abcde"]);
  await journal.close();
  database.close();
});

Deno.test("a row is newer than every position, also after a restart with an empty journal", async () => {
  const { database, journal, buffer } = await opened();
  const seq = await journal.accept(buffer.log, entry(["a"]));
  const position = { seq: seq + 1, record: 0 };
  await database.commit(() => journal.settle(buffer, position));
  journal.sweep(buffer.log);
  await journal.close();
  const next = new Journal(database, memorySegments(), () => {});
  await next.swept();
  await next.accept(buffer.log, entry(["bb"]));
  assertEquals(next.waiting(buffer.log, position).bytes, 2);
  await next.close();
  database.close();
});

Deno.test("a sweep leaves the bytes of a put whose row is not committed yet", async () => {
  const { database, journal, buffer: { log, position } } = await opened();
  const large = "x".repeat(20_000);
  await journal.storing([entry([large])], async ([stored]) => {
    journal.sweep(log);
    await journal.swept();
    await database.commit(() => journal.append(log, stored));
  });
  const [slice] = journal.take({ log, position, bytesMax: 1, endSeq: journal.endSeq });
  assertEquals(new TextDecoder().decode(slice.read()), large);
  await journal.close();
  database.close();
});
