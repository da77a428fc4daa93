import type { OkRecord } from "../../lambda/event.ts";
import { getSize } from "../../lambda/size.ts";
import { fitCases, type FitInResponse, fitInResponse } from "./fit_in_response.ts";
import { fairTest } from "./testing.ts";

const utf8 = (value: unknown) => new TextEncoder().encode(JSON.stringify(value)).length;
const response = (records: readonly OkRecord[]) => ({ records });

/** Adds answers while a measure of those kept stays within the limit, and stops at the first that does not. */
const keptWhile =
  (sizeOf: (kept: readonly OkRecord[]) => number): FitInResponse => (answers, max) => {
    const kept: OkRecord[] = [];
    for (const answer of answers) {
      if (sizeOf([...kept, answer]) > max) break;
      kept.push(answer);
    }
    return kept;
  };

/** The same, but goes on after an answer that is too large. */
const skipping =
  (sizeOf: (kept: readonly OkRecord[]) => number): FitInResponse => (answers, max) => {
    const kept: OkRecord[] = [];
    for (const answer of answers) {
      if (sizeOf([...kept, answer]) <= max) kept.push(answer);
    }
    return kept;
  };

/** A sum over answers, with so many bytes for the envelope and between two of them. */
const summing = (
  { envelope, between, sizeOf = utf8 }: {
    readonly envelope: number;
    readonly between: number;
    readonly sizeOf?: (answer: OkRecord) => number;
  },
): FitInResponse =>
  keptWhile((kept) =>
    kept.reduce((sum, answer) => sum + sizeOf(answer), envelope) +
    between * Math.max(0, kept.length - 1)
  );

const ENVELOPE = utf8({ records: [] });

fairTest("4.3", {
  casesOf: fitCases,
  right: {
    "the published one": fitInResponse,
    "everything counted again": keptWhile((kept) => getSize(response(kept))),
    "TextEncoder": keptWhile((kept) => utf8(response(kept))),
    "a sum": summing({ envelope: ENVELOPE, between: 1 }),
    "from the end": (answers, max) => {
      let count = answers.length;
      while (count > 0 && utf8(response(answers.slice(0, count))) > max) count--;
      return answers.slice(0, count);
    },
    "a search by halves": (answers, max) => {
      let [low, high] = [0, answers.length];
      while (low < high) {
        const middle = Math.ceil((low + high) / 2);
        if (utf8(response(answers.slice(0, middle))) <= max) low = middle;
        else high = middle - 1;
      }
      return answers.slice(0, low);
    },
  },
  wrong: {
    "the starter": skipping((kept) => JSON.stringify(kept).length),
    "all of them": (answers) => [...answers],
    "none": () => [],
    "characters": keptWhile((kept) => JSON.stringify(response(kept)).length),
    "code points": keptWhile((kept) => [...JSON.stringify(response(kept))].length),
    "no envelope": keptWhile((kept) => utf8(kept)),
    "no commas": summing({ envelope: ENVELOPE, between: 0 }),
    "a comma after the last one too": keptWhile((kept) => utf8(response(kept)) + 1),
    "the envelope counted twice": keptWhile((kept) => utf8(response(kept)) + ENVELOPE),
    "one that is too large is skipped": skipping((kept) => utf8(response(kept))),
    "two bytes for each letter outside ASCII": keptWhile((kept) =>
      [...JSON.stringify(response(kept))].reduce((sum, it) => sum + (it < "\x80" ? 1 : 2), 0)
    ),
    "three bytes for each letter outside ASCII": keptWhile((kept) =>
      [...JSON.stringify(response(kept))].reduce((sum, it) => sum + (it < "\x80" ? 1 : 3), 0)
    ),
    "only the data": keptWhile((kept) => kept.reduce((sum, { data }) => sum + data.length, 0)),
    "the limit must not be reached": keptWhile((kept) => utf8(response(kept)) + 1),
    "the first one always fits": (answers, max) =>
      answers.slice(0, Math.max(1, fitInResponse(answers, max).length)),
    "the last ones": (answers, max) => fitInResponse(answers.toReversed(), max).toReversed(),
    "escapes are not counted": keptWhile((kept) =>
      utf8(response(kept)) - (JSON.stringify(kept).match(/\\/g)?.length ?? 0)
    ),
    "a fixed number of bytes for each answer": (answers, max) =>
      answers.slice(0, Math.floor(max / 105)),
  },
});
