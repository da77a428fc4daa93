/**
 * Exercise 4.1: whether a full buffer before the function can overflow its response.
 * @module
 */

import type { ExerciseCase } from "../view/exercise.ts";

/** A full buffer of compressed records, and how well they compress: 10 means 10 to 1. */
export interface FullBuffer {
  readonly megabytes: number;
  readonly ratio: number;
}

/** Whether the decompressed records of a full buffer fit into Lambda's response. */
export type FitsBuffer = (buffer: FullBuffer) => boolean;

const MIB = 1024 * 1024;
const RESPONSE_BYTES = 6 * MIB + 100;

/** A solution. The few hundred bytes around each record are left out. */
export const fitsBuffer: FitsBuffer = ({ megabytes, ratio }) =>
  megabytes * MIB * ratio * 4 / 3 <= RESPONSE_BYTES;

/** What is tried on an answer. */
export function bufferCases(answer: FitsBuffer): ExerciseCase[] {
  const tried = (megabytes: number, ratio: number, wanted: boolean) => ({
    tried: `BufferSizeInMBs ${megabytes}, records of ${ratio} : 1`,
    gave: () => answer({ megabytes, ratio }),
    wanted,
  });
  return [
    tried(1, 2, true),
    tried(1, 10, false),
    tried(3, 1, true),
    tried(3, 2, false),
    tried(0.2, 10, true),
    tried(0.2, 40, false),
    tried(1, 4.5, true),
    tried(1, 4.6, false),
    tried(1, 5, false),
    tried(3, 1.5, true),
    tried(3, 1.52, false),
    tried(0.2, 22.5, true),
    tried(0.2, 22.6, false),
    tried(0.5, 9, true),
    tried(0.5, 9.01, false),
  ];
}
