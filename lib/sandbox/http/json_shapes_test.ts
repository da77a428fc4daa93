import { PutRecordBatch$ } from "@aws-sdk/client-firehose";
import { NormalizedSchema } from "@smithy/core/schema";
import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { readJsonBody } from "./json_shapes.ts";

Deno.test("readJsonBody() reads the blobs of a body as they were written, among any text", () => {
  const schema = NormalizedSchema.of(PutRecordBatch$[4]);
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.array(fc.uint8Array()), (name, blobs) => {
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
