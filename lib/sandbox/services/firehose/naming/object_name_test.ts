import { assertEquals, assertMatch } from "@std/assert";
import { systemRandom } from "../../../random.ts";
import { evaluatedPrefix, extensionOf } from "./object_name.ts";

const UTC_NEW_YEAR = Date.UTC(2027, 0, 1, 0, 30, 5, 999);

function prefixOf(
  prefix: string | undefined,
  rest: { readonly timeZone?: string; readonly errorOutputType?: string } = {},
): Promise<string> {
  return evaluatedPrefix({
    prefix,
    arrivalMs: UTC_NEW_YEAR,
    timeZone: rest.timeZone ?? "UTC",
    partitionKeys: new Map([
      ["partitionKeyFromLambda:city", "Zürich/8001"],
      ["partitionKeyFromQuery:city", "Bern"],
    ]),
    errorOutputType: rest.errorOutputType,
  }, systemRandom);
}

for (
  const [prefix, expected, why] of [
    [undefined, "2027/01/01/00/", "the date path stands for a missing prefix"],
    ["", "2027/01/01/00/", "and for an empty one"],
    ["legacy", "legacy2027/01/01/00/", "it is joined on without a slash"],
    ["a/!{timestamp:yyyy/MM}/", "a/2027/01/", "nothing is joined on to an expression"],
    ["!{timestamp:'year='yyyy}/", "year=2027/", "quoted text is literal"],
    ["!{timestamp:YYYY}!{timestamp:yyyy}", "20272027", "the week's year is another letter"],
    ["!{timestamp:ss.SSS}", "05.000", "times have second precision"],
    ["!{timestamp:EEE MMM VV}", "Fri Jan UTC", "names are English"],
    ["c=!{partitionKeyFromLambda:city}/", "c=Zürich/8001/", "keys go in verbatim"],
    ["!{partitionKeyFromQuery:city}/", "Bern/", "jq's key of a name is not the function's"],
  ] as const
) {
  Deno.test(`the prefix ${prefix ?? "(none)"} becomes ${expected}: ${why}`, async () => {
    assertEquals(await prefixOf(prefix), expected);
  });
}

Deno.test("a prefix is evaluated in the custom time zone", async () => {
  assertEquals(await prefixOf(undefined, { timeZone: "America/New_York" }), "2026/12/31/19/");
  assertEquals(await prefixOf("!{timestamp:XXX}", { timeZone: "Asia/Calcutta" }), "+05:30");
});

Deno.test("random-string is 11 characters, new each time, and stops the date path", async () => {
  const prefix = await prefixOf("!{firehose:random-string}/!{firehose:random-string}/");
  assertMatch(prefix, /^[0-9a-f-]{11}\/[0-9a-f-]{11}\/$/);
  const [first, second] = prefix.split("/");
  assertEquals(first === second, false);
});

Deno.test("an error output prefix has its type, and no date path joined on", async () => {
  const errorOutputType = "processing-failed";
  assertEquals(await prefixOf("errors/", { errorOutputType }), "errors/");
  assertEquals(
    await prefixOf("e/!{firehose:error-output-type}/", { errorOutputType }),
    "e/processing-failed/",
  );
});

Deno.test("FileExtension replaces the extension of the compression; an empty one does not", () => {
  assertEquals(extensionOf("GZIP"), ".gz");
  assertEquals(extensionOf("GZIP", ""), ".gz");
  assertEquals(extensionOf("GZIP", ".json.gz"), ".json.gz");
  assertEquals(extensionOf("UNCOMPRESSED"), "");
});
