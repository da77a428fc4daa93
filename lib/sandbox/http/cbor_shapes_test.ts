/** CBOR bodies, read by the SDK's schemas. */
import { GetMetricStatistics$, PutMetricData$ } from "@aws-sdk/client-cloudwatch";
import { NormalizedSchema } from "@smithy/core/schema";
import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { AwsError } from "../errors.ts";
import { readCborBody, writeCborShape } from "./cbor_shapes.ts";

const INPUT = NormalizedSchema.of(PutMetricData$[4]);

/** CBOR has no integer -0. */
const double = fc.double({ noNaN: true }).map((value) => value + 0);

/** A date with whole milliseconds: CBOR's times are seconds as floating point. */
const datum = fc.record({
  MetricName: fc.string({ unit: "grapheme" }),
  Timestamp: fc.integer({ min: 0, max: 4e12 }).map((ms) => new Date(ms)),
  Value: double,
  Values: fc.array(double),
  StorageResolution: fc.nat(),
}, { requiredKeys: ["MetricName"], noNullPrototype: true });

Deno.test("a value that is written as a shape is read back unchanged", () => {
  fc.assert(
    fc.property(fc.string(), fc.array(datum), (Namespace, MetricData) => {
      const read = readCborBody(INPUT, writeCborShape(INPUT, { Namespace, MetricData }));
      assertEquals(read, { Namespace, MetricData });
    }),
  );
});

Deno.test("a body is read or refused as malformed, whatever its bytes", () => {
  const valid = writeCborShape(INPUT, { Namespace: "N", MetricData: [{ MetricName: "m" }] });
  const damaged = fc.tuple(fc.nat(valid.length - 1), fc.nat(255)).map(([at, byte]) =>
    valid.with(at, byte)
  );
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 40 }), damaged), (bytes) => {
      for (const operation of [PutMetricData$, GetMetricStatistics$]) {
        try {
          readCborBody(NormalizedSchema.of(operation[4]), bytes);
        } catch (error) {
          assert(error instanceof AwsError, String(error));
          assertEquals(error.code, "SerializationException");
        }
      }
    }),
    { numRuns: 2_000 },
  );
});

for (
  const [hex, why] of [
    ["9a01ffffff".repeat(100_000), "lists that claim more items than there are bytes"],
    ["81".repeat(100_000), "lists in lists without end"],
    ["c25b00000000ffffffff00", "a number of four gigabytes"],
    ["c4821a1000000001", "a decimal fraction with 268 million digits"],
    ["bf", "a map that does not end"],
    ["a1694e616d65737061636501", "a number where text is expected"],
  ] as const
) {
  Deno.test(`a CBOR body is refused at once: ${why}`, () => {
    const error = assertThrows(() => readCborBody(INPUT, Uint8Array.fromHex(hex)), AwsError);
    assertEquals(error.code, "SerializationException");
  });
}
