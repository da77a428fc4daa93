/** Objects of the error output: where they are, and in which form. */
import type { ExtendedS3DestinationConfiguration } from "@aws-sdk/client-firehose";
import { assertEquals, assertMatch } from "@std/assert";
import { until } from "../../../testing/until.ts";
import { base64, functionOf, lambdaProcessing, World } from "../testing.ts";

/** A world in which the one record has failed and its line was delivered. */
async function failed(
  destination: Partial<ExtendedS3DestinationConfiguration>,
): Promise<World> {
  const world = await World.with({
    invoker: functionOf(() => ({ result: "ProcessingFailed", data: base64("") })),
  });
  await world.createStream({
    ProcessingConfiguration: lambdaProcessing({
      BufferSizeInMBs: "1",
      BufferIntervalInSeconds: "0",
    }),
    ...destination,
  });
  await world.put("record");
  await until("the fate", () => world.metric("ExecuteProcessing.Success")[0]);
  await until(
    "the metrics of it",
    () => world.metric("SucceedProcessing.Records").length || undefined,
  );
  world.clock.advance(60_000);
  await world.objectsOnceThere(1);
  return world;
}

for (
  const [destination, key, why] of [
    [
      { ErrorOutputPrefix: "errors/!{firehose:error-output-type}/" },
      /^errors\/processing-failed\/stream-1-/,
      "nothing is appended to an expression",
    ],
    [{ ErrorOutputPrefix: "errors" }, /^errorsstream-1-/, "nor to a literal"],
    [
      { Prefix: "data/" },
      /^data\/processing-failed\/2026\/11\/24\/12\/stream-1-/,
      "without one: Prefix, type and date (assumed, the guide's rule and examples differ)",
    ],
    [{}, /^processing-failed\/2026\/11\/24\/12\/stream-1-/, "without either the same"],
  ] as const
) {
  Deno.test(`${JSON.stringify(destination)} puts error lines under ${key.source}: ${why}`, async () => {
    await using world = await failed(destination);
    assertMatch(world.objects()[0].key, key);
  });
}

Deno.test("error objects have the destination's compression and extension (seen by stackd)", async () => {
  await using world = await failed({ CompressionFormat: "GZIP" });
  const [object] = world.objects();
  assertMatch(object.key, /\.gz$/);
  assertEquals(object.contentEncoding, "gzip");
  assertMatch(await world.text(object), /^\{"rawData":"cmVjb3Jk",.*\}\n$/);
});

Deno.test("failed records count as delivered, with the bytes that were put", async () => {
  await using world = await failed({});
  assertEquals(world.metric("DeliveryToS3.Bytes"), ["record".length]);
  assertEquals(world.metric("SucceedProcessing.Records"), [0]);
});
