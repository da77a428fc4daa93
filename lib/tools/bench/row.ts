/**
 * What a row of the bench is, and what it is given. A new row is a new file beside this one, and
 * one line in `../bench.ts`.
 * @module
 */

import type { Child } from "./child.ts";
import type { Target } from "./pipeline.ts";

/** What every row is given. The sandbox is fresh, but for the pipeline's base and earlier rows. */
export interface Bench {
  readonly sandbox: Child;
  readonly target: Target;
  /** A folder of this run's own, removed after it. */
  readonly folder: string;
  /** Seconds that one load lasts. */
  readonly seconds: number;
  /** Records of the row that buffers many. */
  readonly manyRecords: number;
}

/** One line of the bench's table. */
export interface Measured {
  readonly measured: string;
  readonly figure: string;
  /** What issue or design asked for. */
  readonly aim: string;
}

/** Measures one thing, or a few that belong together. */
export type Row = (bench: Bench) => Promise<readonly Measured[]>;
