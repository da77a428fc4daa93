/**
 * Events that are kilobytes compressed and megabytes as JSON: what notebooks 4 and 5 are about. Real ones
 * are logs, traces and exports, in which the same words come again and again.
 * @module
 */

import { jsonBytes } from "./json.ts";

/** A trace that somebody attached to a ticket. */
export interface LargeEvent {
  /** New for each event, so that one can count what arrived. */
  readonly id: string;
  readonly database: string;
  readonly table: string;
  readonly time: string;
  readonly trace: string;
}

const TRACE_LINE = "GET /health HTTP/1.1 200 OK, 3 ms, upstream 10.0.0.7:8080\n";
const TABLES = ["tickets", "traces"];

/** `count` events of about `bytesEach` bytes as JSON, some thousandth of that compressed. */
export function largeEvents(count: number, bytesEach: number): LargeEvent[] {
  return Array.from({ length: count }, (_, index) => {
    const event = {
      id: crypto.randomUUID(),
      database: "support",
      table: TABLES[index % TABLES.length],
      time: "2026-01-15T22:30:00Z",
      trace: "",
    };
    const missing = Math.max(0, bytesEach - jsonBytes(event).length);
    // The line feed at a line's end takes two bytes as JSON.
    return { ...event, trace: TRACE_LINE.repeat(Math.ceil(missing / (TRACE_LINE.length + 1))) };
  });
}
