/**
 * Memory while many records wait in a buffer: buffers are on disk, so that they cost none.
 * @module
 */

import { residentMiB } from "./child.ts";
import { putFor } from "./load.ts";
import { createStream } from "./pipeline.ts";
import type { Row } from "./row.ts";

export const manyRecords: Row = async ({ sandbox, target, manyRecords }) => {
  await createStream(target, "bench-many", 128);
  const before = await residentMiB(sandbox);
  let put = 0;
  let peak = before;
  while (put < manyRecords) {
    const { latenciesMs } = await putFor({
      ...target,
      streamName: "bench-many",
      connections: 4,
      recordsPerCall: 500,
      recordBytes: 100,
      seconds: 1,
    });
    put += latenciesMs.length * 500;
    peak = Math.max(peak, await residentMiB(sandbox));
  }
  const now = await residentMiB(sandbox);
  return [{
    measured: `memory after ${put.toLocaleString("en")} buffered records of 100 bytes`,
    figure: `${now.toFixed(0)} MiB (peak ${peak.toFixed(0)}, before ${before.toFixed(0)})`,
    aim: "flat",
  }];
};
