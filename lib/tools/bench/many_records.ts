/**
 * Memory while many records wait in a buffer. Buffers are on disk, so they should take none.
 * @module
 */

import { residentMiB } from "./child.ts";
import { putFor } from "./load.ts";
import { createStream } from "./pipeline.ts";
import type { Bench, Row } from "./row.ts";

/** Until the code is loaded, and there is something to collect. */
const WARM_UP_SECONDS = 3;

/** As for memory after batches over four connections. */
const MEMORY_RATIO_MAX = 1.5;

const STREAM = "bench-many";

export const manyRecords: Row = async (bench) => {
  const { sandbox, target, manyRecords } = bench;
  await createStream(target, STREAM, 128);
  const before = await residentMiB(sandbox);
  for (let second = 0; second < WARM_UP_SECONDS; second++) await putSome(bench);
  const warm = await residentMiB(sandbox);
  let put = 0;
  let peak = warm;
  while (put < manyRecords) {
    put += await putSome(bench);
    peak = Math.max(peak, await residentMiB(sandbox));
  }
  const after = await residentMiB(sandbox);
  return [{
    measured: `memory after ${put.toLocaleString("en")} buffered records of 100 bytes`,
    figure: `${after.toFixed(0)} MiB (peak ${peak.toFixed(0)}, before ${before.toFixed(0)}, ` +
      `warm ${warm.toFixed(0)})`,
    aim: `at most ${MEMORY_RATIO_MAX} of memory after ${WARM_UP_SECONDS} s of puts`,
    cost: after / warm,
    costMax: MEMORY_RATIO_MAX,
  }];
};

/** Puts for a second; returns the number of records. */
async function putSome({ target }: Bench): Promise<number> {
  const { latenciesMs } = await putFor({
    ...target,
    streamName: STREAM,
    connections: 4,
    recordsPerCall: 500,
    recordBytes: 100,
    seconds: 1,
  });
  return latenciesMs.length * 500;
}
