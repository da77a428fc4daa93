import { assertEquals, assertStringIncludes } from "@std/assert";
import type { Answer } from "./answers.ts";
import { Ledger } from "./ledger.ts";
import { partitionLines, partitionsOf, prefixKeysOf, withCrowdedOut } from "./partitions.ts";

const ok = (text: string, bytes: number, keys: Record<string, unknown> = {}): Answer => ({
  fate: {
    result: "Ok",
    data: new TextEncoder().encode(text),
    partitionKeys: new Map(Object.entries(keys)),
  },
  keyText: Object.keys(keys).length === 0 ? "" : JSON.stringify(keys),
  bytes,
});

const DROPPED: Answer = { fate: { result: "Dropped" }, keyText: "", bytes: 90 };

const fatesIn = (ledger: Ledger, records: number) =>
  Array.from({ length: records }, (_, index) => ledger.fateAt(index));

Deno.test("A record is noted with its fate, its bytes and its partition, in whatever order batches come", () => {
  const ledger = new Ledger(4);
  ledger.note(2, [ok('{"x":1}', 110, { a: "1" }), DROPPED]);
  ledger.note(0, [ok("one", 100, { a: "2" })]);
  assertEquals(fatesIn(ledger, 4), ["ok", "failed", "ok", "dropped"]);
  assertEquals(Array.from(ledger.answerBytes(4)), [100, NaN, 110, 90]);
  assertEquals([0, 1, 2, 3].map((index) => ledger.dataBytesAt(index)), [3, 0, 7, 0]);
  assertEquals(ledger.keyGroups(4).groups, [
    { keys: new Map([["a", "1"]]), members: ["x"], records: 1 },
    { keys: new Map([["a", "2"]]), members: [], records: 1 },
  ]);
});

Deno.test("A record without an answer is estimated by the ratio of all, and is like the last one before it", () => {
  const ledger = new Ledger(5);
  ledger.note(0, [ok("a", 200, { a: "1" })]);
  ledger.noteTooLarge(2);
  ledger.note(4, [DROPPED]);
  const sizes = [100, 30, 10, 10, 45];
  // 290 bytes were answered for 145: what is too large says nothing of the ratio.
  assertEquals(ledger.estimate(sizes), 2);
  assertEquals(Array.from(ledger.answerBytes(5)), [200, 60, Infinity, 20, 90]);
  assertEquals(fatesIn(ledger, 5), ["ok", "ok", "failed", "failed", "dropped"]);
  assertEquals(ledger.keyGroups(5).groups.map(({ records }) => records), [2]);
});

Deno.test("A batch that is answered again in another way counts once, as the last answer says", () => {
  const ledger = new Ledger(1);
  ledger.note(0, [ok("a", 10, { a: "1" })]);
  ledger.note(0, [DROPPED]);
  assertEquals([fatesIn(ledger, 1), ledger.keyGroups(1).groups, ledger.dataBytesAt(0)], [
    ["dropped"],
    [],
    0,
  ]);
});

Deno.test("Records of further partitions in one batch are refused, as the sandbox refuses them", async () => {
  const prefix = "k=!{partitionKeyFromLambda:k}/";
  const ledger = new Ledger(7, await prefixKeysOf(prefix, 0));
  const keys = ["a", "b", "", "c", "a", "c", "d"];
  ledger.note(0, keys.map((k) => ok("{}", 10, { k })));
  const oneBatch = ledger.crowdedOut([{ start: 0, end: 7 }], 2);
  assertEquals(oneBatch, { records: 3, example: '{"k":"c"}' });
  assertEquals(ledger.crowdedOut([{ start: 0, end: 3 }, { start: 3, end: 6 }], 2), undefined);
  const given = await partitionsOf(ledger.keyGroups(7).groups, prefix, 0);
  const lines = partitionLines(withCrowdedOut(given, oneBatch)).join("\n");
  assertStringIncludes(
    lines,
    'Refused: 3 records, "The number of active partitions has exceeded the configured limit". Their keys: {"k":"c"}',
  );
  const guessed = await partitionsOf(ledger.keyGroups(7).groups, undefined, 0);
  assertEquals(withCrowdedOut(guessed, oneBatch), guessed);
});
