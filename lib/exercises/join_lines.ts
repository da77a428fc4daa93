/**
 * Exercise 1.1: lines joined to larger records, since each record is billed as 5 KB at least.
 * @module
 */

import { Buffer } from "node:buffer";
import type { ExerciseCase } from "../view/exercise.ts";

/**
 * Joins lines to records of at most `bytesMax` bytes of UTF-8, in their order, each line with a
 * line feed, as few records as that allows.
 */
export type JoinLines = (lines: readonly string[], bytesMax: number) => string[];

/** A solution. */
export const joinLines: JoinLines = (lines, bytesMax) => {
  const records: string[] = [];
  let record = "";
  for (const line of lines) {
    if (record !== "" && Buffer.byteLength(record + line) + 1 > bytesMax) {
      records.push(record);
      record = "";
    }
    record += line + "\n";
  }
  return record === "" ? records : [...records, record];
};

/** What is tried on an answer. */
export function joinCases(answer: JoinLines): ExerciseCase[] {
  return [
    {
      tried: "three lines of 4 bytes, at most 10 bytes a record",
      gave: () => answer(["aaaa", "bbbb", "cccc"], 10),
      wanted: ["aaaa\nbbbb\n", "cccc\n"],
    },
    {
      tried: "one byte less, so that two lines do not fit",
      gave: () => answer(["aaaa", "bbbb", "cccc"], 9),
      wanted: ["aaaa\n", "bbbb\n", "cccc\n"],
    },
    {
      tried: "letters of two bytes: é counts twice",
      gave: () => answer(["éé", "éé", "a"], 10),
      wanted: ["éé\néé\n", "a\n"],
    },
    { tried: "no line at all", gave: () => answer([], 10), wanted: [] },
  ];
}
