/**
 * The events of a log group for the page: the newest ones.
 * @module
 */

import type { LogEvent } from "../services/logs/log_events.ts";
import type { LogGroup } from "../services/logs/log_groups.ts";
import type { LogsState } from "../services/logs/state.ts";
import type { LogPage } from "./shapes.ts";

const EVENTS_SHOWN = 300;
const CHARACTERS_SHOWN = 4_000;

/** The newest events of a group, oldest first. */
export async function logPage(logs: LogsState, group: LogGroup, nowMs: number): Promise<LogPage> {
  const events: LogEvent[] = [];
  for await (const page of newestFirst(logs, group, nowMs)) {
    events.push(...page);
    if (events.length > EVENTS_SHOWN) break;
  }
  return {
    events: events.slice(0, EVENTS_SHOWN).toReversed().map(
      ({ timestampMs: atMs, streamName: stream, message }) => ({
        ...{ atMs, stream },
        message: message.length > CHARACTERS_SHOWN
          ? `${message.slice(0, CHARACTERS_SHOWN)}…`
          : message,
      }),
    ),
    isCut: events.length > EVENTS_SHOWN,
  };
}

/** The events of a group that have not expired, in pages. */
export function newestFirst(logs: LogsState, group: LogGroup, nowMs: number) {
  return logs.events.read({
    groupId: group.id,
    fromMs: logs.expiredBeforeMs(group),
    // Clients may be ahead by two hours.
    toMs: nowMs + 7_200_000,
    direction: "backward",
  });
}
