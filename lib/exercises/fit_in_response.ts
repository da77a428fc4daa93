/**
 * Exercise 4.3: as many answers as fit into a response, counted in the bytes that are sent.
 * @module
 */

import type { OkRecord } from "../../lambda/event.ts";
import { getSize } from "../../lambda/size.ts";
import type { ExerciseCase } from "../view/exercise.ts";
import { returned } from "./returned.ts";

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

const three = (table: string) => ["1", "2", "3"].map((id) => answer(id, table));

/** Bytes of the whole response, counted the simple way. */
const whole = (answers: readonly OkRecord[]) =>
  new TextEncoder().encode(JSON.stringify({ records: answers })).length;

/** What is tried on an answer. */
export function fitCases(fit: FitInResponse): ExerciseCase[] {
  const ids = (answers: readonly OkRecord[], bytesMax: number) => () =>
    returned(fit([...answers], bytesMax)).map(({ recordId }) => recordId);
  const plain = three("orders");
  const small = answer("1", "orders");
  const large = answer("2", "orders".repeat(100));
  const smallToo = answer("3", "orders");
  const hundred = Array.from({ length: 100 }, (_, index) => answer(`${index}`, "orders"));
  /** Three answers with this text in them: exactly enough bytes, and one byte less. */
  const toTheByte = (what: string, table: string): ExerciseCase[] => [
    {
      tried: `${what}: exactly enough bytes for all three`,
      gave: ids(three(table), whole(three(table))),
      wanted: ["1", "2", "3"],
    },
    {
      tried: `${what}: one byte less than all three need`,
      gave: ids(three(table), whole(three(table)) - 1),
      wanted: ["1", "2"],
    },
  ];
  return [
    { tried: "far more bytes than needed", gave: ids(plain, 10_000), wanted: ["1", "2", "3"] },
    ...toTheByte("three answers", "orders"),
    ...toTheByte("letters of two bytes", "Łódź"),
    ...toTheByte("letters of three bytes", "日本"),
    ...toTheByte("letters of four bytes", "😀"),
    ...toTheByte("quotes and tabs, which JSON escapes", 'a "b"\tc'),
    {
      tried: "the second of three is too large: keep the first answers, no later ones",
      gave: ids([small, large, smallToo], whole([small, smallToo])),
      wanted: ["1"],
    },
    {
      tried: "the first is too large",
      gave: ids([large, small, smallToo], whole([small, smallToo])),
      wanted: [],
    },
    {
      tried: "100 answers, and exactly enough bytes for 60: how many are kept?",
      gave: () => fit([...hundred], whole(hundred.slice(0, 60))).length,
      wanted: 60,
    },
    {
      tried: "100 answers, and one byte less than 60 need: how many are kept?",
      gave: () => fit([...hundred], whole(hundred.slice(0, 60)) - 1).length,
      wanted: 59,
    },
    { tried: "too few bytes for any answer", gave: ids(plain, 20), wanted: [] },
    { tried: "no answer at all", gave: ids([], 1_000), wanted: [] },
  ];
}
