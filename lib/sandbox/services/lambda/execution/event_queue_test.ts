import { assertEquals } from "@std/assert";
import { until } from "../../../testing/until.ts";
import { ManualClock } from "../../../clock.ts";
import { Database } from "../../../store/database.ts";
import { type Attempt, EventQueue, type QueuedEvent } from "./event_queue.ts";

const MINUTE_MS = 60_000;

/** A queue whose attempts come to what the test says, and a record of them. */
class QueueWorld {
  readonly attempts: { readonly requestId: string; readonly atMs: number; payload: string }[] = [];
  readonly dropped: string[] = [];
  readonly queue: EventQueue;

  constructor(
    readonly database: Database,
    readonly clock: ManualClock,
    outcomes: readonly Attempt[],
  ) {
    this.queue = new EventQueue({
      database,
      clock,
      attempt: ({ requestId }, payload) => {
        const count = this.attempts.push({
          requestId,
          atMs: clock.nowMs(),
          payload: new TextDecoder().decode(payload),
        });
        return Promise.resolve(outcomes[count - 1] ?? "done");
      },
      onDropped: ({ requestId }) => void this.dropped.push(requestId),
      onInternalError: (error) => {
        throw error;
      },
    });
  }

  add(requestId: string): Promise<void> {
    const event: QueuedEvent = {
      functionId: 1,
      functionName: "f",
      requestId,
      receivedMs: this.clock.nowMs(),
    };
    return this.queue.add(event, new TextEncoder().encode(`{"id":"${requestId}"}`));
  }

  /** Waits until there were `count` attempts and what they came to is on disk. */
  async attempted(count: number): Promise<void> {
    await until(`${count} attempts`, () => this.attempts.length >= count || undefined);
    await this.database.commit(() => {});
    await this.database.commit(() => {});
  }

  left(): number {
    return this.database.sqlite.prepare("SELECT * FROM lambda_event").all().length;
  }
}

function queueTest(
  name: string,
  outcomes: readonly Attempt[],
  run: (world: QueueWorld) => Promise<void>,
): void {
  Deno.test(name, async () => {
    const database = new Database(":memory:");
    const world = new QueueWorld(database, new ManualClock(), outcomes);
    await run(world);
    await world.queue.stop();
    database.close();
  });
}

queueTest("an event that succeeds is gone", ["done"], async (world) => {
  await world.add("r");
  await world.attempted(1);
  await until("it to be gone", () => world.left() === 0 || undefined);
  assertEquals([world.attempts[0].payload, world.dropped], ['{"id":"r"}', []]);
});

queueTest(
  "an event that fails is tried after one minute and after two more, and then dropped",
  ["failed", "failed", "failed"],
  async (world) => {
    const startMs = world.clock.nowMs();
    await world.add("r");
    await world.attempted(1);
    world.clock.advance(MINUTE_MS - 1);
    await world.attempted(1);
    assertEquals(world.attempts.length, 1);
    world.clock.advance(1);
    await world.attempted(2);
    world.clock.advance(2 * MINUTE_MS);
    await world.attempted(3);
    await until("it to be gone", () => world.left() === 0 || undefined);
    assertEquals(
      world.attempts.map(({ atMs }) => atMs - startMs),
      [0, MINUTE_MS, 3 * MINUTE_MS],
    );
    assertEquals(world.dropped, ["r"]);
  },
);

queueTest(
  "an event that is refused is tried again and again, for six hours",
  Array<Attempt>(200).fill("refused"),
  async (world) => {
    await world.add("r");
    for (let count = 1; world.left() > 0; count++) {
      await world.attempted(count);
      if (world.left() > 0) world.clock.advance(5 * MINUTE_MS);
    }
    const firstMs = world.attempts[0].atMs;
    const lastMs = world.attempts.at(-1)?.atMs ?? 0;
    assertEquals([lastMs - firstMs, world.dropped], [6 * 60 * MINUTE_MS, ["r"]]);
  },
);

Deno.test("what waits is taken up by the next queue on the same data, with its count of failures", async () => {
  const database = new Database(":memory:");
  const clock = new ManualClock();
  const first = new QueueWorld(database, clock, ["failed", "failed"]);
  await first.add("r");
  await first.attempted(1);
  clock.advance(MINUTE_MS);
  await first.attempted(2);
  await first.queue.stop();
  const second = new QueueWorld(database, clock, ["failed"]);
  second.queue.start();
  await second.attempted(1);
  await until("it to be dropped", () => second.dropped[0]);
  assertEquals([second.left(), second.attempts.length], [0, 1]);
  await second.queue.stop();
  database.close();
});
