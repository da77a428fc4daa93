import { assertEquals, assertRejects } from "@std/assert";
import { AwsError } from "../../../errors.ts";
import { World } from "../testing.ts";

/** https://docs.aws.amazon.com/firehose/latest/dev/limits.html: in us-east-1. */
const STREAMS_MAX = 5_000;

// moto 5 has this text, from AWS's older form; the page above has the number.
Deno.test("a stream beyond the account's quota is refused, with the names of all streams", async () => {
  await using world = await World.with();
  await world.createStream();
  const { id: _, ...first } = world.firehose.stream("stream");
  const names = Array.from({ length: STREAMS_MAX - 1 }, (_, n) => `a${n}`);
  await Promise.all(names.map((name) => world.firehose.create({ ...first, name }, () => {})));
  const error = await assertRejects(
    () => world.createStream({}, { DeliveryStreamName: "more" }),
    AwsError,
  );
  assertEquals(error.code, "LimitExceededException");
  assertEquals(
    error.message,
    `You have already consumed your firehose quota of 5000 hoses. Firehose names: [${
      [...names, "stream"].sort().join(", ")
    }]`,
  );
});
