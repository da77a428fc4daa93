import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { Buffer } from "node:buffer";
import { type EntryError, reingest, type ReingestParts } from "./reingest.ts";
import type { ReingestRecord } from "./transform.ts";

/** Records of so many bytes, each with its id as its data's beginning. */
function recordsOf(sizes: readonly number[]): ReingestRecord[] {
  return sizes.map((bytes, index) => {
    const data = Buffer.alloc(Math.max(bytes, 4));
    data.writeUInt32LE(index);
    return { recordId: `${index}`, data, rounds: 1 };
  });
}

const idOf = (data: Buffer) => `${data.readUInt32LE()}`;

/** What a call of the stream does with a record, or, thrown, with the whole call. */
type Fault = "accept" | "refuse" | Error;

class NamedError extends Error {
  constructor(override readonly name: string) {
    super("chosen by the test");
  }
}

/** A stream with chosen answers, and a function whose time passes by pauses and calls. */
class Stream {
  readonly accepted: string[] = [];
  readonly calls: number[] = [];
  readonly pauses: number[] = [];
  readonly parts: ReingestParts;

  constructor(
    fault: (call: number, id: string) => Fault,
    { remainingMs = 60_000, callMs = 10 }: { remainingMs?: number; callMs?: number } = {},
  ) {
    this.parts = {
      putRecordBatch: (records) => {
        const call = this.calls.push(records.length);
        remainingMs -= callMs;
        const results: EntryError[] = [];
        for (const data of records) {
          const outcome = fault(call, idOf(data));
          if (outcome instanceof Error) return Promise.reject(outcome);
          if (outcome === "accept") this.accepted.push(idOf(data));
          results.push(outcome === "accept" ? undefined : "ServiceUnavailableException");
        }
        return Promise.resolve(results);
      },
      pause: (ms) => {
        this.pauses.push(ms);
        remainingMs -= ms;
        return Promise.resolve();
      },
      random: () => 0.5,
      remainingMs: () => remainingMs,
    };
  }
}

Deno.test("reingest() sends all records, as many in a call as PutRecordBatch takes", async () => {
  const stream = new Stream(() => "accept");
  const { accepted, calls, failures } = await reingest(
    recordsOf(Array(1_001).fill(10)),
    stream.parts,
  );
  assertEquals([accepted, calls, failures], [1_001, 3, []]);
  assertEquals(stream.calls, [500, 500, 1]);
  assertEquals(stream.accepted.length, 1_001);
});

Deno.test("reingest() sends only failed records again, after pauses that grow", async () => {
  const stream = new Stream((call, id) => call < 4 && Number(id) % 3 === 0 ? "refuse" : "accept");
  const { accepted, failures } = await reingest(recordsOf(Array(9).fill(10)), stream.parts);
  assertEquals([accepted, failures], [9, []]);
  assertEquals(stream.calls, [9, 3, 3, 3]);
  assertEquals(stream.pauses, [100, 200, 400]);
  assertEquals(stream.accepted.toSorted(), ["0", "1", "2", "3", "4", "5", "6", "7", "8"]);
});

for (const name of ["ServiceUnavailableException", "TimeoutError", "InternalFailure"]) {
  Deno.test(`reingest() repeats a call that failed with ${name}`, async () => {
    const stream = new Stream((call) => call === 1 ? new NamedError(name) : "accept");
    assertEquals((await reingest(recordsOf([10, 10]), stream.parts)).failures, []);
    assertEquals(stream.calls, [2, 2]);
  });
}

for (
  const name of ["AccessDeniedException", "ResourceNotFoundException", "InvalidArgumentException"]
) {
  Deno.test(`reingest() does not repeat a call that failed with ${name}, and each record has that reason`, async () => {
    const stream = new Stream(() => new NamedError(name));
    const { accepted, failures, errors } = await reingest(recordsOf([10, 10]), stream.parts);
    assertEquals([accepted, stream.calls, errors], [0, [2], [`${name}: chosen by the test`]]);
    const reason = `it does not fit, and the delivery stream did not accept it again: ${name}`;
    assertEquals(failures, [{ recordId: "0", reason }, { recordId: "1", reason }]);
  });
}

Deno.test("reingest() gives up after the last attempt, with the stream's own reason", async () => {
  const stream = new Stream(() => "refuse");
  const { failures } = await reingest(recordsOf([10]), stream.parts);
  assertEquals(stream.calls.length, 8);
  assert(failures[0].reason.endsWith(": ServiceUnavailableException"));
});

Deno.test("reingest() ends before the function's time does, and records that were not sent have failed", async () => {
  const stream = new Stream(() => "accept", { remainingMs: 4_000, callMs: 600 });
  const { accepted, failures } = await reingest(recordsOf(Array(2_000).fill(10)), stream.parts);
  assertEquals([accepted, stream.calls.length], [1_000, 2]);
  assertEquals(failures.length, 1_000);
  assert(failures[0].reason.endsWith(": the function's time is over"));
});

Deno.test("reingest() counts a record without a result as not accepted", async () => {
  const parts = { ...new Stream(() => "accept").parts, putRecordBatch: () => Promise.resolve([]) };
  assertEquals((await reingest(recordsOf([10]), parts)).accepted, 0);
});

Deno.test("reingest() gives the call a signal that ends before the function's time", async () => {
  const { parts } = new Stream(() => "accept", { remainingMs: 3_001 });
  let remaining = 3_001;
  const reingested = await reingest(recordsOf([10]), {
    ...parts,
    remainingMs: () => remaining,
    putRecordBatch: async (_, signal) => {
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      remaining = 3_000;
      throw signal.reason;
    },
  });
  assertEquals(reingested.calls, 1);
  assertEquals(reingested.failures.length, 1);
});

Deno.test("reingest() loses no record and no failure, whatever the stream and the clock do", async () => {
  const outcome = fc.constantFrom<Fault>(
    "accept",
    "accept",
    "refuse",
    new NamedError("ServiceUnavailableException"),
    new NamedError("TimeoutError"),
    new NamedError("AccessDeniedException"),
  );
  const sizes = fc.array(fc.integer({ min: 4, max: 1_024_000 }), { maxLength: 12 });
  const time = fc.record({ remainingMs: fc.nat(20_000), callMs: fc.nat(2_000) });
  await fc.assert(
    fc.asyncProperty(sizes, fc.infiniteStream(outcome), time, async (bytes, faults, t) => {
      const stream = new Stream(() => faults.next().value ?? "accept", t);
      const { accepted, failures } = await reingest(recordsOf(bytes), stream.parts);
      const failed = new Set(failures.map(({ recordId }) => recordId));
      const taken = new Set(stream.accepted);
      assertEquals(accepted + failures.length, bytes.length);
      assertEquals(failed.size, failures.length);
      for (const index of bytes.keys()) {
        assert(taken.has(`${index}`) || failed.has(`${index}`), `record ${index} is lost`);
      }
    }),
  );
});
