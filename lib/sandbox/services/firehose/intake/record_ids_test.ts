import { assert, assertEquals, assertMatch } from "@std/assert";
import fc from "fast-check";
import { systemRandom } from "../../../random.ts";
import { recordIds, recordPlace } from "./record_ids.ts";

Deno.test("a record's id leads to its row and its place in it, and is like no other", () => {
  fc.assert(
    fc.property(fc.nat(2 ** 40), fc.integer({ min: 1, max: 500 }), (seq, count) => {
      const ids = recordIds(count, seq, systemRandom);
      assertEquals(ids.map(recordPlace), ids.map((_, record) => ({ seq, record })));
      assertEquals(new Set([...ids, ...recordIds(count, seq, systemRandom)]).size, 2 * count);
      for (const id of ids) assertMatch(id, /^[A-Za-z0-9+/]{224}$/);
    }),
    { numRuns: 20 },
  );
});

Deno.test("an id as functions see it leads there too; text of the same form from elsewhere does not", () => {
  const id = `4966${"1796023778451".padStart(20, "0")}${"7".padStart(20, "0")}000000000012000000`;
  assertEquals(recordPlace(id), { seq: 7, record: 12 });
  const foreign = Array.from({ length: 200 }, () => {
    const bytes = systemRandom.bytes(168);
    return bytes.toBase64();
  });
  const taken = foreign.filter((text) => recordPlace(text) !== undefined);
  assert(taken.length <= 1, "one text in 65,536 passes for an id");
});
