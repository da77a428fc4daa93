import { assertEquals } from "@std/assert";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { recordsInMemory } from "./record_spool.ts";
import { repeatsText, repeatTo } from "./repeats.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);

function repeated(count: number, given: readonly Uint8Array[]) {
  const texts: string[] = [];
  const decoder = new TextDecoder();
  const said = repeatTo(count, recordsInMemory(given), (it) => texts.push(decoder.decode(it)));
  return { texts, said };
}

for (
  const [record, second, why] of [
    [
      '{"a":{"id":"x"},"id":"x"}',
      '{"a":{"id":"x"},"id":"x-2"}',
      "the id at the top, not one inside",
    ],
    ['{"id": 7, "n": 1.50}', '{"id": 8, "n": 1.50}', "a number goes up, and other bytes stay"],
    [
      '{"text":"\\"id\\":\\"x\\"","id":"x"}',
      '{"text":"\\"id\\":\\"x\\"","id":"x-2"}',
      "a text that looks like one stays",
    ],
    ['{"name":"x"}', '{"name":"x"}', "there is no id"],
    ["plain", "plain", "it is no JSON"],
    ['{"id":null}', '{"id":null}', "the id is empty"],
  ] as const
) {
  Deno.test(`The repeat of ${record} is ${second}: ${why}`, () => {
    assertEquals(repeated(2, [bytesOf(record)]).texts, [record, second]);
  });
}

Deno.test("Repeated records have an id each, and the first ones stay as they are", () => {
  const ids = fc.uniqueArray(fc.oneof(fc.integer(), fc.uuid()), { minLength: 1, maxLength: 20 });
  fc.assert(fc.property(ids, fc.integer({ min: 1, max: 100 }), (ids, count) => {
    const given = ids.map((id) => bytesOf(JSON.stringify({ id, rest: "{}" })));
    const { texts } = repeated(count, given);
    const first = given.slice(0, count).map((record) => new TextDecoder().decode(record));
    assertEquals(texts.slice(0, given.length), first);
    assertEquals(new Set(texts.map((text) => JSON.parse(text).id)).size, count);
  }));
});

Deno.test("repeatsText() says what is varied, and what could not be", () => {
  const [withId, without] = [bytesOf('{"id":"a"}'), bytesOf("x")];
  assertEquals(repeatsText(repeated(1, [withId, without]).said), undefined);
  assertEquals(
    repeatsText(repeated(4, [withId, without]).said),
    "4 records; 2 of them repeat others, with a new id (except 1 without an id). " +
      "Their record ids differ.",
  );
  assertEquals(
    repeatsText(repeated(3, [without]).said),
    "3 records; 2 of them repeat others byte for byte, because they have no id at their top level. Their record ids differ.",
  );
});

Deno.test("repeatsText() says of compressed records that an id inside stays the same", () => {
  const [plain, packed] = [bytesOf("x"), gzipSync('{"id":"a"}')];
  const because = (given: readonly Uint8Array[]) =>
    repeatsText(repeated(given.length * 2, given).said)?.match(/, (?:because|with) .*?(?=\. Their)/)
      ?.[0];
  const stays = "compressed: an id inside stays the same";
  assertEquals(because([packed, packed]), `, because they are ${stays}`);
  assertEquals(because([packed, plain]), `, because 1 of them is ${stays}`);
  assertEquals(
    because([packed, bytesOf('{"id":"a"}')]),
    ", with a new id (except 1 compressed or without an id)",
  );
});
