import { assertEquals, assertThrows } from "@std/assert";
import { failedRecord } from "./failed_record.ts";

const LINE = {
  rawData: "YWJj",
  errorCode: "Lambda.FunctionError",
  arrivalTimestamp: 1796023778451,
};

Deno.test("failedRecord() reads the members of format conversion, and times as text", () => {
  const { errorCode, errorMessage, arrived } = failedRecord({
    rawData: "",
    lastErrorCode: "DataFormatConversion.ParseError",
    lastErrorMessage: "a message",
    arrivalTimestamp: "1796023778451",
  });
  assertEquals(
    [errorCode, errorMessage, arrived.getTime()],
    ["DataFormatConversion.ParseError", "a message", 1796023778451],
  );
});

for (
  const [what, value, message] of [
    ["another document", { records: [] }, "no rawData"],
    ["null", null, "no rawData"],
    ["rawData that is not text", { ...LINE, rawData: 7 }, "rawData is not text"],
    ["rawData that is not base64", { ...LINE, rawData: "a{}" }, "rawData is not base64"],
    ["a time that is a word", { ...LINE, arrivalTimestamp: "yesterday" }, '"yesterday"'],
    [
      "a time in nanoseconds",
      { ...LINE, arrivalTimestamp: 1796023778451000000 },
      "arrivalTimestamp",
    ],
    ["a time that is a list", { ...LINE, arrivalTimestamp: [1] }, "arrivalTimestamp"],
  ] as const
) {
  Deno.test(`failedRecord() refuses ${what}`, () => {
    assertThrows(() => failedRecord(value), TypeError, message);
  });
}
