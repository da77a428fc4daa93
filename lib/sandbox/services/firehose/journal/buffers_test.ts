/** When a buffer's records are taken out, and what follows a failure. */
import { assertEquals } from "@std/assert";
import { ManualClock } from "../../../clock.ts";
import { systemRandom } from "../../../random.ts";
import { until } from "../../../testing/until.ts";
import { Buffers, type BuffersOptions } from "./buffers.ts";
import type { BufferRow } from "./journal.ts";

const ROW: BufferRow = {
  ...{ id: 1, streamId: 1, log: 1, kind: "source", key: "" },
  position: { seq: 1, record: 0 },
};
const HINTS = { sizeBytes: 100, intervalMs: 60_000 };

/** A clock that notes how long is waited, unlike {@linkcode ManualClock} itself. */
class NotingClock extends ManualClock {
  readonly waits: number[] = [];

  override wait(durationMs: number, signal?: AbortSignal): Promise<void> {
    this.waits.push(durationMs);
    return super.wait(durationMs, signal);
  }
}

/** One buffer whose records are taken out by a function that a test may make fail. */
class Bench implements AsyncDisposable {
  readonly clock = new NotingClock();
  readonly buffers: Buffers;
  taken = 0;
  attempts = 0;
  isFailing = false;

  constructor(more: Partial<BuffersOptions> = {}) {
    this.buffers = new Buffers({
      clock: this.clock,
      random: { ...systemRandom, fraction: () => 1 },
      hintsOf: () => HINTS,
      retryMsOf: () => Infinity,
      slotsOf: () => undefined,
      consume: ({ position, waitingBytes }) => {
        this.attempts++;
        if (this.isFailing) return Promise.reject(new Error("refused"));
        this.taken++;
        const next = { seq: position.seq + 1, record: 0 };
        return Promise.resolve({ bytes: waitingBytes, records: 1, position: next });
      },
      positionOf: () => ROW.position,
      waiting: () => ({ bytes: 0, openedMs: undefined }),
      onCaughtUp: () => {},
      openedMs: () => undefined,
      countRecords: () => 0,
      onFailure: () => {},
      ...more,
    });
  }

  /** Opens the buffer, empty. */
  opened(): this {
    this.buffers.open(ROW, { bytes: 0, openedMs: undefined });
    return this;
  }

  put(bytes: number): void {
    this.buffers.grow(ROW.id, { bytes, records: 1 }, this.clock.nowMs());
  }

  /** Lets the next `count` attempts fail, and gives the pauses after them. */
  async pausesAfter(count: number): Promise<number[]> {
    const from = this.clock.waits.length;
    const wanted = from + count;
    while (this.clock.waits.length < wanted) {
      const { length } = this.clock.waits;
      await until("a pause", () => this.clock.waits.length > length || undefined);
      if (this.clock.waits.length < wanted) this.clock.advance(this.clock.waits.at(-1) ?? 0);
    }
    return this.clock.waits.slice(from);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.buffers.stop();
  }
}

const isTaken = (bench: Bench, count: number) =>
  until(`${count} times`, () => bench.taken === count || undefined);

Deno.test("a buffer that waits is taken out once it has grown to its size, and not a byte before", async () => {
  await using bench = new Bench().opened();
  bench.put(60);
  bench.put(39);
  await Promise.resolve();
  assertEquals([bench.attempts, bench.buffers.of(1)[0].doing], [0, "waiting"]);
  bench.put(1);
  await isTaken(bench, 1);
});

Deno.test("records of the future, as an advanced clock leaves them, wait one interval from now", async () => {
  await using bench = new Bench();
  const hourLater = bench.clock.nowMs() + 3_600_000;
  bench.buffers.open(ROW, { bytes: 10, openedMs: hourLater });
  bench.clock.advance(59_999);
  await Promise.resolve();
  assertEquals(bench.attempts, 0);
  bench.clock.advance(1);
  await isTaken(bench, 1);
});

for (
  const [fraction, pauses] of [
    [0, [2_500, 5_000, 10_000, 20_000, 40_000, 60_000, 60_000]],
    [1, [5_000, 10_000, 20_000, 40_000, 80_000, 120_000, 120_000]],
  ] as const
) {
  Deno.test(`pauses after failures double up to 2 minutes, with a jitter of ${fraction}`, async () => {
    await using bench = new Bench({ random: { ...systemRandom, fraction: () => fraction } });
    bench.isFailing = true;
    bench.opened().put(100);
    assertEquals(await bench.pausesAfter(pauses.length), [...pauses]);
  });
}

Deno.test("once the retry duration is over, each pause is the longest", async () => {
  await using bench = new Bench({ retryMsOf: () => 12_000 });
  bench.isFailing = true;
  bench.opened().put(100);
  assertEquals(await bench.pausesAfter(4), [5_000, 10_000, 120_000, 120_000]);
});

Deno.test("after a success the pauses begin with the shortest again", async () => {
  await using bench = new Bench();
  bench.isFailing = true;
  bench.opened().put(100);
  assertEquals(await bench.pausesAfter(2), [5_000, 10_000]);
  bench.isFailing = false;
  bench.clock.advance(10_000);
  await isTaken(bench, 1);
  bench.isFailing = true;
  bench.put(100);
  assertEquals(await bench.pausesAfter(1), [5_000]);
});

Deno.test("a flush ends the pause after a failure", async () => {
  await using bench = new Bench();
  bench.isFailing = true;
  bench.opened().put(100);
  await bench.pausesAfter(1);
  bench.isFailing = false;
  const signal = new AbortController().signal;
  assertEquals(await bench.buffers.flush(() => true, 2, signal), []);
  assertEquals(bench.taken, 1);
});
