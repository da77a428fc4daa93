/**
 * The time until the sandbox is ready, and its memory before the first put.
 * @module
 */

import { residentMiB } from "./child.ts";
import type { Row } from "./row.ts";

export const atRest: Row = async ({ sandbox }) => [
  {
    measured: "ready after",
    figure: `${sandbox.readyMs.toFixed(0)} ms`,
    aim: "under 500 ms",
  },
  {
    measured: "memory at rest",
    figure: `${(await residentMiB(sandbox)).toFixed(0)} MiB`,
    aim: "under 150 MiB",
  },
];
