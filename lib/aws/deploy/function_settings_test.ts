import { assertEquals, assertThrows } from "@std/assert";
import { variablesOf } from "./function_settings.ts";

const DESTINATION = {
  streamArn: "arn:aws:firehose:us-east-1:123456789012:deliverystream/s",
  bucket: "lake",
  prefix: "data/!{partitionKeyFromLambda:table}/",
  invokingRole: "delivery",
  invokingRoleArn: "arn:aws:iam::123456789012:role/delivery",
};

Deno.test("variablesOf() names nothing where nothing is chosen", () => {
  assertEquals(variablesOf({}, DESTINATION), {});
});

Deno.test("variablesOf() names what is chosen, and where large records go", () => {
  assertEquals(
    variablesOf(
      { strategy: "keep-compressed", roundsMax: 3, tooLarge: "write-to-s3" },
      DESTINATION,
    ),
    {
      TRANSFORM_STRATEGY: "keep-compressed",
      TRANSFORM_ROUNDS_MAX: "3",
      TRANSFORM_TOO_LARGE: "write-to-s3",
      TRANSFORM_TOO_LARGE_BUCKET: "lake",
      TRANSFORM_TOO_LARGE_PREFIX: DESTINATION.prefix,
    },
  );
});

Deno.test("variablesOf() refuses to write where no stream says where, or only Firehose can tell", () => {
  const settings = { tooLarge: "write-to-s3" } as const;
  assertThrows(() => variablesOf(settings, undefined), TypeError, "--stream");
  assertThrows(
    () => variablesOf(settings, { ...DESTINATION, prefix: "!{timestamp:yyyy}/" }),
    TypeError,
    "!{timestamp:yyyy}",
  );
});
