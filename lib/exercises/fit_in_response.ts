/**
 * Exercise 4.1: as many answers as fit into a response, counted in the bytes that are sent.
 * @module
 */

import type { OkRecord } from "../../lambda/event.ts";
import { getSize } from "../../lambda/size.ts";
import type { ExerciseCase } from "../view/exercise.ts";

/** The first of `answers`, as many as `{"records":[…]}` can hold in `bytesMax` bytes of UTF-8. */
export type FitInResponse = (answers: readonly OkRecord[], bytesMax: number) => OkRecord[];

/** A solution. */
export const fitInResponse: FitInResponse = (answers, bytesMax) => {
  const records: OkRecord[] = [];
  let bytes = getSize({ records });
  for (const answer of answers) {
    const comma = records.length > 0 ? 1 : 0;
    if (bytes + comma + getSize(answer) > bytesMax) break;
    bytes += comma + getSize(answer);
    records.push(answer);
  }
  return records;
};

const answer = (recordId: string, table: string): OkRecord => ({
  recordId,
  result: "Ok",
  data: "eyJpZCI6MX0K",
  metadata: { partitionKeys: { table } },
});

/** What is tried on an answer. */
export function fitCases(fit: FitInResponse): ExerciseCase[] {
  const plain = ["1", "2", "3"].map((id) => answer(id, "orders"));
  const city = ["1", "2", "3"].map((id) => answer(id, "Łódź"));
  const whole = (answers: readonly OkRecord[]) =>
    new TextEncoder().encode(JSON.stringify({ records: answers })).length;
  const ids = (answers: readonly OkRecord[], bytesMax: number) => () =>
    fit(answers, bytesMax).map(({ recordId }) => recordId);
  return [
    { tried: "plenty of room", gave: ids(plain, 10_000), wanted: ["1", "2", "3"] },
    {
      tried: "room for all three, to the byte",
      gave: ids(plain, whole(plain)),
      wanted: ["1", "2", "3"],
    },
    { tried: "one byte less", gave: ids(plain, whole(plain) - 1), wanted: ["1", "2"] },
    {
      tried: "letters of two bytes, room to the byte",
      gave: ids(city, whole(city)),
      wanted: ["1", "2", "3"],
    },
    {
      tried: "letters of two bytes, one byte less",
      gave: ids(city, whole(city) - 1),
      wanted: ["1", "2"],
    },
    { tried: "no room for any", gave: ids(plain, 20), wanted: [] },
  ];
}
