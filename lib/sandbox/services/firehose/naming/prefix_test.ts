import { assertEquals, assertInstanceOf } from "@std/assert";
import fc from "fast-check";
import { parsePrefix, PrefixFault, type PrefixPart } from "./prefix.ts";

/** A part as it is written. */
function written(part: PrefixPart): string {
  switch (part.kind) {
    case "literal":
      return part.text;
    case "timestamp":
      return `!{timestamp:${part.pattern}}`;
    case "randomString":
      return "!{firehose:random-string}";
    case "errorOutputType":
      return "!{firehose:error-output-type}";
    default:
      return `!{${part.kind}:${part.key}}`;
  }
}

const piece = fc.constantFrom(
  "!{timestamp:yyyy/MM}",
  "!{firehose:random-string}",
  "!{firehose:error-output-type}",
  "!{partitionKeyFromQuery:k}",
  "!{partitionKeyFromLambda:ü}",
  "!{",
  "}",
  "!",
  "{",
  ":",
  "data/",
  "!{time:x}",
  "!{firehose:x}",
  "!{partitionKeyFromQuery:}",
);

Deno.test("a prefix is read into parts that are written as it was, or refused with AWS's text", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(piece, fc.string())), (pieces) => {
      const prefix = pieces.join("");
      try {
        const parts = parsePrefix(prefix, "Prefix");
        assertEquals(parts.map(written).join(""), prefix);
      } catch (error) {
        assertInstanceOf(error, PrefixFault);
      }
    }),
    { numRuns: 500 },
  );
});

Deno.test("what is in no expression is literal: braces, colons and exclamation marks", () => {
  const prefix = "a}{b:!c!/{timestamp:yyyy}";
  assertEquals(parsePrefix(prefix, "Prefix"), [{ kind: "literal", text: prefix }]);
});
