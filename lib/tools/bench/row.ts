/**
 * What a row of the bench is, and what it is given. A new row is a new file beside this one, and
 * one line in `../bench.ts`.
 * @module
 */

import type { Child } from "./child.ts";
import type { Target } from "./pipeline.ts";

/** How long and how much is measured. */
export interface BenchOptions {
  /** Seconds that one load lasts. */
  readonly seconds: number;
  /** Records of the row that buffers many. */
  readonly manyRecords: number;
  /** Log events of the row that has many. */
  readonly logEvents: number;
  /** Minutes of the mixed load. */
  readonly soakMinutes: number;
}

/** How a fresh sandbox is started. */
export interface FreshOptions {
  /** How many times faster the sandbox's waits run; 60 when absent. */
  readonly speed?: number;
}

/** What every row gets. The sandbox has the pipeline's base and what earlier rows left. */
export interface Bench extends BenchOptions {
  readonly sandbox: Child;
  readonly target: Target;
  /** The folder of the build that is measured, with a `/` at its end: this one, or another commit's. */
  readonly build: URL;
  /** A folder of this run's own, removed after it; that of the data for a fresh sandbox. */
  readonly folder: string;
  /** The same with a sandbox that nothing was done to; it ends with the next. */
  readonly fresh: (options?: FreshOptions) => Promise<Bench>;
  /** Ends the sandbox, starts it again on the same data, and gives the new process. */
  readonly restart: () => Promise<Child>;
}

/** One line of the bench's table. */
export interface Measured {
  readonly measured: string;
  readonly figure: string;
  /** What issue or design asked for. */
  readonly aim: string;
  /** The figure as a number, the smaller the better: what `--against` compares. */
  readonly cost?: number;
  /** The aim for {@linkcode cost}: the bench fails if the cost is more than a quarter above it. */
  readonly costMax?: number;
}

/** The cost of a row whose figure is a ratio, the larger the better, and at least `aim`. */
export const costOfRatio = (ratio: number, aim: number) => ({
  aim: `at least ${aim}`,
  cost: 1 / ratio,
  costMax: 1 / aim,
});

/** Measures one thing, or a few that belong together. */
export type Row = (bench: Bench) => Promise<readonly Measured[]>;
