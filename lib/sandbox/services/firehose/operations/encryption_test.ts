/** Server-side encryption as a status. Texts were captured (September 2026); ours are marked in the code. */
import type { DeliveryStreamEncryptionConfigurationInput } from "@aws-sdk/client-firehose";
import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { until } from "../../../testing/until.ts";
import { World } from "../testing.ts";

const NAME = { DeliveryStreamName: "stream" };
const start = (world: World) => world.call("StartDeliveryStreamEncryption", NAME);
const stop = (world: World) => world.call("StopDeliveryStreamEncryption", NAME);
const statusOf = (world: World) => world.describe().DeliveryStreamEncryptionConfiguration;

const becomes = (world: World, status: string) =>
  until(status, () => statusOf(world)?.Status === status || undefined);

const isEncrypted = async (world: World) => {
  const Record = { Data: new Uint8Array() };
  return Object(await world.call("PutRecord", { ...NAME, Record })).Encrypted;
};

Deno.test("encryption is ENABLING, ENABLED, DISABLING, DISABLED; puts go on and tell", async () => {
  await using world = await World.with();
  await world.createStream();
  assertEquals(statusOf(world), { Status: "DISABLED" });
  await start(world);
  assertEquals(statusOf(world), { KeyType: "AWS_OWNED_CMK", Status: "ENABLING" });
  assertEquals(await isEncrypted(world), false);
  world.clock.advance(5_000);
  await becomes(world, "ENABLED");
  assertEquals(await isEncrypted(world), true);
  await start(world);
  assertEquals(statusOf(world)?.Status, "ENABLED");
  await stop(world);
  assertEquals(statusOf(world)?.Status, "DISABLING");
  assertEquals(await isEncrypted(world), false);
  world.clock.advance(5_000);
  await becomes(world, "DISABLED");
  assertEquals(statusOf(world), { Status: "DISABLED" });
  assertEquals(world.describe().VersionId, "1");
});

Deno.test("a stream can be made with encryption, which comes with the stream", async () => {
  await using world = await World.with();
  await world.createStream({}, {
    DeliveryStreamEncryptionConfigurationInput: { KeyType: "AWS_OWNED_CMK" },
  });
  assertEquals(statusOf(world), { KeyType: "AWS_OWNED_CMK", Status: "ENABLED" });
});

Deno.test("encryption is refused while the stream, or its encryption, changes", async () => {
  await using world = await World.with();
  await world.createStream();
  await start(world);
  for (const call of [start, stop]) {
    const { name } = await assertRejects(() => call(world), Error);
    assertEquals(name, "ResourceInUseException");
  }
  await world.call("DeleteDeliveryStream", NAME);
  const { name } = await assertRejects(() => start(world), Error);
  assertEquals(name, "ResourceInUseException");
});

Deno.test("a stream's encryption is started and stopped 25 times in 24 hours (API reference)", async () => {
  await using world = await World.with();
  await world.createStream();
  for (let call = 0; call < 25; call++) await stop(world);
  const { name, message } = await assertRejects(() => stop(world), Error);
  assertEquals(name, "LimitExceededException");
  assertMatch(message, /25 times/);
  world.clock.advance(24 * 3_600_000);
  await stop(world);
});

const KEY = "arn:aws:kms:us-east-1:123456789012:key/k";

for (
  const [what, key, text] of [
    [
      "a key of the account without its ARN",
      { KeyType: "CUSTOMER_MANAGED_CMK" },
      "KeyARN has to be specified when KeyType is CUSTOMER_MANAGED_CMK",
    ],
    [
      "an ARN of the key that AWS owns",
      { KeyType: "AWS_OWNED_CMK", KeyARN: KEY },
      "KeyARN cannot be specified when KeyType is AWS_OWNED_CMK",
    ],
    [
      "a key of another region",
      { KeyType: "CUSTOMER_MANAGED_CMK", KeyARN: KEY.replace("us-east-1", "eu-west-1") },
      "Cross-region keys are not allowed for SSE. Please provide CMKs in the same region as " +
      "firehose",
    ],
    [
      "a key of the account",
      { KeyType: "CUSTOMER_MANAGED_CMK", KeyARN: KEY },
      "The sandbox does not support KeyType CUSTOMER_MANAGED_CMK.",
    ],
  ] satisfies [string, DeliveryStreamEncryptionConfigurationInput, string][]
) {
  Deno.test(`encryption refuses ${what}, at create and later`, async () => {
    await using world = await World.with();
    const input = { DeliveryStreamEncryptionConfigurationInput: key };
    const refused = `InvalidArgumentException: ${text}`;
    const create = await assertRejects(() => world.createStream({}, input), Error);
    assertEquals(`${create.name}: ${create.message}`, refused);
    await world.createStream();
    const later = await assertRejects(
      () => world.call("StartDeliveryStreamEncryption", { ...NAME, ...input }),
      Error,
    );
    assertEquals(`${later.name}: ${later.message}`, refused);
    assertEquals(statusOf(world), { Status: "DISABLED" });
  });
}
