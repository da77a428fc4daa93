import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { Buffer } from "node:buffer";
import { gunzipSync, gzipSync } from "node:zlib";
import { likenessOf, recordsLike } from "./like.ts";
import { recordsIn } from "./records.ts";

const base64 = (text: string) => Buffer.from(text).toString("base64");

for (
  const [kind, file, wanted] of [
    ["lines", '{"a":1}\n\n{"a":2}\n', ['{"a":1}', '{"a":2}']],
    ["lines", "plain text\nmore", ["plain text", "more"]],
    ["JSON array", '[{"a":1},"b"]', ['{"a":1}', '"b"']],
    [
      "captured event",
      JSON.stringify({ records: [{ recordId: "1", data: base64("one") }] }),
      ["one"],
    ],
    [
      "error object",
      `${JSON.stringify({ errorCode: "Lambda.FunctionError", rawData: base64("one") })}\n`,
      ["one"],
    ],
  ] as const
) {
  Deno.test(`recordsIn() reads a file of the kind ${kind}: ${file.slice(0, 30)}`, () => {
    const bytes = Buffer.from(file);
    for (const given of [bytes, gzipSync(bytes)]) {
      const { kind: found, records } = recordsIn(given);
      assertEquals(found, kind);
      assertEquals(records.map((record) => Buffer.from(record).toString()), [...wanted]);
    }
  });
}

for (
  const [why, file, wanted, note] of [
    ["a byte order mark", '\uFEFF[{"a":1}]', ['{"a":1}'], "byte order mark"],
    ["lines of Windows", '{"a":1}\r\n{"a":2}\r\n', ['{"a":1}', '{"a":2}'], "CR and LF"],
    ["lines of Windows, the last without its end", "a\r\nb", ["a", "b"], "CR and LF"],
    ["lines, one of which has its own CR", "a\r\nb\n", ["a\r", "b"], "a CR"],
    ["a last line with its own CR", "a\nb\r", ["a", "b\r"], "a CR"],
    ["lines alone", "a\nb\n", ["a", "b"], undefined],
  ] as const
) {
  Deno.test(`recordsIn() of a file with ${why} gives the records, and says what was left out`, () => {
    const { records, notes } = recordsIn(Buffer.from(file));
    assertEquals(records.map((record) => Buffer.from(record).toString()), [...wanted]);
    assertEquals(notes.length, note ? 1 : 0);
    if (note) assertStringIncludes(notes[0], note);
  });
}

Deno.test("recordsIn() decompresses gzip in gzip, and says so", () => {
  const { records, notes } = recordsIn(gzipSync(gzipSync(Buffer.from("a\nb\n"))));
  assertEquals([records.length, notes], [2, ["it is gzip in gzip, decompressed 2 times"]]);
});

Deno.test("recordsIn() takes bytes that are no text for one record, line feeds included", () => {
  const { kind, records } = recordsIn(Uint8Array.of(0xff, 0x0a, 0x00, 0x0a));
  assertEquals([kind, records.map((record) => [...record])], ["one binary record", [[
    0xff,
    10,
    0,
    10,
  ]]]);
});

Deno.test("recordsIn() says what is wrong with broken gzip", () => {
  const cut = gzipSync(Buffer.from("a".repeat(1000))).subarray(0, 20);
  assertThrows(() => recordsIn(cut), TypeError, "gzip can't be decompressed");
});

Deno.test("recordsIn() says so of a file without records", () => {
  assertThrows(() => recordsIn(Buffer.from("\n\n")), TypeError, "no record");
});

Deno.test("recordsLike() makes records of the size and of about the ratio", () => {
  const records = [...recordsLike({ bytes: 25_000, ratio: 40 }, 3)];
  assertEquals(records.map((record) => gunzipSync(record).length), [25_000, 25_000, 25_000]);
  for (const { length } of records) assertEquals(Math.round(25_000 / length / 4), 10);
  assertEquals(new Set(records.map((record) => record.toHex())).size, 3);
});

for (const text of ["", "bytes=25000", "bytes=10,ratio=2", "bytes=25000,ratio=0.5", "ratio=4"]) {
  Deno.test(`likenessOf() refuses "${text}" and says what it takes`, () => {
    assertThrows(() => likenessOf(text), RangeError, "bytes=25000,ratio=40");
  });
}

Deno.test("recordsIn() keeps the bytes of lines that are not UTF-8", () => {
  const file = Uint8Array.of(0xe9, 0x41, 0x0a, 0x0a, 0xff);
  const { kind, records } = recordsIn(file);
  assertEquals([kind, records.map((record) => [...record])], ["lines", [[0xe9, 0x41], [0xff]]]);
});

for (
  const [start, format] of [
    [[0x50, 0x4b, 0x03, 0x04], "a ZIP archive"],
    [[0xff, 0x06, 0x00, 0x00, 0x73, 0x4e], "Snappy"],
    [[0x50, 0x41, 0x52, 0x31], "Parquet: write its rows as lines"],
  ] as const
) {
  Deno.test(`recordsIn() refuses ${format} by name`, () => {
    assertThrows(() => recordsIn(Uint8Array.from([...start, 1, 2, 3])), TypeError, format);
  });
}

for (
  const [text, records, why] of [
    [
      '{"a":"}{"}{"b":{}} {"c":"\\""}',
      ['{"a":"}{"}', '{"b":{}}', '{"c":"\\""}'],
      "they run together",
    ],
    ['{"a":1}{oops', ['{"a":1}{oops'], "what is no JSON stays as it is"],
    ['{\n  "a": 1\n}\n', ['{\n  "a": 1\n}'], "one object over several lines"],
  ] as const
) {
  Deno.test(`recordsIn() finds ${records.length} records in ${JSON.stringify(text)}: ${why}`, () => {
    const found = recordsIn(new TextEncoder().encode(text)).records;
    assertEquals(found.map((record) => new TextDecoder().decode(record)), [...records]);
  });
}

Deno.test("recordsIn() says what it leaves out of a captured event", () => {
  const kinesisRecordMetadata = { partitionKey: "a" };
  const records = [{ recordId: "1", data: "e30=", kinesisRecordMetadata }, { recordId: "2" }];
  const { notes } = recordsIn(new TextEncoder().encode(JSON.stringify({ records })));
  assertEquals(notes, [
    "without data, and left out: 1",
    "kinesisRecordMetadata is left out: the function gets records of Direct PUT",
  ]);
});

Deno.test("recordsIn() keeps the numbers of a JSON array as they are written", () => {
  const { records } = recordsIn(
    Buffer.from('[\n  {"id": 9007199254740993, "x": 1.0},\n  "a, ]"\n]'),
  );
  assertEquals(records.map((record) => Buffer.from(record).toString()), [
    '{"id":9007199254740993,"x":1.0}',
    '"a, ]"',
  ]);
});

Deno.test("recordsIn() reads the error object of a format conversion", () => {
  const line = { rawData: base64("one"), lastErrorCode: "DataFormatConversion.ParseError" };
  const { kind, records } = recordsIn(Buffer.from(`${JSON.stringify(line)}\n`));
  assertEquals([kind, records.map((record) => Buffer.from(record).toString())], ["error object", [
    "one",
  ]]);
});

for (
  const [what, document, wanted, note] of [
    [
      "the input of PutRecordBatch",
      { DeliveryStreamName: "a", Records: [{ Data: base64("one") }, { Data: base64("two\n") }] },
      ["one", "two\n"],
      undefined,
    ],
    ["the records of PutRecordBatch", [{ Data: base64("one") }], ["one"], undefined],
    ["records of version 1 of the AWS CLI", [{ Data: "{}" }], ["{}"], "not base64"],
    [
      "the event of a CloudWatch Logs subscription",
      { awslogs: { data: base64("one") } },
      ["one"],
      "the same gzip",
    ],
    [
      "the event of a function that Kinesis invokes",
      { Records: [{ eventSource: "aws:kinesis", kinesis: { data: base64("one") } }] },
      ["one"],
      "Kinesis invokes",
    ],
  ] as const
) {
  Deno.test(`recordsIn() finds the records in ${what}`, () => {
    for (const indent of [0, 2]) {
      const { records, notes } = recordsIn(Buffer.from(JSON.stringify(document, null, indent)));
      assertEquals(records.map((record) => Buffer.from(record).toString()), [...wanted]);
      assertEquals(notes.length, note ? 1 : 0);
      if (note) assertStringIncludes(notes[0], note);
    }
  });
}

for (
  const [what, text, error] of [
    // https://docs.aws.amazon.com/firehose/latest/dev/data-transformation-status-model.html, November 2026
    ["the event of MSK", '{"records":[{"recordId":"1","kafkaRecordValue":"YQ=="}]}', "from MSK"],
    ["an event with plain data", '{"records":[{"recordId":"1","data":"{}"}]}', "is not base64"],
    [
      "an error object that is cut off",
      '{"errorCode":"x","rawData":"YQ=="}\n{"errorCode":"x","rawDa',
      "may be cut off",
    ],
  ] as const
) {
  Deno.test(`recordsIn() refuses ${what}, and says why`, () => {
    assertThrows(() => recordsIn(Buffer.from(text)), TypeError, error);
  });
}
