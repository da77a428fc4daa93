/** The fast JSON reader and writer agree with the SDK's own on any value. */
import { PutMetricData$ } from "@aws-sdk/client-cloudwatch";
import { PutRecordBatch$ } from "@aws-sdk/client-firehose";
import { JsonShapeDeserializer2, JsonShapeSerializer2 } from "@smithy/core/protocols";
import { NormalizedSchema } from "@smithy/core/schema";
import type { CodecSettings } from "@smithy/types";
import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { AwsError } from "../errors.ts";
import { Scene } from "../coverage/scene.ts";
import type { BoundOperation, Protocol } from "../operation.ts";
import { codecOf } from "./codec.ts";
import { readJsonBody } from "./json_shapes.ts";
import { codePoint } from "../testing/code_point.ts";

const SETTINGS: CodecSettings & { jsonName: boolean } = {
  timestampFormat: { useTrait: true, default: 7 },
  jsonName: true,
};
/** The depth of values of recursive shapes. */
const DEPTH_MAX = 4;

/** Any JSON value of a shape, also with members that the shape does not have. */
function jsonOf(schema: NormalizedSchema, depth = 0): fc.Arbitrary<unknown> {
  if (schema.isListSchema()) {
    return fc.array(jsonOf(schema.getValueSchema(), depth + 1), { maxLength: 3 });
  }
  if (schema.isMapSchema()) {
    return fc.dictionary(words, jsonOf(schema.getValueSchema(), depth + 1), { maxKeys: 3 });
  }
  if (schema.isStructSchema()) {
    const members = Object.fromEntries(
      [...schema.structIterator()].filter(() => depth < DEPTH_MAX)
        .map(([name, member]) => [name, jsonOf(member, depth + 1)]),
    );
    const known = fc.record(members, { requiredKeys: [] });
    return fc.tuple(known, fc.boolean()).map(([value, isMore]) =>
      isMore ? { ...value, unknownMember: { nested: [1, "x"] } } : value
    );
  }
  if (schema.isBlobSchema()) {
    return fc.uint8Array({ maxLength: 40 }).map((bytes) => bytes.toBase64());
  }
  if (schema.isBooleanSchema()) return fc.boolean();
  if (schema.isTimestampSchema()) return fc.integer({ min: 0, max: 4_000_000_000 });
  if (schema.isNumericSchema()) return fc.integer();
  return words;
}

/** Text with and without letters outside ASCII: the two are read differently. */
const words = fc.oneof(fc.string(), fc.string({ unit: codePoint, maxLength: 8 }))
  .filter((text) => text.isWellFormed() && text !== "__proto__");

/** Every operation that the sandbox has in JSON, by name. */
async function jsonOperations(): Promise<[string, BoundOperation, Protocol][]> {
  await using scene = await Scene.open();
  return scene.services.flatMap(({ protocol, signingName, operations }) =>
    protocol.kind === "awsJson"
      ? [...operations].map((
        [name, operation],
      ): [string, BoundOperation, Protocol] => [`${signingName}:${name}`, operation, protocol])
      : []
  );
}

/** The result of the SDK's reader. */
const read = (schema: NormalizedSchema, text: string): Promise<unknown> =>
  new JsonShapeDeserializer2(SETTINGS).read(schema, text);

Deno.test("readJsonBody() reads any body as the SDK's own reader does, for every operation", async () => {
  const operations = await jsonOperations();
  assert(operations.length > 20, `${operations.length} operations`);
  for (const [name, { schema: [, , , , input] }] of operations) {
    const schema = NormalizedSchema.of(input);
    await fc.assert(
      fc.asyncProperty(jsonOf(schema), async (value) => {
        const text = JSON.stringify(value);
        const ours = readJsonBody(schema, new TextEncoder().encode(text));
        assertEquals(plain(ours), plain(await read(schema, text)), name);
      }),
      { numRuns: 20 },
    );
  }
});

Deno.test("an answer in JSON equals the output of the SDK's own writer, for every operation", async () => {
  for (const [name, operation, protocol] of await jsonOperations()) {
    const schema = NormalizedSchema.of(operation.schema[5]);
    if (schema.isUnitSchema()) continue;
    const codec = codecOf(operation, protocol);
    await fc.assert(
      fc.asyncProperty(jsonOf(schema), async (value) => {
        const output = await read(schema, JSON.stringify(value));
        const serializer = new JsonShapeSerializer2(SETTINGS);
        serializer.write(schema, output);
        const theirs = new TextDecoder().decode(serializer.flush());
        const ours = await codec.encode(output, "id").text();
        assertEquals(JSON.parse(ours), JSON.parse(theirs), name);
      }),
      { numRuns: 20 },
    );
  }
});

/** The same bytes, whatever class holds them, and without members that are undefined. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return { base64: new Uint8Array(value).toBase64() };
  if (value instanceof Date || typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(plain);
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(entries.map(([name, member]) => [name, plain(member)]));
}

Deno.test("readJsonBody() refuses null in a list, as Smithy's tests of malformed requests do", () => {
  // https://github.com/smithy-lang/smithy, RestJsonBodyMalformedListNullItem (2026-11)
  const body = new TextEncoder().encode('{"DeliveryStreamName":"s","Records":[null]}');
  assertThrows(() => readJsonBody(NormalizedSchema.of(PutRecordBatch$[4]), body), AwsError, "null");
});

Deno.test("readJsonBody() reads blobs unchanged, among any text", () => {
  const schema = NormalizedSchema.of(PutRecordBatch$[4]);
  fc.assert(
    fc.property(fc.string({ unit: codePoint }), fc.array(fc.uint8Array()), (name, blobs) => {
      const text = JSON.stringify({
        DeliveryStreamName: name,
        Records: blobs.map((blob) => ({ Data: blob.toBase64() })),
      });
      assertEquals(readJsonBody(schema, new TextEncoder().encode(text)), {
        DeliveryStreamName: name,
        Records: blobs.map((blob) => ({ Data: new Uint8Array(blob) })),
      });
    }),
  );
});

Deno.test("a timestamp that no Date can have is refused: its metric would be lost with others", () => {
  const read = (seconds: string) =>
    readJsonBody(
      NormalizedSchema.of(PutMetricData$[4]),
      new TextEncoder().encode(`{"MetricData":[{"Timestamp":${seconds}}]}`),
    );
  const last = 8_640_000_000_000;
  assertEquals(read(String(last)), { MetricData: [{ Timestamp: new Date(last * 1000) }] });
  for (const seconds of ["1e300", String(last + 1), '"1"']) {
    assertThrows(() => read(seconds), AwsError, "where a timestamp was expected");
  }
});
