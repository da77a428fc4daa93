import type { PutRecordBatchCommand } from "@aws-sdk/client-firehose";
import { assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { RECORD_BYTES_MAX } from "../../../lambda/batches.ts";
import { putAll } from "./put_all.ts";

/** A stream that refuses the records that `refuses` names, and those it accepted, in order. */
function streamThat(refuses: (record: number, call: number) => boolean) {
  const accepted: number[] = [];
  let calls = 0;
  const send = (command: PutRecordBatchCommand) => {
    const call = ++calls;
    const RequestResponses = (command.input.Records ?? []).map(({ Data = [] }) => {
      const [record] = Data;
      if (refuses(record, call)) {
        return { ErrorCode: "ServiceUnavailableException", ErrorMessage: "Slow down." };
      }
      accepted.push(record);
      return { RecordId: `${record}` };
    });
    const FailedPutCount = RequestResponses.filter(({ ErrorCode }) => ErrorCode).length;
    return Promise.resolve({ FailedPutCount, RequestResponses });
  };
  return { accepted, send };
}

const numbered = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ Data: Uint8Array.of(index) }));

Deno.test("putAll() names a record that is too large, before it sends any", async () => {
  const stream = streamThat(() => false);
  const records = [RECORD_BYTES_MAX, RECORD_BYTES_MAX + 1].map((bytes) => ({
    Data: new Uint8Array(bytes),
  }));
  await assertRejects(
    () => putAll(stream, "people", records),
    RangeError,
    "record 1 has 1024001 bytes",
  );
  assertEquals(stream.accepted, []);
});

Deno.test("putAll() sends again what failed, and only that", async () => {
  const stream = streamThat((record, call) => call === 1 && record % 2 === 1);
  const pauses: number[] = [];
  const pauseMs = (ms: number) => Promise.resolve(pauses.push(ms));
  const progress = await putAll(stream, "people", numbered(6), { random: () => 1, pauseMs });
  assertEquals(stream.accepted, [0, 2, 4, 1, 3, 5]);
  assertEquals(progress, { records: 6, bytes: 6, calls: 2, sentAgain: 3 });
  assertEquals(pauses.length, 1);
});

Deno.test("putAll() accepts every record exactly once, whatever fails", async () => {
  const pauseMs = () => Promise.resolve();
  await fc.assert(
    fc.asyncProperty(fc.nat(200), fc.infiniteStream(fc.boolean()), async (count, coins) => {
      const stream = streamThat((_, call) => call % 3 !== 0 && coins.next().value === true);
      await putAll(stream, "people", numbered(count), { pauseMs });
      assertEquals(stream.accepted.toSorted((a, b) => a - b), [...Array(count).keys()]);
    }),
    { numRuns: 50 },
  );
});

Deno.test("putAll() gives up after eight times with growing pauses, and says what was accepted", async () => {
  const stream = streamThat((record) => record === 2);
  const pauses: number[] = [];
  const pauseMs = (ms: number) => Promise.resolve(pauses.push(ms));
  await assertRejects(
    () => putAll(stream, "people", numbered(3), { random: () => 1, pauseMs }),
    Error,
    "people accepted 2 of 3 records and refused 1 of the next 8 times",
  );
  assertEquals(pauses, [100, 200, 400, 800, 1600, 3200, 6400]);
});

Deno.test("putAll() takes a throttled call as one in which every record failed", async () => {
  const stream = streamThat(() => false);
  let calls = 0;
  const send = (command: PutRecordBatchCommand) =>
    ++calls === 1
      ? Promise.reject(
        Object.assign(new Error("Slow down."), { name: "ServiceUnavailableException" }),
      )
      : stream.send(command);
  const pauseMs = () => Promise.resolve();
  const { sentAgain } = await putAll({ send }, "people", numbered(3), { pauseMs });
  assertEquals([sentAgain, stream.accepted], [3, [0, 1, 2]]);
});
