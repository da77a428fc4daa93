import { assertEquals, assertRejects } from "@std/assert";
import { collectGarbage } from "../../../testing/collect_garbage.ts";
import { until } from "../../../testing/until.ts";
import { ManualClock } from "../../../clock.ts";
import type { EnvironmentRequest, InvocationResult } from "./environment.ts";
import { EnvironmentPool, PoolStopped, type Target } from "./environment_pool.ts";

const noResult = (): InvocationResult => ({
  payload: new Uint8Array(),
  log: "",
  logBytes: 0,
  durationMs: 1,
});
const HOUR_MS = 3_600_000;
const ENVIRONMENT_BYTES = 100_000_000;

/** A pool of environments that do what the test says, and a record of what became of them. */
class PoolWorld {
  readonly clock = new ManualClock();
  readonly pool: EnvironmentPool;
  /** Numbers of environments, in the order they were made and retired. */
  readonly made: string[] = [];
  readonly retired: number[] = [];
  /** Ends the invocations that wait, in the order they came. */
  readonly waiting: (() => void)[] = [];
  readonly used: number[] = [];

  constructor(busyMax: number, { usableMs = 12 * HOUR_MS, idleMax = 10 } = {}) {
    this.pool = new EnvironmentPool({
      clock: this.clock,
      busyMax,
      idleBytesMax: idleMax * ENVIRONMENT_BYTES,
      make: (target) => {
        const number = this.made.push(target.version.buildId) - 1;
        return Promise.resolve({
          environment: {
            invoke: () =>
              new Promise<InvocationResult>((resolve) => {
                this.used.push(number);
                this.waiting.push(() => resolve(noResult()));
              }),
            retire: () => Promise.resolve(void this.retired.push(number)),
            memoryBytes: ENVIRONMENT_BYTES,
          },
          usableUntilMs: this.clock.nowMs() + usableMs,
          dispose: () => Promise.resolve(),
        });
      },
    });
  }

  /** Begins an invocation of a build. */
  begin(buildId = "a"): Promise<InvocationResult> {
    return this.pool.run(targetOf(buildId), REQUEST);
  }

  /** Waits until `count` invocations wait in environments, and ends the oldest. */
  async endOne(count = 1): Promise<void> {
    await until(`${count} invocations`, () => this.waiting.length >= count || undefined);
    this.waiting.shift()?.();
  }

  /** Runs an invocation to its end. */
  async run(buildId = "a"): Promise<void> {
    const running = this.begin(buildId);
    await this.endOne();
    await running;
  }
}

const REQUEST: EnvironmentRequest = {
  requestId: "r",
  functionArn: "arn",
  payload: new Uint8Array(),
};

function targetOf(buildId: string): Target {
  return {
    functionName: "f",
    version: {
      version: "$LATEST",
      buildId,
      revisionId: "r",
      modifiedMs: 0,
      roleArn: "",
      runtime: "nodejs24.x",
      handler: "index.handler",
      description: "",
      timeoutSeconds: 3,
      memorySizeMB: 128,
      architecture: "x86_64",
      logGroupName: "g",
      code: { file: "f", sizeBytes: 1, sha256: "" },
    },
  };
}

/** A test whose pool is stopped at its end. */
function poolTest(
  name: string,
  run: (world: PoolWorld) => Promise<void>,
  world: () => PoolWorld = () => new PoolWorld(2),
): void {
  Deno.test(name, async () => {
    const pool = world();
    await run(pool);
    for (const end of pool.waiting.splice(0)) end();
    await pool.pool.stop();
  });
}

poolTest("an environment serves one invocation after the other", async (world) => {
  await world.run();
  await world.run();
  assertEquals([world.made, world.used], [["a"], [0, 0]]);
});

poolTest("a result is held no longer than its caller holds it", async (world) => {
  const results: WeakRef<InvocationResult>[] = [];
  const begin = async () => void results.push(new WeakRef(await world.begin()));
  for (let invocation = 0; invocation < 3; invocation++) {
    const running = begin();
    await world.endOne();
    await running;
  }
  await until("the results to be collected", () => {
    collectGarbage();
    return results.every((result) => result.deref() === undefined) || undefined;
  });
});

poolTest(
  "invocations at the same time get an environment each, up to the limit; then they wait",
  async (world) => {
    const all = Promise.all([world.begin(), world.begin(), world.begin()]);
    await world.endOne(2);
    assertEquals(world.made.length, 2);
    await world.endOne(2);
    await world.endOne();
    await all;
    assertEquals([world.made.length, world.used], [2, [0, 1, 0]]);
  },
);

poolTest("idle environments stay warm while their memory is within the budget", async (world) => {
  const functions = Array.from({ length: 10 }, (_, n) => `function ${n}`);
  for (const build of [...functions, ...functions]) await world.run(build);
  assertEquals([world.made.length, world.retired], [10, []]);
}, () => new PoolWorld(1, { idleMax: 10 }));

poolTest("beyond the budget the longest unused environment retires", async (world) => {
  for (const build of ["a", "b", "a", "c"]) await world.run(build);
  assertEquals([world.made, world.retired, world.pool.size], [["a", "b", "c"], [1], 2]);
  await world.run("a");
  assertEquals(world.made.length, 3, "a was used after b, and so stayed");
}, () => new PoolWorld(2, { idleMax: 2 }));

poolTest("the environment that was used last stays, however much it holds", async (world) => {
  for (const build of ["a", "a", "b", "b"]) await world.run(build);
  assertEquals([world.made, world.retired], [["a", "b"], [0]]);
}, () => new PoolWorld(2, { idleMax: 0.5 }));

poolTest("an idle environment serves what waited for a place", async (world) => {
  await world.run("b");
  const first = world.begin("a");
  await until("a to run", () => world.waiting.length === 1 || undefined);
  const second = world.begin("b");
  await world.endOne();
  await first;
  await world.endOne();
  await second;
  assertEquals(world.made, ["b", "a"]);
}, () => new PoolWorld(1));

poolTest("who waits for a place of another function gets it when that is free", async (world) => {
  const first = world.begin("a");
  await until("a to run", () => world.waiting.length === 1 || undefined);
  const second = world.begin("b");
  await world.endOne();
  await first;
  await world.endOne();
  await second;
  assertEquals([world.made, world.used], [["a", "b"], [0, 1]]);
}, () => new PoolWorld(1));

poolTest("an environment that is idle for ten minutes retires, and not before", async (world) => {
  await world.run();
  world.clock.advance(599_999);
  await world.run();
  assertEquals(world.made.length, 1);
  world.clock.advance(600_000);
  await until("it to retire", () => world.retired.length === 1 || undefined);
  assertEquals(world.pool.size, 0);
  await world.run();
  assertEquals(world.made.length, 2);
});

poolTest("an environment is not used beyond the life of its credentials", async (world) => {
  await world.run();
  world.clock.advance(2_000);
  await world.run();
  assertEquals([world.made.length, world.retired], [2, [0]]);
}, () => new PoolWorld(2, { usableMs: 1_000 }));

poolTest("an outdated environment ends its invocation, and is used no more", async (world) => {
  const running = world.begin();
  await until("it to run", () => world.waiting.length === 1 || undefined);
  const gone = world.pool.outdate(["a"]);
  await world.endOne();
  await running;
  await gone;
  assertEquals(world.retired, [0]);
  await world.run();
  assertEquals(world.made.length, 2);
});

Deno.test("stop ends what runs and what waits, and takes nothing more", async () => {
  const world = new PoolWorld(1);
  const running = assertRejects(() => world.begin(), PoolStopped);
  const waiting = assertRejects(() => world.begin(), PoolStopped);
  await until("it to run", () => world.waiting.length === 1 || undefined);
  const stopped = world.pool.stop();
  world.waiting.shift()?.(); // as a process that was killed
  await Promise.all([running, waiting, stopped]);
  assertEquals(world.retired, [0]);
  await assertRejects(() => world.begin(), PoolStopped);
});

Deno.test("an environment that cannot be made leaves its place to the next", async () => {
  let made = 0;
  const pool = new EnvironmentPool({
    clock: new ManualClock(),
    busyMax: 1,
    idleBytesMax: 0,
    make: () => Promise.reject(new Error(`no ${++made}`)),
  });
  const outcomes = await Promise.allSettled([1, 2].map(() => pool.run(targetOf("a"), REQUEST)));
  assertEquals(outcomes.map((outcome) => outcome.status), ["rejected", "rejected"]);
  assertEquals([made, pool.size], [2, 0]);
  await pool.stop();
});

Deno.test("an environment that is still being created when the pool stops is ended afterwards", async () => {
  const creating = Promise.withResolvers<void>();
  const ended: string[] = [];
  const pool = new EnvironmentPool({
    clock: new ManualClock(),
    busyMax: 1,
    idleBytesMax: 0,
    make: async () => {
      await creating.promise;
      return {
        environment: {
          invoke: () => Promise.resolve(noResult()),
          retire: () => Promise.resolve(void ended.push("retired")),
          memoryBytes: 0,
        },
        usableUntilMs: Infinity,
        dispose: () => Promise.resolve(void ended.push("disposed")),
      };
    },
  });
  const refused = assertRejects(() => pool.run(targetOf("a"), REQUEST), PoolStopped);
  const stopped = pool.stop();
  creating.resolve();
  await Promise.all([refused, stopped]);
  assertEquals(ended, ["retired", "disposed"]);
});
