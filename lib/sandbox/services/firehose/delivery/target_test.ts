/** What of a stream's configuration applies to the objects of each buffer. */
import { assertEquals } from "@std/assert";
import type { BufferKind, BufferRow } from "../journal/journal.ts";
import { jqDestination, World } from "../testing.ts";
import { retryMsOf, targetOf } from "./target.ts";

const KINDS: readonly BufferKind[] = ["source", "primary", "error", "backup"];
const bufferOf = (kind: BufferKind): BufferRow => ({
  ...{ id: 1, streamId: 1, log: 1, kind, key: kind === "error" ? "processing-failed" : "" },
  position: { seq: 1, record: 0 },
});

Deno.test("the line feed stands between records of the destination, and not in errors or a backup", async () => {
  await using world = await World.with();
  await world.createStream({
    ProcessingConfiguration: { Enabled: true, Processors: [{ Type: "AppendDelimiterToRecord" }] },
  });
  const stream = world.firehose.stream("stream");
  assertEquals(KINDS.map((kind) => targetOf(stream, bufferOf(kind)).delimiter), [
    "lineFeed",
    "lineFeed",
    "none",
    "none",
  ]);
});

Deno.test("RetryOptions of dynamic partitioning are for the buffers of partitions", async () => {
  await using world = await World.with();
  await world.createStream({
    ...jqDestination("{a: .a}", "a=!{partitionKeyFromQuery:a}/"),
    DynamicPartitioningConfiguration: { Enabled: true, RetryOptions: { DurationInSeconds: 30 } },
  });
  const stream = world.firehose.stream("stream");
  assertEquals(KINDS.map((kind) => retryMsOf(stream, bufferOf(kind))), [
    Infinity,
    30_000,
    Infinity,
    Infinity,
  ]);
});
