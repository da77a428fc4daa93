/**
 * The time until the sandbox is ready, and its memory before the first put.
 * @module
 */

import { idleMiB } from "./child.ts";
import type { Row } from "./row.ts";

export const atRest: Row = async ({ sandbox }) => {
  const memory = await idleMiB(sandbox);
  const { readyMs } = sandbox;
  return [
    {
      measured: "ready after",
      figure: `${readyMs.toFixed(0)} ms`,
      aim: "at most 200 ms",
      cost: readyMs,
      costMax: 200,
    },
    {
      measured: "memory at rest",
      figure: `${memory.toFixed(0)} MiB`,
      aim: "at most 75 MiB",
      cost: memory,
      costMax: 75,
    },
  ];
};
