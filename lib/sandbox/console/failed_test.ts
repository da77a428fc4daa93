import { assertEquals } from "@std/assert";
import { BUCKET, World } from "../services/firehose/testing.ts";
import type { BufferKind } from "../services/firehose/journal/journal.ts";
import { LogsState } from "../services/logs/state.ts";
import { failedPage } from "./failed.ts";
import { StreamWatch } from "./stream_watch.ts";

/** A stream that wrote an error object with these lines, and then `others` objects. */
async function failedAt(lines: readonly string[], others: number) {
  const world = await World.with();
  const watch = new StreamWatch();
  await world.createStream();
  const stream = world.firehose.stream("stream");
  const logs = new LogsState({
    ...{ database: world.database, clock: world.clock, access: world.iam },
    ...{ region: "us-east-1", accountId: "123456789012" },
  });
  const bytes = new TextEncoder().encode(lines.map((line) => `${line}\n`).join(""));
  const body = await world.s3.bodies.write(ReadableStream.from([bytes]));
  await world.database.commit(() =>
    world.s3.insertObject({ bucket: BUCKET, key: "errors/a", body, contentType: "text/plain" })
  );
  const delivered = (kind: BufferKind, key: string, records: number) =>
    watch.delivered({
      ...{ streamId: stream.id, kind, partition: "", bucket: BUCKET, key, atMs: 1, records },
      ...{ sizeBytes: bytes.length, rows: [], delimiterBytes: 0 },
    });
  delivered("error", "errors/gone", 1);
  delivered("error", "errors/a", lines.length);
  for (let index = 0; index < others; index++) delivered("primary", `data/${index}`, 1);
  const place = { accountId: "123456789012", region: "us-east-1" };
  const { s3, firehose, clock } = world;
  return {
    page: () => failedPage(stream, { place, s3, firehose, logs, watch }, clock.nowMs()),
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
  };
}

const line = (errorCode: string, data: string) =>
  JSON.stringify({ rawData: btoa(data), errorCode, errorMessage: "m", arrivalTimestamp: 1 });

Deno.test("failedPage() finds each code, though many of one came first and many objects came after", async () => {
  const many = Array.from({ length: 25 }, (_, index) => line("Lambda.FunctionError", `${index}`));
  await using world = await failedAt([...many, line("Lambda.MissingRecordId", "last")], 40);
  const { codes, isCut } = await world.page();
  assertEquals(
    codes.map(({ errorCode, records }) => [errorCode, records.length, records[0].data]),
    [["Lambda.FunctionError", 20, "0"], ["Lambda.MissingRecordId", 1, "last"]],
  );
  assertEquals(codes[1].records[0].object, { bucket: BUCKET, key: "errors/a", line: 26 });
  // As after a restart, nothing was counted: what is read counts.
  assertEquals([codes[0].total, codes[1].total, isCut], [20, 1, false]);
});

Deno.test("failedPage() reads 16 MiB at most, and says that there is more", async () => {
  const large = line("Lambda.FunctionError", "x".repeat(1_000_000));
  await using world = await failedAt(Array.from({ length: 13 }, () => large), 0);
  const { codes, isCut } = await world.page();
  assertEquals([codes[0].records.length, isCut], [12, true]);
  assertEquals(codes[0].records[0].dataCut, 998_000);
});
