/**
 * Exercise 2.2: a query whose keys have few values and are never missing.
 * @module
 */

import { sampleEvents } from "../data/events.ts";
import type { ExerciseCase } from "../view/exercise.ts";
import { tryOn } from "./try_query.ts";

/** A solution. jq's `//` replaces what is missing, but not an empty text. */
export const shardQuery =
  '{shard: (.row.customerId // "" | if . == "" then "none" else .[0:1] end), day: .time[0:10]}';

const [event] = sampleEvents(1);
const { row } = event;
const DIGITS = "0123456789abcdef";

interface TriedEvent {
  readonly tried: string;
  readonly event: object;
  readonly shard: string;
  readonly day: string;
}

const ofCustomer = (customerId: unknown, time = event.time) => ({
  ...event,
  time,
  row: { ...row, customerId },
});

/** What is tried, and the keys that are wanted. */
const EVENTS: readonly TriedEvent[] = [
  ...[...DIGITS].map((digit, index) => {
    const day = `2026-0${index % 9 + 1}-1${index % 10}`;
    return {
      tried: `an event of customer ${digit}c9e…, of ${day}`,
      event: ofCustomer(`${digit}c9e6679-7425-40de-944b-e07fc1f90ae7`, `${day}T08:30:00.000Z`),
      shard: digit,
      day,
    };
  }),
  ...[
    { tried: "an event without a customer", event: ofCustomer(undefined) },
    { tried: "an event whose customer is null", event: ofCustomer(null) },
    { tried: "an event whose customer is an empty text", event: ofCustomer("") },
    { tried: "an event without a row", event: { ...event, row: undefined } },
    { tried: "an event whose row is null", event: { ...event, row: null } },
  ].map((tried) => ({ ...tried, shard: "none", day: event.time.slice(0, 10) })),
];

/** What is tried on an answer. The order of the keys does not matter, as for Firehose. */
export async function shardCases(query: string): Promise<ExerciseCase[]> {
  const gave = await tryOn(EVENTS.map(({ event }) => event), query);
  return EVENTS.map(({ tried, shard, day }, index) => ({
    tried,
    gave: () => gave[index],
    wanted: { shard, day },
  }));
}
