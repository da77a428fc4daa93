import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { Buffer } from "node:buffer";
import { gzipSync } from "node:zlib";
import { gzipWith } from "../../../../lambda/testing.ts";
import { sampleEvents } from "../../../data/events.ts";
import { resultsFor } from "../../../readers/results.ts";
import type { Explanation } from "../../../sandbox/knowledge/explanation.ts";
import { explainFiles } from "../explain.ts";

const LINES = sampleEvents(20).map((event) => `${JSON.stringify(event)}\n`);
const TEXT = LINES.join("");

async function explained(
  bytes: Uint8Array,
  name = "part-1.json",
  contentEncoding?: string,
): Promise<Explanation[]> {
  const open = () => ReadableStream.from([bytes.slice(0, 5), bytes.slice(5)]);
  const [file] = await explainFiles([{ name, open, contentEncoding }]);
  assert(file.isKnown);
  return [...file.explanations];
}

const subjectsOf = (explanations: readonly Explanation[]) =>
  explanations.slice(1).map(({ subject }) => subject);

Deno.test("an object of JSON lines in one gzip member has nothing that readers get wrong", async () => {
  const [summary, ...traits] = await explained(gzipSync(TEXT), "part-1.json.gz");
  assertEquals(traits, []);
  assertEquals(summary.subject, "a delivered object with 20 records");
  assertMatch(summary.happened, /nothing that a reader/);
  assertMatch(summary.numbers[0], /^gzip of 1 member, [\d,]+ bytes; [\d,]+ bytes of content$/);
});

for (
  const [name, bytes, subject, why] of [
    [
      "a.gz",
      Buffer.concat(LINES.map((line) => gzipSync(line))),
      "20 gzip members in one object",
      "a member for each record",
    ],
    [
      "a.gz",
      Buffer.concat([gzipSync(TEXT), gzipSync(TEXT)]),
      "2 gzip members in one object",
      "a member for each batch",
    ],
    [
      "a.gz",
      gzipWith(Buffer.from(TEXT), { comment: "c" }),
      "header fields of gzip members",
      "a comment",
    ],
    [
      "a.gz",
      gzipWith(Buffer.from(TEXT), { hasChecksum: true }),
      "header fields of gzip members",
      "a header checksum",
    ],
    [
      "a.gz",
      gzipWith(Buffer.from(TEXT), { isText: true }),
      "header fields of gzip members",
      "the text flag",
    ],
    [
      "a.gz",
      Buffer.concat([gzipSync(TEXT), Buffer.alloc(40)]),
      "damaged gzip",
      "zeros at the end",
    ],
    ["a.json", Buffer.from(TEXT.replaceAll("\n", "")), "JSON run together", "no delimiter"],
    [
      "a.json",
      Buffer.from(TEXT.trimEnd()),
      "no line feed at the end",
      "the delimiter stands between records",
    ],
    [
      "a.json",
      Buffer.from(TEXT.replaceAll("\n", "\n\n")),
      "20 empty lines",
      "the records end with a line feed, and get another one",
    ],
    [
      "a.gz",
      Buffer.from(TEXT),
      "a name that does not fit the content",
      "an error object under FileExtension .gz",
    ],
    ["a.zip", gzipSync(TEXT), "a name that does not fit the content", "gzip named .zip"],
  ] as const
) {
  Deno.test(`an object is explained as "${subject}": ${why}`, async () => {
    assertEquals(subjectsOf(await explained(bytes, name)), [subject]);
  });
}

Deno.test("several members name each reader that errs, with the rows it got and its switch", async () => {
  const object = Buffer.concat(LINES.map((line) => gzipSync(line)));
  const [, { numbers, cure, happened }] = await explained(object, "a.gz");
  const wrong = resultsFor("keptMembers").filter(({ outcome }) => outcome !== "right");
  assertEquals(numbers.length, wrong.length);
  for (const { reader } of wrong) assert(numbers.some((line) => line.startsWith(reader)), reader);
  assert(numbers.some((line) => line.endsWith("what works: MultiGzDecoder")));
  assertStringIncludes(cure ?? "", "CompressionFormat GZIP");
  assertMatch(happened, /Of \d+ readers tried, \d+ read all; \d+ lost rows without an error/);
});

Deno.test("an object without a last line feed names the reader that loses its last record", async () => {
  const [, { happened }] = await explained(Buffer.from(TEXT.trimEnd()), "a.json");
  assertMatch(happened, /only fastjson2 parseObject by lines [\d.]+ \(5,999 of 6,000 rows;/);
  assertStringIncludes(happened, "what works: JSONReader.of(…) in a loop");
});

Deno.test("header fields name the readers that refuse them, and none that stops before", async () => {
  const [, { numbers }] = await explained(gzipWith(Buffer.from(TEXT), { comment: "c" }), "a.gz");
  assertStringIncludes(numbers.join("\n"), "duckdb");
  assert(!numbers.join("\n").includes("flate2 GzDecoder"));
});

Deno.test("Content-Encoding: gzip is explained by the members, and refused where nothing is gzip", async () => {
  const encoded = async (bytes: Uint8Array) => subjectsOf(await explained(bytes, "a", "gzip"));
  assertEquals(await encoded(gzipSync(TEXT)), ["Content-Encoding: gzip"]);
  assertEquals(await encoded(Buffer.concat([gzipSync(TEXT), gzipSync(TEXT)])), [
    "2 gzip members in one object",
    "Content-Encoding: gzip, and several members",
  ]);
  assertEquals(await encoded(Buffer.from(TEXT)), ["a name that does not fit the content"]);
});

for (
  const [key, subjects] of [
    ["data/month=01/a.json", ["partition path: month=01"]],
    ["data/customer=00123/a.json", ["partition path: customer=00123"]],
    ["data/date=2026-11-30/a.json", ["partition path: date=2026-11-30"]],
    ["data/tag=a=b/a.json", ["partition path: tag=a=b"]],
    ["data/table=orders/a.json", ["partition path: table=orders"]],
    ["data/db=shop/_audit/a.json", ["partition path: _audit"]],
    ["data/db=shop/.a.json", ["partition path: .a.json"]],
    ["shop/orders/2026/a.json", ["partition path: shop/orders/2026"]],
    ["data/db=shop/month=1/a.json", []],
    ["data/db=!5Faudit/a.json", []],
  ] as const
) {
  Deno.test(`the path ${key} ${subjects.length > 0 ? "is explained" : "surprises no reader"}`, async () => {
    const explanations = await explained(Buffer.from(TEXT), `s3://bucket/${key}`);
    assertEquals(subjectsOf(explanations), [...subjects]);
  });
}

Deno.test("a file's path counts from its first partition folder on", async () => {
  const at = async (path: string) => subjectsOf(await explained(Buffer.from(TEXT), path));
  assertEquals(await at("/home/_me/downloads/a.json"), []);
  assertEquals(await at("/home/_me/downloads/month=01/a.json"), ["partition path: month=01"]);
});

Deno.test("an object that is cut off says in which member", async () => {
  const bytes = Buffer.concat([gzipSync(TEXT), gzipSync(TEXT).subarray(0, -4)]);
  const [file] = await explainFiles([{ name: "a.gz", open: () => ReadableStream.from([bytes]) }]);
  assertEquals(file.isKnown, false);
  assertEquals(file.explanations[0].numbers, ["member 2 is cut off"]);
});

Deno.test("an error object that is plain and named .gz says so beside its codes", async () => {
  const line = {
    rawData: btoa("x"),
    errorCode: "Lambda.FunctionError",
    errorMessage: "The Lambda function was successfully invoked but it returned an error result.",
    attemptsMade: 4,
    arrivalTimestamp: 0,
    attemptEndingTimestamp: 0,
  };
  const [codes, name] = await explained(Buffer.from(`${JSON.stringify(line)}\n`), "error/a.gz");
  assertStringIncludes(codes.subject, "Lambda.FunctionError");
  assertEquals(name.subject, "a name that does not fit the content");
});

Deno.test("one plain JSON document is no delivered object, unless it comes from S3", async () => {
  const open = () => ReadableStream.from([Buffer.from('{"a":1}')]);
  const [file, object] = await explainFiles([
    { name: "a.json", open },
    { name: "s3://bucket/data/db=shop/a.json", open },
  ]);
  assertEquals([file.isKnown, object.isKnown], [false, true]);
  assertEquals(object.explanations[0].subject, "a delivered object with 1 record");
});
