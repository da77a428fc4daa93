/**
 * Exercise 1.3: lines joined into larger records, because each record is billed as at least 5 KB.
 * @module
 */

import { Buffer } from "node:buffer";
import type { ExerciseCase } from "../view/exercise.ts";

/**
 * Joins lines into records of at most `bytesMax` bytes of UTF-8: in their order, each line with a
 * line feed, in as few records as possible. A line that is longer than `bytesMax` gets
 * its own record.
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

/** Lines of many lengths, in letters of one to four bytes; the same at every run. */
const MANY_LINES: readonly string[] = Array.from(
  { length: 300 },
  (_, index) => ["a", "é", "日", "😀"][index % 4].repeat((index * 7) % 23) + index,
);
const MANY_BYTES_MAX = 97;

/** What is tried on an answer. */
export function joinCases(answer: JoinLines): ExerciseCase[] {
  const joined = (lines: readonly string[], bytesMax: number) => () => answer([...lines], bytesMax);
  const many = () => answer([...MANY_LINES], MANY_BYTES_MAX);
  const size = `300 lines, at most ${MANY_BYTES_MAX} bytes a record`;
  return [
    {
      tried: "three lines of 4 bytes, at most 10 bytes a record",
      gave: joined(["aaaa", "bbbb", "cccc"], 10),
      wanted: ["aaaa\nbbbb\n", "cccc\n"],
    },
    {
      tried: "the same lines, at most 9 bytes: one too few for two lines",
      gave: joined(["aaaa", "bbbb", "cccc"], 9),
      wanted: ["aaaa\n", "bbbb\n", "cccc\n"],
    },
    {
      tried: "short lines after long ones, at most 10 bytes: the order stays",
      gave: joined(["aaaaaa", "bbbbbb", "c", "dddddd", "e"], 10),
      wanted: ["aaaaaa\n", "bbbbbb\nc\n", "dddddd\ne\n"],
    },
    {
      tried: "six lines of one byte, at most 12 bytes",
      gave: joined(["a", "b", "c", "d", "e", "f"], 12),
      wanted: ["a\nb\nc\nd\ne\nf\n"],
    },
    {
      tried: "lines that are empty: they are lines too",
      gave: joined(["", "a", "", ""], 10),
      wanted: ["\na\n\n\n"],
    },
    {
      tried: "a line longer than a record may be gets its own record",
      gave: joined(["a", "bbbbbbbbbbbb", "c"], 10),
      wanted: ["a\n", "bbbbbbbbbbbb\n", "c\n"],
    },
    {
      tried: "letters of two bytes (é), at most 10 bytes",
      gave: joined(["éé", "éé", "a"], 10),
      wanted: ["éé\néé\n", "a\n"],
    },
    {
      tried: "letters of three bytes (日), at most 8 bytes",
      gave: joined(["日", "日", "日"], 8),
      wanted: ["日\n日\n", "日\n"],
    },
    {
      tried: "letters of four bytes (😀), at most 9 bytes",
      gave: joined(["😀", "😀", "a"], 9),
      wanted: ["😀\n", "😀\na\n"],
    },
    { tried: "no line at all", gave: joined([], 10), wanted: [] },
    {
      tried: `${size}: is every line there, in order?`,
      gave: () => many().join("") === MANY_LINES.map((line) => `${line}\n`).join(""),
      wanted: true,
    },
    {
      tried: `${size}: how many bytes does the largest record have?`,
      gave: () => Math.max(...many().map((record) => Buffer.byteLength(record))),
      wanted: Math.max(
        ...joinLines(MANY_LINES, MANY_BYTES_MAX).map((record) => Buffer.byteLength(record)),
      ),
    },
    {
      tried: `${size}: how many records are there?`,
      gave: () => many().length,
      wanted: joinLines(MANY_LINES, MANY_BYTES_MAX).length,
    },
  ];
}
