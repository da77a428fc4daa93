import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { Buffer } from "node:buffer";
import { joinCases, type JoinLines, joinLines } from "./join_lines.ts";
import { fairTest } from "./testing.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text).length;

/** The obvious loop, with another way to count, or to prepare the lines. */
const greedy =
  (sizeOf: (text: string) => number, prepared = (lines: readonly string[]) => lines): JoinLines =>
  (lines, bytesMax) => {
    const records: string[] = [];
    for (const line of prepared(lines)) {
      const last = records.at(-1);
      if (last !== undefined && sizeOf(last + line) + 1 <= bytesMax) {
        records[records.length - 1] = `${last}${line}\n`;
      } else records.push(`${line}\n`);
    }
    return records;
  };

/** Records of a fixed number of lines. */
const chunked = (count: number): JoinLines => (lines) =>
  Array.from(
    { length: Math.ceil(lines.length / count) },
    (_, index) =>
      lines.slice(index * count, (index + 1) * count).map((line) => `${line}\n`).join(""),
  );

fairTest("1.3", {
  casesOf: joinCases,
  right: {
    "the published one": joinLines,
    "a loop over records": greedy(bytesOf),
    "reduce": (lines, bytesMax) =>
      lines.map((line) => `${line}\n`).reduce<string[]>((records, line) => {
        const last = records.at(-1) ?? "";
        return records.length > 0 && Buffer.byteLength(last + line) <= bytesMax
          ? [...records.slice(0, -1), last + line]
          : [...records, line];
      }, []),
    "recursion": function recursive(lines, bytesMax): string[] {
      if (lines.length === 0) return [];
      let count = 1;
      const text = (end: number) => lines.slice(0, end).map((line) => `${line}\n`).join("");
      while (count < lines.length && bytesOf(text(count + 1)) <= bytesMax) count++;
      return [text(count), ...recursive(lines.slice(count), bytesMax)];
    },
    "a queue that is emptied": (lines, bytesMax) => {
      const [queue, records] = [[...lines], new Array<string>()];
      while (queue.length > 0) {
        let record = `${queue.shift()}\n`;
        while (queue.length > 0 && bytesOf(record) + bytesOf(queue[0]) + 1 <= bytesMax) {
          record += `${queue.shift()}\n`;
        }
        records.push(record);
      }
      return records;
    },
  },
  wrong: {
    "the starter: a record for each line": (lines) => lines.map((line) => `${line}\n`),
    "everything in one record": (lines) => [lines.map((line) => `${line}\n`).join("")],
    "no line feeds": (lines, max) => joinLines(lines, max).map((text) => text.replaceAll("\n", "")),
    "no line feed at the end": (lines, max) => joinLines(lines, max).map((text) => text.trimEnd()),
    "the order is lost": greedy(bytesOf, (lines) => lines.toSorted()),
    "the order is lost, longest first": greedy(
      bytesOf,
      (lines) => lines.toSorted((a, b) => b.length - a.length),
    ),
    "long lines are dropped": (lines, max) =>
      joinLines(lines.filter((line) => bytesOf(line) < max), max),
    "empty lines are dropped": greedy(bytesOf, (lines) => lines.filter((line) => line !== "")),
    "two lines a record": chunked(2),
    "three lines a record": chunked(3),
    "characters are counted": greedy((text) => text.length),
    "code points are counted": greedy((text) => [...text].length),
    "two bytes for each letter outside ASCII": greedy((text) =>
      [...text].reduce((sum, letter) => sum + (letter < "\x80" ? 1 : 2), 0)
    ),
    "three bytes for each letter outside ASCII": greedy((text) =>
      [...text].reduce((sum, letter) => sum + (letter < "\x80" ? 1 : 3), 0)
    ),
    "the line feed is not counted": greedy((text) => bytesOf(text) - 1),
    "two line feeds are counted": greedy((text) => bytesOf(text) + 1),
    "the limit itself is not used": (lines, max) => joinLines(lines, max - 1),
    "an empty record at the end": (lines, max) => [...joinLines(lines, max), ""],
    "an empty record at the start": (lines, max) => ["", ...joinLines(lines, max)],
    "a line that is too long is cut": greedy(
      bytesOf,
      (lines) => lines.map((line) => line.slice(0, 10)),
    ),
    "the last record is forgotten": (lines, max) => joinLines(lines, max).slice(0, -1),
  },
});

Deno.test("exercise 1.3: the solution loses no line and stays within the limit, with any lines", () => {
  const line = fc.string({ unit: "grapheme", maxLength: 12 }).map((text) =>
    text.replace(/\n/g, "")
  );
  fc.assert(fc.property(fc.array(line), fc.integer({ min: 60, max: 300 }), (lines, bytesMax) => {
    const records = joinLines(lines, bytesMax);
    assertEquals(records.join(""), lines.map((text) => `${text}\n`).join(""));
    const most = Math.max(bytesMax, ...lines.map((text) => Buffer.byteLength(text) + 1));
    assert(records.every((record) => Buffer.byteLength(record) <= most));
  }));
});
