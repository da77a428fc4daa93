/** S3 backup: its own buffer, rules and failures (captured by stackd, 2026). */
import { assertEquals, assertMatch } from "@std/assert";
import { until } from "../../../testing/until.ts";
import { BUCKET, ROLE_ARN, World } from "../testing.ts";

const BACKUP = {
  RoleARN: ROLE_ARN,
  BucketARN: `arn:aws:s3:::${BUCKET}`,
  BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 60 },
};

Deno.test("the backup has its own interval, prefix, compression and no time zone", async () => {
  await using world = await World.with();
  await world.createStream({
    Prefix: "data/",
    BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 120 },
    CustomTimeZone: "Asia/Tokyo",
    FileExtension: ".json",
    S3BackupMode: "Enabled",
    S3BackupConfiguration: { ...BACKUP, CompressionFormat: "GZIP" },
  });
  await world.put("a");
  world.clock.advance(60_000);
  const [backup] = await world.objectsOnceThere(1);
  assertMatch(backup.key, /^2026\/11\/24\/12\/stream-1-2026-11-24-12-30-25-.*\.gz$/);
  assertEquals(await world.text(backup), "a");
  world.clock.advance(60_000);
  await world.objectsOnceThere(2);
  const [primary] = world.objects().filter(({ key }) => key.startsWith("data/"));
  assertMatch(primary.key, /^data\/2026\/11\/24\/21\/stream-1-2026-11-24-21-30-25-.*\.json$/);
  assertEquals(world.metric("BackupToS3.Records"), [1]);
  assertEquals(world.metric("BackupToS3.DataFreshness"), [60]);
  assertEquals(world.metric("DeliveryToS3.DataFreshness"), [120]);
});

for (const [denied, other] of [["backup/", "data/"], ["data/", "backup/"]]) {
  Deno.test(`a denied ${denied} does not hold up ${other}`, async () => {
    await using world = await World.with();
    await world.createStream({
      Prefix: "data/",
      S3BackupMode: "Enabled",
      S3BackupConfiguration: { ...BACKUP, Prefix: "backup/" },
    });
    await world.saveRole({ resource: `arn:aws:s3:::${BUCKET}/${other}*` });
    await world.put("a");
    world.clock.advance(60_000);
    const [object] = await world.objectsOnceThere(1);
    assertMatch(object.key, new RegExp(`^${other}`));
    await until("a refused delivery", () => world.problems[0]);
    await world.saveRole({});
    world.clock.advance(120_000);
    await world.objectsOnceThere(2);
    assertEquals(await world.textUnder(denied), "a");
  });
}

Deno.test("with an interval of 0 records are delivered without waiting, the backup's after a minute", async () => {
  await using world = await World.with();
  await world.createStream({
    Prefix: "data/",
    BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 0 },
    S3BackupMode: "Enabled",
    S3BackupConfiguration: { ...BACKUP, Prefix: "backup/" },
  });
  await world.put("a");
  await world.objectsOnceThere(1);
  assertEquals(await world.textUnder("data/"), "a");
  await world.put("b");
  await world.objectsOnceThere(2);
  world.clock.advance(60_000);
  await world.objectsOnceThere(3);
  assertEquals(await world.textUnder("backup/"), "ab");
});
