import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { RecordSpool } from "./record_spool.ts";

Deno.test("RecordSpool gives back what was added, in memory or from its file, whatever the sizes", () => {
  const records = fc.array(fc.uint8Array({ maxLength: 50 }), { minLength: 1, maxLength: 60 });
  fc.assert(fc.property(records, fc.nat(400), fc.nat(), (records, memoryBytesMax, at) => {
    using spool = new RecordSpool({ memoryBytesMax });
    for (const [index, record] of records.entries()) {
      spool.add(record);
      // What was added is there at once, also between two additions.
      if (index === at % records.length) assertEquals([...spool.slice(index, index + 1)], [record]);
    }
    assertEquals(Array.from(spool.sizes), records.map(({ length }) => length));
    const start = at % records.length;
    assertEquals(spool.slice(start, records.length + 5), records.slice(start));
    assertEquals(spool.slice(0, start), records.slice(0, start));
  }));
});

Deno.test("RecordSpool keeps a copy: the caller may use its bytes again", () => {
  using spool = new RecordSpool();
  const bytes = new Uint8Array([1, 2]);
  spool.add(bytes);
  bytes.fill(0);
  assertEquals(spool.slice(0, 1), [new Uint8Array([1, 2])]);
});

Deno.test("RecordSpool takes records larger than its blocks, before and after it has a file", () => {
  const sizes = [3_000_000, 5, 1_048_576, 0, 2_500_001, 7];
  for (const memoryBytesMax of [0, 4_000_000, 100_000_000]) {
    using spool = new RecordSpool({ memoryBytesMax });
    const records = sizes.map((size, index) => new Uint8Array(size).fill(index + 1));
    for (const record of records) spool.add(record);
    for (const start of sizes.keys()) {
      const same = spool.slice(start, start + 2).map((bytes) => bytes.toHex());
      assertEquals(same, records.slice(start, start + 2).map((bytes) => bytes.toHex()));
    }
  }
});
