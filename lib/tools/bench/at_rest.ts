/**
 * The time until the sandbox is ready, and its memory before the first put.
 * @module
 */

import { setTimeout as pause } from "node:timers/promises";
import { residentMiB } from "./child.ts";
import type { Row } from "./row.ts";

/** A sandbox is at rest when it has collected what its start left. */
const START_MS = 6_000;

export const atRest: Row = async ({ sandbox }) => {
  await pause(START_MS);
  const memory = await residentMiB(sandbox);
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
