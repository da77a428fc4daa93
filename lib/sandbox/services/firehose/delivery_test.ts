/** From put to object: buffers, objects, names. */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { until } from "../../testing/until.ts";
import { Database } from "../../store/database.ts";
import { memoryFiles, type ObjectFiles } from "../../store/object_files.ts";
import { BUCKET, functionOf, lambdaProcessing, ROLE_ARN, World } from "./testing.ts";

Deno.test("records arrive in one object, joined, once the interval is over", async () => {
  await using world = await World.with();
  await world.createStream();
  await world.put("abc", "d");
  world.clock.advance(10_000);
  await world.put("ef");
  world.clock.advance(49_000);
  assertEquals(world.objects(), []);
  world.clock.advance(1_000);
  const [object] = await world.objectsOnceThere(1);
  assertEquals(await world.text(object), "abcdef");
  assertMatch(
    object.key,
    /^2026\/11\/24\/12\/stream-1-2026-11-24-12-30-25-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  );
  assertEquals(object.contentType, "application/octet-stream");
  assertEquals(object.contentEncoding, undefined);
});

Deno.test("an object is made as soon as the buffer holds SizeInMBs; the rest waits", async () => {
  await using world = await World.with();
  await world.createStream({ CompressionFormat: "GZIP" });
  const record = (letter: string) => letter.repeat(400_000);
  await world.put(record("a"), record("b"), record("c"));
  const [object] = await world.objectsOnceThere(1);
  assertEquals(await world.text(object), record("a") + record("b"));
  assertMatch(object.key, /\.gz$/);
  assertEquals(object.contentEncoding, "gzip");
  world.clock.advance(60_000);
  const objects = await world.objectsOnceThere(2);
  const [rest] = objects.filter(({ key }) => key !== object.key);
  assertEquals(await world.text(rest), record("c"));
});

for (
  const [CompressionFormat, extension, contentEncoding] of [
    ["UNCOMPRESSED", "", undefined],
    ["GZIP", ".gz", "gzip"],
    ["ZIP", ".zip", "zip"],
    ["Snappy", ".snappy", "snappy-java"],
    ["HADOOP_SNAPPY", ".snappy", "hadoop-snappy"],
  ] as const
) {
  Deno.test(`${CompressionFormat} gives "${extension}" and Content-Encoding ${contentEncoding}; FileExtension replaces the one, not the other (captured)`, async () => {
    await using world = await World.with();
    await world.createStream({ CompressionFormat });
    await world.put("a");
    world.clock.advance(60_000);
    const [object] = await world.objectsOnceThere(1);
    assertMatch(object.key, new RegExp(`-[0-9a-f]{12}${RegExp.escape(extension)}$`));
    assertEquals(object.contentEncoding, contentEncoding);
    assertEquals(object.contentType, "application/octet-stream");
    await world.update({ FileExtension: ".json" });
    await world.put("a");
    world.clock.advance(60_000);
    const [, renamed] = await world.objectsOnceThere(2);
    assertMatch(renamed.key, /stream-2-.*-[0-9a-f]{12}\.json$/);
    assertEquals(renamed.contentEncoding, contentEncoding);
    assertEquals(renamed.sizeBytes, object.sizeBytes);
  });
}

Deno.test("AppendDelimiterToRecord puts a line feed between records, none after the last", async () => {
  await using world = await World.with();
  await world.createStream({
    ProcessingConfiguration: { Enabled: true, Processors: [{ Type: "AppendDelimiterToRecord" }] },
  });
  await world.put("a", "", "b\n");
  await world.put("c");
  world.clock.advance(60_000);
  const [object] = await world.objectsOnceThere(1);
  assertEquals(await world.text(object), "a\n\nb\n\nc");
});

Deno.test("a role without s3:PutObject delays delivery until it is corrected; nothing is lost", async () => {
  await using world = await World.with();
  await world.createStream();
  await world.saveRole({ actions: [] });
  await world.put("a");
  world.clock.advance(60_000);
  for (let attempt = 0; attempt < 4; attempt++) {
    await until("a refused delivery", () => world.problems[attempt]);
    world.clock.advance(120_000);
  }
  assertMatch(world.problems[0], /^delivery stream stream: S3\.AccessDenied: Access was denied\./);
  assertEquals(world.objects(), []);
  await world.saveRole({});
  world.clock.advance(120_000);
  const [object] = await world.objectsOnceThere(1);
  assertEquals(await world.text(object), "a");
});

Deno.test("a bucket that is deleted while its object is written is missed as before", async () => {
  const files = memoryFiles();
  const world: World = await World.with({
    files: {
      ...files,
      create: async () => {
        const writer = await files.create();
        const finish = async () => {
          await world.database.commit(() => world.s3.removeBucket(BUCKET));
          return await writer.finish();
        };
        return { ...writer, finish };
      },
    },
  });
  await using _ = world;
  await world.createStream();
  // Too large for an object without a file.
  await world.put("a".repeat(100_000));
  world.clock.advance(60_000);
  const problem = await until("a refused delivery", () => world.problems[0]);
  assertMatch(problem, /^delivery stream stream: S3\.NoSuchBucket: /);
});

Deno.test("a record that is committed together with a delivery is delivered in its turn", async () => {
  const database = new Database(":memory:");
  const files = memoryFiles();
  const puts: Promise<void>[] = [];
  let isDelivering = false;
  const create: ObjectFiles["create"] = async () => {
    const writer = await files.create();
    const finish = async () => {
      const body = await writer.finish();
      isDelivering = puts.length === 0;
      return body;
    };
    return { ...writer, finish };
  };
  await using world = await World.with({ database, files: { ...files, create } });
  await world.createStream();
  // Too large for an object without a file.
  const large = "a".repeat(100_000);
  await world.put(large);
  const commit = database.commit.bind(database);
  database.commit = (work) => {
    const committed = commit(work);
    if (isDelivering) {
      isDelivering = false;
      puts.push(world.put("b"));
    }
    return committed;
  };
  world.clock.advance(60_000);
  await world.objectsOnceThere(1);
  await Promise.all(puts);
  world.clock.advance(60_000);
  await world.objectsOnceThere(2);
  assertEquals(await world.textUnder(""), `${large}b`);
});

Deno.test("with ZIP and FileExtension an error object is a zip with that extension too; a backup keeps its own format's", async () => {
  const invoker = functionOf(() => ({ result: "ProcessingFailed" }));
  await using world = await World.with({ invoker });
  await world.createStream({
    CompressionFormat: "ZIP",
    FileExtension: ".json",
    ErrorOutputPrefix: "errors/",
    ProcessingConfiguration: lambdaProcessing({
      BufferSizeInMBs: "1",
      BufferIntervalInSeconds: "0",
    }),
    S3BackupMode: "Enabled",
    S3BackupConfiguration: {
      RoleARN: ROLE_ARN,
      BucketARN: `arn:aws:s3:::${BUCKET}`,
      Prefix: "backup/",
      CompressionFormat: "GZIP",
    },
  });
  await world.put("record");
  const objects = await until("error and backup", () => {
    world.clock.advance(10_000);
    return world.objects().length === 2 ? world.objects() : undefined;
  });
  assertEquals(
    objects.map(({ key, contentEncoding }) => [
      key.split("/")[0],
      key.slice(key.lastIndexOf(".")),
      contentEncoding,
    ]),
    [["backup", ".gz", "gzip"], ["errors", ".json", "zip"]],
  );
});

Deno.test("a key over S3's 1,024 bytes is not delivered, until the prefix is shorter (S3's user guide)", async () => {
  await using world = await World.with();
  await world.createStream({ Prefix: "é".repeat(512) });
  await world.put("a");
  world.clock.advance(60_000);
  const problem = await until("a problem", () => world.problems[0]);
  assertStringIncludes(problem, "S3 answered KeyTooLongError: Your key is too long");
  assertEquals(world.objects(), []);
  await world.update({ Prefix: "e/" });
  world.clock.advance(120_000);
  const [object] = await world.objectsOnceThere(1);
  assertEquals(await world.text(object), "a");
});
