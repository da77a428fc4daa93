import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { cardView, checkpointView, wantedErrorView } from "./cards.ts";
import { guesses } from "./guess.ts";
import { explainKey, objectTree } from "./objects.ts";
import { bufferPlot, partitionBars, sizeBars } from "./plots.ts";
import { card } from "./style.ts";
import { table } from "./table.ts";
import { foldedFile, textFile } from "./text_file.ts";

Deno.test("table() has the columns of all rows in the order of their first naming", () => {
  const { text } = table([{ a: 1, b: "two" }, { c: true, a: 3000 }]);
  assertEquals(text.split("\n").map((line) => line.split(/ +/)), [
    ["a", "b", "c"],
    ["1", "two"],
    ["3,000", "true"],
  ]);
});

Deno.test("table() aligns numbers right, and leaves a cell without a value empty", () => {
  const { html } = table([{ n: 12, s: "12", none: undefined }]);
  const cells = [...html.text.matchAll(/<td style="[^"]*text-align:(\w+)[^"]*">([^<]*)</g)];
  assertEquals(cells.map(([, align, text]) => [align, text]), [
    ["right", "12"],
    ["left", "12"],
    ["left", ""],
  ]);
});

Deno.test("table() aligns a number left in a column that has texts too", () => {
  const { html } = table([{ name: "id", value: 1 }, { name: "table", value: "orders" }]);
  assertEquals(html.text.includes("text-align:right"), false);
});

Deno.test("table() wraps a phrase in a narrow window, and keeps a code whole", () => {
  const styleOf = (text: string) =>
    /<td style="([^"]*)"/.exec(table([{ text }]).html.text)?.[1] ?? "";
  assertStringIncludes(styleOf("SignatureDoesNotMatch"), "white-space:nowrap");
  assertStringIncludes(styleOf("two words"), "white-space:nowrap");
  assert(!styleOf("mistakes that are accepted").includes("nowrap"));
});

Deno.test("table() shows the values that JSON hides", () => {
  const row = { nil: null, nan: NaN, most: Infinity, zero: -0, big: 5n };
  assertEquals(table([row]).text.split("\n").at(-1)?.split(/ +/), [
    "null",
    "NaN",
    "Infinity",
    "-0",
    "5n",
  ]);
});

Deno.test("foldedFile() shows its name and how many lines it has, and the text once opened", () => {
  const { html, text } = foldedFile("own.py", "a <b>\nb\n");
  assertStringIncludes(html.text, "<summary>own.py (2 lines)</summary>");
  assertStringIncludes(html.text, "a &lt;b&gt;\nb</pre>");
  assertEquals(text, "own.py\n  a <b>\n  b");
});

Deno.test("table() and textFile() cut what is too much for a notebook, and say so", () => {
  const { text, html } = table(Array.from({ length: 1_500 }, (_, n) => ({ n })), "Numbers.");
  assertStringIncludes(text, "Numbers. The first 1,000 of 1,500 rows.");
  assert(!html.text.includes("1,200"));
  const file = textFile("large.log", "x".repeat(300_000)).text;
  assertStringIncludes(file, "(the first 200,000 of 300,000 characters)");
  assert(file.length < 201_000);
});

Deno.test("table() shows times in ISO 8601 and objects as JSON", () => {
  const { text } = table([{ at: new Date(0), tags: { a: 1 } }]);
  assertStringIncludes(text, "1970-01-01T00:00:00.000Z");
  assertStringIncludes(text, '{"a":1}');
});

Deno.test("table() of no rows is a table, not an error", () => {
  assertEquals(table([], "nothing").text, "nothing\n");
});

Deno.test("a card has its tone's colour, its title and its lines", () => {
  const { html, text } = cardView("bad", "Title", ["one", "two"]);
  assertStringIncludes(html.text, card("bad"));
  assertEquals(text, "Title\n  one\n  two");
});

Deno.test("a checkpoint gives advice for what is missing, and only for that", () => {
  const { html, text } = checkpointView("Step 1", [
    ["the bucket", true, "make the bucket"],
    ["the stream", false, "make the stream"],
  ]);
  assertEquals(text, "Not yet: Step 1\n  ok the bucket\n  -- the stream: make the stream");
  assertStringIncludes(html.text, "→ make the stream");
  assertEquals(html.text.includes("make the bucket"), false);
});

Deno.test("a wanted error is shown with its name and its message", () => {
  const error = Object.assign(new Error("The bucket is not there"), { name: "NoSuchBucket" });
  assertEquals(wantedErrorView(error).text, "As expected: NoSuchBucket: The bucket is not there");
});

Deno.test("objectTree() shows folders first, sorted, chains on one line, and counts objects and bytes", () => {
  const { text } = objectTree([
    { key: "top.txt", sizeBytes: 1 },
    { key: "b/two", sizeBytes: 2 },
    { key: "a/c/one", sizeBytes: 1000 },
  ], "bucket");
  assertEquals(text.split("\n"), [
    "bucket: 3 objects, 1,003 bytes",
    "  a/c/",
    "    one  1000 bytes",
    "  b/",
    "    two  2 bytes",
    "  top.txt  1 bytes",
  ]);
});

Deno.test("objectTree() counts what a full folder does not show", () => {
  const objects = Array.from({ length: 10 }, (_, n) => ({ key: `a/${n}`, sizeBytes: 1 }));
  assertEquals(objectTree(objects, "bucket").text.split("\n").at(-1), "    and 2 more objects");
  assertEquals(objectTree([], "bucket").text, "bucket: 0 objects, 0 bytes");
});

const KEY = "data/year=2026/my-stream-1-2026-01-15-10-30-00-" +
  "01234567-89ab-cdef-0123-456789abcdef.gz";

Deno.test("explainKey() names prefix, stream, version, time, UUID and extension", () => {
  const texts = explainKey(KEY, "my-stream").text.split("\n").map((line) => line.split("  ")[0]);
  assertEquals(texts, [
    "data/year=2026/",
    "my-stream",
    "1",
    "2026-01-15-10-30-00",
    "01234567-89ab-cdef-0123-456789abcdef",
    ".gz",
  ]);
});

Deno.test("explainKey() leaves out what a key does not have", () => {
  const bare = KEY.slice("data/year=2026/".length, -".gz".length);
  assertEquals(explainKey(bare, "my-stream").text.split("\n").length, 4);
});

Deno.test("explainKey() refuses a key that Firehose did not make", () => {
  assertThrows(() => explainKey("hello.txt", "my-stream"), TypeError, "hello.txt");
});

Deno.test("bufferPlot() draws SVG whose caption says how full the buffer is", async () => {
  const samples = [{ seconds: 0, bytes: 0 }, { seconds: 12, bytes: 1024 * 1024 / 2 }];
  const { html, text } = await bufferPlot(samples, { sizeInMBs: 5, intervalSeconds: 60 });
  assertEquals(text, "The buffer has 0.50 of 5 MiB. Its first record is 12 of 60 s old.");
  assertStringIncludes(html.text, "<svg");
  assertStringIncludes(html.text, `<figcaption`);
  assertEquals(html.text.includes("NaN"), false);
});

Deno.test("bufferPlot() counts the interval from the first record of the buffer that is open", async () => {
  const half = 1024 * 1024 / 2;
  const hints = { sizeInMBs: 1, intervalSeconds: 60 };
  const filling = [[0, 0], [5, half], [20, 2 * half], [22, half], [30, half]] as const;
  const samples = filling.map(([seconds, bytes]) => ({ seconds, bytes }));
  assertStringIncludes(
    (await bufferPlot(samples, hints)).text,
    "0.50 of 1 MiB. Its first record is 10 of 60 s old.",
  );
  const empty = await bufferPlot([...samples, { seconds: 81, bytes: 0 }], hints);
  assertEquals(empty.text, "The buffer is empty: S3 has everything, 81 s after the first record.");
});

Deno.test("bufferPlot() knows that the next buffer opened before S3 had the full one", async () => {
  const quarter = 1024 * 1024 / 4;
  // Full at 50 s; records went into the next buffer at 55 and 60 s; S3 had the object at 70 s.
  const steps = [[0, 0], [10, 1], [50, 4], [55, 5], [60, 6], [70, 2], [90, 2]] as const;
  const samples = steps.map(([seconds, quarters]) => ({ seconds, bytes: quarters * quarter }));
  const { text } = await bufferPlot(samples, { sizeInMBs: 1, intervalSeconds: 60 });
  assertStringIncludes(text, "0.50 of 1 MiB. Its first record is 35 of 60 s old.");
});

Deno.test("bufferPlot() has room for what is above the hints", async () => {
  const samples = [{ seconds: 0, bytes: 0 }, { seconds: 90, bytes: 9 * 1024 * 1024 }];
  const { html } = await bufferPlot(samples, { sizeInMBs: 5, intervalSeconds: 60 });
  const [, line] = /aria-label="line"[^>]*>.*?<path[^>]* d="([^"]+)"/s.exec(html.text) ?? [];
  const numbers = line.match(/-?[\d.]+/g)?.map(Number) ?? [];
  assert(numbers.length > 3 && numbers.every((number) => number >= 0 && number <= 640), line);
});

Deno.test("bufferPlot() of no samples is an empty plot, not an error", async () => {
  const { html } = await bufferPlot([], { sizeInMBs: 5, intervalSeconds: 60 });
  assertStringIncludes(html.text, "<svg");
  assertEquals(html.text.includes("NaN"), false);
});

Deno.test("sizeBars() draws a given limit as a line", async () => {
  const bars = [{ name: "one", bytes: 1500 }];
  const markup = async (limitBytes?: number) =>
    (await sizeBars(bars, { caption: "sizes", limitBytes })).html.text;
  const rules = (text: string) => text.split('aria-label="rule"').length;
  const plain = await markup();
  assert(rules(await markup(2000)) > rules(plain));
  assertStringIncludes(plain, ">1.5</text>");
});

Deno.test("partitionBars() draws a bar for each partition and measure, with its number", async () => {
  const { html, text } = await partitionBars([
    { partition: "shop/orders", records: 1200, bytes: 400_000 },
    { partition: "shop/none", records: 0, bytes: 0 },
  ], { caption: "Two partitions." });
  assertEquals(text, "Two partitions.");
  for (const part of ["shop/orders", "1,200", "400.0", "kB"]) {
    assertStringIncludes(html.text, part);
  }
  assertEquals(html.text.includes("NaN"), false);
});

Deno.test("guesses() takes a guess that reads like the result as right, whatever its type and case", () => {
  for (
    const [guess, came, mark] of [
      [2, 2, "✓"],
      ["2", 2, "✓"], // the kernel checks no types
      ["accessdenied", "AccessDenied", "✓"],
      [3, 2, "≠"],
      ["20", 2, "≠"],
    ] as const
  ) assertStringIncludes(guesses([{ what: "", guess, came, because: "" }]).text, ` ${mark}`);
});
