import { assertEquals, assertThrows } from "@std/assert";
import { readOptions } from "./environment.ts";

Deno.test("readOptions() leaves everything to the defaults if no variable is set", () => {
  const { transform, largeRecords } = readOptions({ AWS_REGION: "us-east-1" });
  assertEquals(Object.values(transform).filter((value) => value !== undefined), []);
  assertEquals(largeRecords, undefined);
});

Deno.test("readOptions() reads every variable", () => {
  const options = readOptions({
    TRANSFORM_STRATEGY: "keep-compressed",
    TRANSFORM_RESPONSE_BYTES_MAX: "6291556",
    TRANSFORM_ROUNDS_MAX: "7",
    TRANSFORM_TOO_LARGE: "write-to-s3",
    TRANSFORM_TOO_LARGE_BUCKET: "records",
    TRANSFORM_TOO_LARGE_PREFIX: "data/!{partitionKeyFromLambda:table}/",
  });
  assertEquals(options, {
    transform: {
      strategy: "keep-compressed",
      responseBytesMax: 6_291_556,
      roundsMax: 7,
      tooLarge: "write-to-s3",
    },
    largeRecords: { bucket: "records", prefix: "data/!{partitionKeyFromLambda:table}/" },
  });
});

const toS3 = { TRANSFORM_TOO_LARGE: "write-to-s3", TRANSFORM_TOO_LARGE_BUCKET: "records" };
for (
  const [environment, message] of [
    [{ TRANSFORM_STRATEGY: "drop" }, 'TRANSFORM_STRATEGY is "drop", not one of drop-and-reingest'],
    [{ TRANSFORM_STRATEGY: "" }, 'TRANSFORM_STRATEGY is ""'],
    [{ TRANSFORM_STRATEGIE: "keep-compressed" }, "TRANSFORM_STRATEGIE is not known"],
    [{ TRANSFORM_RESPONSE_BYTES_MAX: "6291557" }, "not a whole number from 0 to 6291556"],
    [{ TRANSFORM_RESPONSE_BYTES_MAX: "5e6" }, "TRANSFORM_RESPONSE_BYTES_MAX"],
    [{ TRANSFORM_ROUNDS_MAX: "256" }, "not a whole number from 0 to 255"],
    [{ TRANSFORM_ROUNDS_MAX: "-1" }, "TRANSFORM_ROUNDS_MAX"],
    [{ TRANSFORM_TOO_LARGE: "yes" }, "TRANSFORM_TOO_LARGE"],
    [{ TRANSFORM_TOO_LARGE: "write-to-s3" }, "TRANSFORM_TOO_LARGE_BUCKET is missing"],
    [toS3, "TRANSFORM_TOO_LARGE_PREFIX is missing"],
    [
      { ...toS3, TRANSFORM_TOO_LARGE_PREFIX: "data/!{timestamp:yyyy}/" },
      "TRANSFORM_TOO_LARGE_PREFIX has !{timestamp:yyyy}",
    ],
    [{ TRANSFORM_TOO_LARGE_BUCKET: "records" }, "has no meaning unless TRANSFORM_TOO_LARGE"],
  ] as const
) {
  Deno.test(`readOptions() refuses ${JSON.stringify(environment)} by name`, () => {
    assertThrows(() => readOptions(environment), TypeError, message);
  });
}
