/**
 * Exercise 2.1: a query whose keys have few values and are never missing.
 * @module
 */

import { sampleEvents } from "../data/events.ts";
import { jqRows } from "../data/jq.ts";
import type { ExerciseCase } from "../view/exercise.ts";

/** What a query gives for each event that it is tried on, as JSON or in jq's words. */
export type QueryAnswer = ReadonlyMap<string, string>;

/** A solution. jq's `//` replaces what is missing, but not an empty text. */
export const shardQuery =
  '{shard: (.row.customerId // "" | if . == "" then "none" else .[0:1] end), day: .time[0:10]}';

const [event] = sampleEvents(1);
const { row } = event;

/** What is tried, and the keys that are wanted. */
const EVENTS: readonly {
  readonly tried: string;
  readonly event: object;
  readonly shard: string;
}[] = [
  {
    tried: "an event of customer 7c9e…",
    event: { ...event, row: { ...row, customerId: "7c9e6679-7425-40de-944b-e07fc1f90ae7" } },
    shard: "7",
  },
  {
    tried: "an event of customer f47a…",
    event: { ...event, row: { ...row, customerId: "f47ac10b-58cc-4372-a567-0e02b2c3d479" } },
    shard: "f",
  },
  {
    tried: "an event without a customer",
    event: { ...event, row: { ...row, customerId: undefined } },
    shard: "none",
  },
  { tried: "an event without a row", event: { ...event, row: undefined }, shard: "none" },
  {
    tried: "an event whose customer is an empty text",
    event: { ...event, row: { ...row, customerId: "" } },
    shard: "none",
  },
];

/** Runs a reader's query on each event. */
export async function tryQuery(query: string): Promise<QueryAnswer> {
  const expressions = EVENTS.map((_, index) => `.[${index}] | ${query}`);
  const rows = await jqRows(EVENTS.map(({ event }) => event), expressions);
  return new Map(rows.map(({ gives }, index) => [EVENTS[index].tried, gives]));
}

/** What is tried on an answer. */
export function shardCases(answer: QueryAnswer): ExerciseCase[] {
  const day = event.time.slice(0, 10);
  return EVENTS.map(({ tried, shard }) => ({
    tried,
    gave: () => answer.get(tried),
    wanted: JSON.stringify({ shard, day }),
  }));
}
