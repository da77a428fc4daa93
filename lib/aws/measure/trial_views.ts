/**
 * Strategies of the transform side by side, as a table and as bars.
 * @module
 */

import { sizeBars } from "../../view/plots.ts";
import type { View } from "../../view/html.ts";
import { table } from "../../view/table.ts";
import type { Trial } from "./strategy_trial.ts";

/** What each trial did with its `records` records, and the bytes that it moved. */
export function trialViews(trials: readonly Trial[], records: number): (View | Promise<View>)[] {
  return [
    table(
      trials.map(({ strategy, invocations, rounds, intake, delivered, failed, seconds, usd }) => ({
        strategy,
        invocations,
        "times put back": rounds,
        [`records put (${records} sent)`]: intake,
        delivered,
        failed,
        "seconds on AWS, about": Math.round(seconds),
        "USD per million records": Math.round(usd / records * 1e8) / 100,
      })),
    ),
    sizeBars(
      trials.map((trial) => ({ name: trial.strategy, bytes: movedBytes(trial) })),
      { caption: `Bytes moved for ${records} records: taken in, answered, and stored in S3.` },
    ),
  ];
}

/** Bytes that a trial moved: taken in, answered, and stored in S3. */
const movedBytes = ({ intakeBytes, responseBytes, storedBytes }: Trial): number =>
  intakeBytes + responseBytes + storedBytes;

/** The strategy of the trial that moved the fewest bytes. Throws a `RangeError` if there is none. */
export function leanestStrategy(trials: readonly Trial[]): string {
  const [leanest] = trials.toSorted((a, b) => movedBytes(a) - movedBytes(b));
  if (leanest === undefined) throw new RangeError("There are no trials to compare.");
  return leanest.strategy;
}
