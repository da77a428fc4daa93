/**
 * Exercise 1.1: buffering hints for a reader with two wishes.
 * @module
 */

import type { ExerciseCase } from "../view/exercise.ts";
import { inspected } from "../view/value_text.ts";

/** Buffering hints of an S3 destination, as the SDK takes them. */
export interface Hints {
  readonly SizeInMBs: number;
  readonly IntervalInSeconds: number;
}

/** The producer and the reader of the exercise. */
const WISHES = { bytesASecond: 300_000, objectMiBMin: 5, waitSecondsMax: 120 } as const;

/** A solution: 5 MiB are full after 17 seconds, so the interval hardly matters. */
export const bufferingHints: Hints = { SizeInMBs: 5, IntervalInSeconds: 60 };

const MIB = 1024 * 1024;

/** What is looked at in an answer: AWS's limits first, then what the hints lead to. */
export function hintsCases(hints: Hints | undefined): ExerciseCase[] {
  const { SizeInMBs, IntervalInSeconds } = hints ?? { SizeInMBs: NaN, IntervalInSeconds: NaN };
  const { bytesASecond, objectMiBMin, waitSecondsMax } = WISHES;
  const fullSeconds = SizeInMBs * MIB / bytesASecond;
  const closedSeconds = Math.min(fullSeconds, IntervalInSeconds);
  const objectMiB = closedSeconds * bytesASecond / MIB;
  const isWhole = (value: number, min: number, max: number) =>
    Number.isInteger(value) && value >= min && value <= max;
  return [
    {
      tried: `SizeInMBs ${inspected(SizeInMBs)}: a whole number from 1 to 128?`,
      gave: () => isWhole(SizeInMBs, 1, 128),
      wanted: true,
    },
    {
      tried: `IntervalInSeconds ${inspected(IntervalInSeconds)}: a whole number from 0 to 900?`,
      gave: () => isWhole(IntervalInSeconds, 0, 900),
      wanted: true,
    },
    {
      tried: `objects of ${objectMiB.toFixed(1)} MiB: ${objectMiBMin} MiB or more?`,
      gave: () => objectMiB >= objectMiBMin,
      wanted: true,
    },
    {
      tried: `a record waits ${
        closedSeconds.toFixed(0)
      } s at most: no more than ${waitSecondsMax} s?`,
      gave: () => closedSeconds <= waitSecondsMax,
      wanted: true,
    },
  ];
}
