/**
 * Strategies of the transform side by side, as a table and as bars.
 * @module
 */

import { sizeBars } from "../../view/plots.ts";
import type { View } from "../../view/html.ts";
import { table } from "../../view/table.ts";
import type { Trial } from "./strategy_trial.ts";

/** What each trial did with its `records` records, and the bytes that it moved. */
export function trialViews(trials: readonly Trial[], records: number): View[] {
  return [
    table(
      trials.map(({ strategy, invocations, rounds, intake, delivered, failed, seconds, usd }) => ({
        strategy,
        invocations,
        "times put again": rounds,
        [`records taken in, of ${records}`]: intake,
        delivered,
        failed,
        "seconds on AWS, about": Math.round(seconds),
        "USD per million records": Math.round(usd / records * 1e8) / 100,
      })),
    ),
    sizeBars(
      trials.map(({ strategy, intakeBytes, responseBytes, storedBytes }) => ({
        name: strategy,
        bytes: intakeBytes + responseBytes + storedBytes,
      })),
      { caption: `Bytes moved for ${records} records: taken in, answered, and stored in S3.` },
    ),
  ];
}
