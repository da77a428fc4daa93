/**
 * Pages of log events and the tokens between them: at most 10,000 events and 1 MB a page.
 * @module
 */

import { invalidToken } from "./errors.ts";
import { eventBytes, type LogEvent, type Position } from "./log_events.ts";

/** Events and bytes of a page. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html */
export const PAGE_EVENTS_MAX = 10_000;
export const PAGE_BYTES_MAX = 1_048_576;

/**
 * Events that one call of FilterLogEvents examines, so that a rare match does not block others.
 * Ours; AWS has such a limit too, as its empty pages with a token show.
 */
const SEARCHED_EVENTS_MAX = 20_000;

/** A page, and where reading ended; `more` says whether events of the range may be left. */
export interface EventPage {
  readonly events: readonly LogEvent[];
  readonly last: Position | undefined;
  readonly more: boolean;
}

/** The first page of `events` that match, in the order in which they come. */
export async function pageOf(
  events: AsyncIterable<readonly LogEvent[]>,
  limit: number,
  matches: (message: string) => boolean = () => true,
): Promise<EventPage> {
  const page: LogEvent[] = [];
  let bytes = 0;
  let searched = 0;
  let last: Position | undefined;
  for await (const some of events) {
    for (const event of some) {
      const isIn = matches(event.message);
      if (isIn) bytes += eventBytes(event.message);
      const isFull = page.length >= limit || (page.length > 0 && bytes > PAGE_BYTES_MAX);
      if (isFull || searched >= SEARCHED_EVENTS_MAX) return { events: page, last, more: true };
      searched++;
      if (isIn) page.push(event);
      last = event;
    }
  }
  return { events: page, last, more: false };
}

/** Digits of an event id and of a token: 14 for the time, 42 for the order of arrival. */
const TIME_DIGITS = 14;
const ORDER_DIGITS = 42;
const TIME_MS_MAX = 10 ** TIME_DIGITS - 1;

/** 56 digits that sort as events do: an event's id, and a place in a token. */
export function placeDigits({ timestampMs, id }: Position): string {
  const time = Math.trunc(Math.min(timestampMs, TIME_MS_MAX));
  return String(time).padStart(TIME_DIGITS, "0") + String(id).padStart(ORDER_DIGITS, "0");
}

/** A token of GetLogEvents: `f/` for the events after a place, `b/` for those before it. */
export function eventToken(direction: "f" | "b", place: Position): string {
  return `${direction}/${placeDigits(place)}/s`;
}

/** Reads {@linkcode eventToken}. Throws InvalidParameterException for a token that is none. */
export function readEventToken(token: string): {
  readonly direction: "forward" | "backward";
  readonly place: Position;
} {
  const [, letter, digits] = /^([fb])\/(\d{56})\/s$/.exec(token) ?? [];
  if (digits === undefined) throw invalidToken();
  return { direction: letter === "f" ? "forward" : "backward", place: placeOf(digits) };
}

/** A token of FilterLogEvents, which also keeps the direction. */
export function searchToken(direction: "forward" | "backward", place: Position): string {
  return btoa(`${direction} ${placeDigits(place)}`);
}

/** Reads {@linkcode searchToken}. Throws InvalidParameterException for a token that is none. */
export function readSearchToken(token: string): {
  readonly direction: "forward" | "backward";
  readonly place: Position;
} {
  const [, direction, digits] = /^(forward|backward) (\d{56})$/.exec(decoded(token)) ?? [];
  if (digits === undefined) throw invalidToken();
  return {
    direction: direction === "forward" ? "forward" : "backward",
    place: placeOf(digits),
  };
}

function decoded(token: string): string {
  try {
    return atob(token);
  } catch (cause) {
    if (cause instanceof DOMException) throw invalidToken();
    throw cause;
  }
}

function placeOf(digits: string): Position {
  const timestampMs = Number(digits.slice(0, TIME_DIGITS));
  const id = Number(digits.slice(TIME_DIGITS));
  if (!Number.isSafeInteger(id)) throw invalidToken();
  return { timestampMs, id };
}

const LIST_ITEMS_DEFAULT = 50;

/** The page of groups or streams after `nextToken`. Throws for a token that names none of `items`. */
export function listPage<Item extends { readonly name: string }>(
  items: readonly Item[],
  { nextToken, limit = LIST_ITEMS_DEFAULT }: {
    readonly nextToken?: string | undefined;
    readonly limit?: number | undefined;
  },
): { readonly page: readonly Item[]; readonly nextToken?: string } {
  const start = nextToken === undefined
    ? 0
    : items.findIndex(({ name }) => listToken(name) === nextToken) + 1;
  if (nextToken !== undefined && start === 0) throw invalidToken();
  const page = items.slice(start, start + limit);
  if (items.length <= start + limit) return { page };
  return { page, nextToken: listToken(page[page.length - 1].name) };
}

/** The token for the page after the item `name`. */
function listToken(name: string): string {
  return new TextEncoder().encode(name).toBase64();
}
