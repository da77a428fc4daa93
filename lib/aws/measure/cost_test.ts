import { assertEquals, assertStringIncludes } from "@std/assert";
import { billedBytes, costOf, costTable } from "./cost.ts";

for (
  const [size, steps, why] of [
    [0, 0, "nothing"],
    [1, 1, "the smallest record"],
    [5120, 1, "5 KB exactly"],
    [5121, 2, "one byte more"],
  ] as const
) {
  Deno.test(`billedBytes() counts ${steps} steps of 5 KB for ${why}`, () => {
    assertEquals(billedBytes([size]), steps * 5120);
  });
}

Deno.test("costOf() is what 100,000 records of 200 bytes cost: they are billed as 512 MB", () => {
  const usage = { firehoseBytes: billedBytes(new Array<number>(100_000).fill(200)) };
  assertEquals(costOf(usage).toFixed(4), "0.0138");
});

Deno.test("costTable() counts bytes in decimal units, and says which GB the price means", () => {
  const { text } = costTable({ firehoseBytes: 51_200_000 });
  assertStringIncludes(text, "51.2 MB");
  assertStringIncludes(text, "0.029 USD per GB (2^30 bytes)");
  assertStringIncludes(text, "0.001383");
});

Deno.test("costTable() has a line for each meter, the sum, and where the prices are from", () => {
  const { text, html } = costTable({ s3Puts: 2000, s3Gets: 1000 });
  assertStringIncludes(text, "S3: PUT and LIST requests");
  assertStringIncludes(text, "0.005 USD per 1,000");
  assertStringIncludes(text, "Sum");
  assertStringIncludes(html.text, "https://aws.amazon.com/s3/pricing/");
  assertEquals(text.includes("firehose"), false);
});
