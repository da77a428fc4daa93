import { nextTurn } from "../../../sandbox/next_turn.ts";
import { assert, assertEquals } from "@std/assert";
import {
  functionOf,
  lambdaProcessing,
  TestFunction,
  World,
} from "../../../sandbox/services/firehose/testing.ts";
import { type SampleRecord, simulate, type Simulated } from "./simulation.ts";

const MIB = 1024 * 1024;

const okRecord = (recordBytes: number, answerBytes = 1.4 * recordBytes): SampleRecord => ({
  recordBytes,
  answerBytes,
  fate: "ok",
  deliveredBytes: recordBytes,
  failsBatch: false,
});

const STREAM: Omit<Simulated, "sample" | "recordsPerSecond" | "seconds"> = {
  source: { bytes: MIB, seconds: 60 },
  delivery: { bytes: 5 * MIB, seconds: 300 },
  retries: 3,
  partitionShares: undefined,
  activePartitionsMax: 500,
  invocationMs: () => 100,
  errorLineBytes: (bytes) => bytes * 4 / 3 + 400,
  lanes: Infinity,
};

Deno.test("simulate() cuts a full buffer by its size, and a slow one by its time", () => {
  // 1,024 records of 1 KiB are a buffer: 600 s of 1,024 records a second make 600 batches.
  const fast = simulate({
    ...STREAM,
    sample: [okRecord(1024)],
    recordsPerSecond: 1024,
    seconds: 600,
  });
  assertEquals([fast.invocations, fast.objects.count], [600, 120]);
  assertEquals(fast.objects.medianBytes, 5 * MIB);
  const slow = simulate({ ...STREAM, sample: [okRecord(1024)], recordsPerSecond: 1, seconds: 600 });
  // A batch holds what arrives in 60 s and at its end: 61 records, the last one the rest.
  assertEquals([slow.invocations, slow.records, slow.objects.count], [10, 600, 2]);
});

Deno.test("simulate() counts each record once: delivered, failed or dropped", () => {
  const sample: SampleRecord[] = [
    okRecord(1000),
    { ...okRecord(2000), fate: "failed", deliveredBytes: 0 },
    { ...okRecord(500), fate: "dropped", deliveredBytes: 0 },
    okRecord(1500),
  ];
  const flow = simulate({ ...STREAM, sample, recordsPerSecond: 400, seconds: 1000 });
  assertEquals([flow.records, flow.failedRecords, flow.droppedRecords], [
    400_000,
    100_000,
    100_000,
  ]);
  assertEquals(Math.round(flow.objects.bytes), 200_000 * 1250);
});

Deno.test("simulate() tries a batch again whose response is too large, and all its records fail", () => {
  const sample = [okRecord(1024, 40_000)];
  const flow = simulate({ ...STREAM, sample, recordsPerSecond: 1024, seconds: 100 });
  assertEquals([flow.invocations, flow.failedInvocations], [400, 400]);
  assertEquals([flow.failedRecords, flow.objects.count], [102_400, 0]);
  // A batch a second, four attempts of 100 ms, 4.1, 6.1 and 8.1 s apart: they meet two at a time at most.
  assert(flow.peakConcurrency >= flow.meanConcurrency && flow.peakConcurrency <= 4);
  assert(flow.errorObjects.count > 0);
});

Deno.test("simulate() refuses records of partitions beyond 500, and counts the active ones", () => {
  const partitionShares = new Array<number>(800).fill(1 / 800);
  const flow = simulate({
    ...STREAM,
    sample: [okRecord(1024)],
    recordsPerSecond: 1024,
    seconds: 600,
    partitionShares,
  });
  assertEquals(flow.activePartitions, 500);
  assert(Math.abs(flow.refusedRecords / flow.records - 300 / 800) < 0.02);
});

Deno.test("simulate() of a part of the time gives what all of it gives", () => {
  const simulated = { ...STREAM, sample: [okRecord(900)], recordsPerSecond: 2000, seconds: 21_600 };
  const [all, part] = [Infinity, 2_000].map((batchesMax) => simulate({ ...simulated, batchesMax }));
  assert(part.simulatedShare < 0.1);
  assertClose(part.invocations, all.invocations, 0.01);
  assertClose(part.objects.count, all.objects.count, 0.01);
});

// The simulation beside the sandbox: the same records at the same rate, on a clock that the test moves.
for (
  const { name, perSecond, seconds, bytes, partitions, fails = false } of [
    { name: "buffers that fill", perSecond: 20, seconds: 150, bytes: 20_000, partitions: 1 },
    { name: "buffers by time", perSecond: 2, seconds: 1200, bytes: 500, partitions: 1 },
    { name: "12 partitions", perSecond: 10, seconds: 900, bytes: 5_000, partitions: 12 },
    {
      name: "batches that fail and are tried again",
      perSecond: 4,
      seconds: 300,
      bytes: 50_000,
      partitions: 1,
      fails: true,
    },
  ]
) {
  Deno.test(`The sandbox makes as many objects and invocations as simulate() says, within 5 %: ${name}`, async () => {
    const func = fails
      ? new TestFunction(() => ({
        kind: "functionError",
        errorType: "E",
        payload: new Uint8Array(),
      }))
      : functionOf((text) => ({
        result: "Ok",
        data: new TextEncoder().encode(text).toBase64(),
        metadata: { partitionKeys: { p: text.slice(0, 2) } },
      }));
    const isPartitioned = partitions > 1;
    const hints = isPartitioned ? { SizeInMBs: 64, IntervalInSeconds: 60 } : {
      SizeInMBs: 2,
      IntervalInSeconds: 120,
    };
    await using world = await World.with({ invoker: func });
    await world.createStream({
      BufferingHints: hints,
      ProcessingConfiguration: lambdaProcessing({
        BufferSizeInMBs: "1",
        BufferIntervalInSeconds: "30",
        NumberOfRetries: "2",
      }),
      ...isPartitioned
        ? {
          DynamicPartitioningConfiguration: { Enabled: true },
          Prefix: "p=!{partitionKeyFromLambda:p}/",
          ErrorOutputPrefix: "errors/",
        }
        : {},
    });
    const total = perSecond * seconds;
    const record = (index: number) => String(10 + index % partitions).padEnd(bytes, "x");
    for (let second = 0; second < seconds; second++) {
      await world.put(
        ...Array.from({ length: perSecond }, (_, at) => record(second * perSecond + at)),
      );
      await settled(world);
      world.clock.advance(1000);
      await settled(world);
    }
    for (let waited = 0; waited < 400; waited += 2) {
      world.clock.advance(2000);
      await settled(world);
    }
    const flow = simulate({
      sample: [{ ...okRecord(bytes), failsBatch: fails }],
      recordsPerSecond: perSecond,
      seconds,
      source: { bytes: MIB, seconds: 30 },
      delivery: { bytes: hints.SizeInMBs * MIB, seconds: hints.IntervalInSeconds },
      retries: 2,
      partitionShares: isPartitioned
        ? new Array<number>(partitions).fill(1 / partitions)
        : undefined,
      activePartitionsMax: 500,
      invocationMs: () => 0,
      errorLineBytes: (each) => each * 4 / 3 + 330,
      lanes: 1,
    });
    assertEquals(flow.records, total);
    assertClose(func.events.length, flow.invocations, 0.05);
    assertClose(world.objects().length, flow.objects.count + flow.errorObjects.count, 0.05);
  });
}

/**
 * Lets the world do what is due now. Everything in it is in memory: a few turns are enough, and where
 * an object is written, turns of a timer. A batch that waits for its next attempt is at work, too.
 */
async function settled(world: World): Promise<void> {
  await turns();
  for (let timer = 0; timer < TIMERS_MAX && isAtWork(world); timer++) {
    await nextTurn();
    await turns();
  }
}

const TIMERS_MAX = 3;

async function turns(): Promise<void> {
  for (let turn = 0; turn < 12; turn++) await new Promise((resolve) => setImmediate(resolve));
}

const isAtWork = ({ firehose }: World): boolean =>
  firehose.streams().some((stream) =>
    firehose.buffersOf(stream).some(({ doing }) => doing === "working")
  );

function assertClose(actual: number, wanted: number, tolerance: number): void {
  const isClose = Math.abs(actual - wanted) <= Math.max(1, wanted * tolerance);
  assert(isClose, `${actual} is not within ${tolerance * 100} % of ${wanted}`);
}
