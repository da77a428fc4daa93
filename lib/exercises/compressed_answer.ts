/**
 * Exercise 4.2: the cheapest cure, a changed document compressed again.
 * @module
 */

import { Buffer } from "node:buffer";
import { gunzipSync, gzipSync } from "node:zlib";
import { largeEvents } from "../data/large_events.ts";
import type { ExerciseCase } from "../view/exercise.ts";
import { returned, unlikeText } from "./returned.ts";

/** The `data` of an answer: the document as one line, compressed by gzip, in base64. */
export type CompressedAnswer = (document: string) => string;

/** A solution. */
export const compressedAnswer: CompressedAnswer = (document) =>
  gzipSync(`${document}\n`).toString("base64");

const DOCUMENTS: Readonly<Record<string, string>> = {
  "a small document": '{"id":1}',
  "letters outside ASCII": '{"city":"Łódź","note":"日本 😀"}',
  "an event of 100,000 bytes": JSON.stringify(largeEvents(1, 100_000)[0]),
  "an empty object": "{}",
};

/** What is tried on an answer. */
export function compressedCases(answer: CompressedAnswer): ExerciseCase[] {
  const large = DOCUMENTS["an event of 100,000 bytes"];
  return [
    ...Object.entries(DOCUMENTS).map(([what, document]) => ({
      tried: `${what}: decoded and decompressed`,
      gave: () => lineOf(returned(answer(document))),
      wanted: `${document}\n`,
    })),
    {
      tried: "the large event: has the answer less than a tenth of its bytes?",
      gave: () => answer(large).length < large.length / 10,
      wanted: true,
    },
    {
      tried: "two answers one after the other: one file of two lines",
      gave: () => lineOf(answer('{"id":1}'), answer('{"id":2}')),
      wanted: '{"id":1}\n{"id":2}\n',
    },
  ];
}

/** The text behind the answers, or what is wrong with it. */
function lineOf(...answers: readonly string[]): string {
  const unlike = answers.map(unlikeText).find((words) => words !== undefined);
  if (unlike !== undefined) return unlike; // a kernel checks no types
  try {
    const bytes = answers.map((answer) => Uint8Array.fromBase64(answer));
    return gunzipSync(Buffer.concat(bytes)).toString();
  } catch (error) {
    return `not gzip in base64: ${error instanceof Error ? error.message : error}`;
  }
}
