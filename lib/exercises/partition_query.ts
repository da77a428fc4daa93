/**
 * Exercise 2.1: the expression that gives a stream its six partition keys.
 * @module
 */

import { sampleEvents } from "../data/events.ts";
import type { ExerciseCase } from "../view/exercise.ts";
import { tryOn } from "./try_query.ts";

const PARTS = ["year Y", "month m", "day d", "hour H"].map((part) => part.split(" "));

/** A solution: `strptime` reads the time, `strftime` writes a part of it. */
export const partitionQuery = "{database: .database, table: .table, " +
  PARTS.map(([name, letter]) =>
    `${name}: (.time | strptime("%Y-%m-%dT%H:%M:%SZ") | strftime("%${letter}"))`
  ).join(", ") + "}";

const [event] = sampleEvents(1);

/** Events whose every part differs, so that a part in the wrong place is seen. */
const EVENTS = [
  { database: "shop", table: "orders", time: "2026-01-15T22:08:59Z" },
  { database: "crm", table: "contacts", time: "2025-12-31T23:59:58Z" },
  { database: "shop", table: "payments", time: "2024-02-29T00:07:06Z" },
  { database: "billing", table: "invoices", time: "2026-10-03T09:30:12Z" },
].map((members) => ({ ...event, ...members }));

/** What is tried on an answer. The order of the keys does not matter, as for Firehose. */
export async function partitionCases(query: string): Promise<ExerciseCase[]> {
  const gave = await tryOn(EVENTS, query);
  return EVENTS.map(({ database, table, time }, index) => {
    const [year, month, day, hour] = time.split(/[-T:]/);
    return {
      tried: `an event of ${database}.${table}, ${time}`,
      gave: () => gave[index],
      wanted: { database, table, year, month, day, hour },
    };
  });
}
