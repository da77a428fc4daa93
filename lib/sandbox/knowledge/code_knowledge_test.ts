import { assert, assertEquals } from "@std/assert";
import { codeKnowledge } from "./code_knowledge.ts";
import { guideCodes, guideText } from "./guide_texts.ts";

Deno.test("codeKnowledge() names one cause where Lambda's own word is known", () => {
  const { happened } = codeKnowledge("Lambda.FunctionError", "", "Function.ResponseSizeTooLarge");
  assert(happened.includes("larger than 6,291,556 bytes (413)"), happened);
  assert(!happened.includes("it threw an error"), happened);
});

Deno.test("every code of AWS's guide has a cure, and AWS's text", () => {
  const codes = guideCodes();
  assertEquals(codes.length, 53);
  for (const code of codes) {
    const { happened, cure } = codeKnowledge(code, "");
    assert(!happened.includes("does not know"), code);
    assert(cure, code);
    assert(guideText(code), code);
  }
});

for (
  const [code, message, said] of [
    [
      "Lambda.FunctionError",
      "Invalid output structure. Check your function",
      "own log shows nothing wrong",
    ],
    [
      "Lambda.FunctionError",
      "The Lambda function was successfully invoked but it returned an error result.",
      "failed at every attempt",
    ],
    ["DynamicPartitioning.MetadataExtractionFailed", "Non JSON record provided", "are not JSON"],
    [
      "DynamicPartitioning.MetadataExtractionFailed",
      "partitionKeys values must not be null or empty",
      "null or an empty text",
    ],
    ["DynamicPartitioning.MetadataExtractionFailed", "jq: error", "jq query failed"],
    ["DataFormatConversion.ParseError", "", "malformed JSON"],
    ["DataFormatConversion.MalformedData", "", "does not fit the table"],
    ["DataFormatConversion.InvalidSchema", "", "could not be converted"],
    ["Lambda.NewKind", "", "could not be used for the transformation. (Lambda.NewKind)"],
    ["", "", "names no error code"],
    ["Other.Code", "", "does not know that code"],
  ] as const
) {
  Deno.test(`codeKnowledge() tells ${code || "no code"} with "${message}" apart`, () => {
    assert(
      codeKnowledge(code, message).happened.includes(said),
      codeKnowledge(code, message).happened,
    );
  });
}
