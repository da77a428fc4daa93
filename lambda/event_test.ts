import { assertEquals, assertThrows } from "@std/assert";
import { assertEvent } from "./event.ts";
import { eventOf } from "./sample_event.ts";

const STREAM = { deliveryStreamArn: "arn:aws:firehose:us-east-1:111111111111:deliverystream/s" };

Deno.test("assertEvent() accepts Firehose's event, also an empty one", () => {
  assertEvent(eventOf([new Uint8Array([1])]));
  assertEvent(eventOf([]));
});

for (
  const [event, message] of [
    [null, "the event has no list `records`"],
    ["text", "the event has no list `records`"],
    [{}, "the event has no list `records`"],
    [{ records: {} }, "the event has no list `records`"],
    [{ records: [] }, "deliveryStreamArn is not text"],
    [{ ...STREAM, records: [null] }, "records[0] is not an object"],
    [{ ...STREAM, records: [{ data: "" }] }, "records[0].recordId is not text"],
    [{ ...STREAM, records: [{ recordId: "1" }] }, "records[0].data is not text"],
    [
      { ...STREAM, records: [{ recordId: "1", data: "secret" }, { recordId: "2", data: 1 }] },
      "records[1].data",
    ],
  ] as const
) {
  Deno.test(`assertEvent() refuses ${JSON.stringify(event)}, without quoting it`, () => {
    const error = assertThrows(() => assertEvent(event), TypeError, message);
    assertEquals(error.message.includes("secret"), false);
  });
}
