import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { SUB_RECORDS_MAX, subRecordsOf } from "./deaggregate.ts";
import { codePoint } from "../../../testing/code_point.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const textOf = (data: Uint8Array) => new TextDecoder().decode(data);
const hashes = { subRecordType: "DELIMITED", delimiter: bytes("####") } as const;

const json = (text: string) => subRecordsOf(bytes(text), { subRecordType: "JSON" }).map(textOf);
const delimited = (text: string) => subRecordsOf(bytes(text), hashes).map(textOf);

for (
  const [record, subRecords, why] of [
    ['{"a":1}{"a":2}', ['{"a":1}', '{"a":2}'], "the guide's first example"],
    ['{"a":1}\n{"a":2}', ['{"a":1}', '{"a":2}'], "the guide's second example"],
    ['[{"a":1}, {"a":2}]', ['[{"a":1}, {"a":2}]'], "an array is not taken apart (the guide)"],
    ['{"a":1}\r\n\t{"b":[{}]}\n', ['{"a":1}', '{"b":[{}]}'], "white space goes"],
    ['{"a":"}{\\"{"}{"b":"\\\\"}', ['{"a":"}{\\"{"}', '{"b":"\\\\"}'], "braces in text are text"],
    ['{"a":1},{"a":2}', ['{"a":1},{"a":2}'], "a comma is not white space"],
    ['{"a":1}{"a":', ['{"a":1}{"a":'], "the last one has no end"],
    ['{"a":1}{"a', ['{"a":1}{"a'], "its text has no end"],
    ["1\n2", ["1\n2"], "numbers are no objects"],
    ["", [""], "an empty record stays one"],
    [" \n", [" \n"], "and so does a blank one"],
    ['{"a":1}{oops}', ['{"a":1}', "{oops}"], "what is wrong inside is left to who reads it"],
  ] as const
) {
  Deno.test(`a JSON aggregate ${JSON.stringify(record)} has ${subRecords.length} sub-records: ${why}`, () => {
    assertEquals<readonly string[]>(json(record), subRecords);
  });
}

for (
  const [record, subRecords, why] of [
    ["a####b####c", ["a", "b", "c"], "the guide's delimiter"],
    ["####a########b####", ["a", "b"], "nothing between delimiters is no sub-record"],
    ["a###b", ["a###b"], "the delimiter must be there whole"],
    ["####", ["####"], "a record is never nothing"],
  ] as const
) {
  Deno.test(`a delimited aggregate ${record} has ${subRecords.length} sub-records: ${why}`, () => {
    assertEquals<readonly string[]>(delimited(record), subRecords);
  });
}

Deno.test("500 sub-records are taken apart, 501 stay together", () => {
  const aggregate = (count: number) => Array.from({ length: count }, (_, n) => `{"n":${n}}`);
  assertEquals(json(aggregate(SUB_RECORDS_MAX).join("")).length, 500);
  assertEquals(json(aggregate(SUB_RECORDS_MAX + 1).join("")).length, 1);
  assertEquals(delimited(aggregate(SUB_RECORDS_MAX).join("####")).length, 500);
  assertEquals(delimited(aggregate(SUB_RECORDS_MAX + 1).join("####")).length, 1);
});

Deno.test("joined objects come apart unchanged, whatever is in them", () => {
  const object = fc.dictionary(fc.string({ unit: codePoint }), fc.jsonValue());
  const blank = fc.stringMatching(/^[ \n\r\t]{0,3}$/);
  fc.assert(fc.property(fc.array(fc.tuple(object, blank), { minLength: 1 }), (parts) => {
    const texts = parts.map(([value]) => JSON.stringify(value));
    assertEquals(json(parts.map(([, space], n) => texts[n] + space).join("")), texts);
  }));
});

Deno.test("a delimited record loses no bytes except delimiters, whatever the bytes", () => {
  const piece = fc.uint8Array({ min: 30, max: 40, maxLength: 20 });
  fc.assert(fc.property(fc.array(piece), (pieces) => {
    const record = bytes(pieces.map((one) => textOf(one)).join("####"));
    const subRecords = subRecordsOf(record, hashes);
    const kept = subRecords.map(textOf).join("").replaceAll("####", "");
    assertEquals(kept, textOf(record).replaceAll("####", ""));
    assert(subRecords.every(({ length }) => length > 0 || record.length === 0));
  }));
});
