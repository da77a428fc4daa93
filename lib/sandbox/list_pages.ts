/**
 * Pages of lists whose items may be deleted between two pages. A marker names the item that the next
 * page begins with, and not its position: a client that deletes what each page lists misses none.
 * @module
 */

import { Buffer } from "node:buffer";

/** A page, and the marker of the next one; undefined on the last page. */
export interface ListPage<Item> {
  readonly items: Item[];
  readonly marker?: string;
}

const PREFIX = "from ";

/**
 * At most `limit` of `items`, from `marker` on; undefined if the marker is none of ours. `keyOf` must
 * be unique in the list. If the item of the marker is gone, the page begins with the next key.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const page = listPage(["a", "b", "c"], (name) => name, 1);
 * assertEquals(page?.items, ["a"]);
 * assertEquals(listPage(["b", "c"], (name) => name, 1, page?.marker)?.items, ["b"]);
 * ```
 */
export function listPage<Item>(
  items: readonly Item[],
  keyOf: (item: Item, index: number) => string,
  limit: number,
  marker?: string,
): ListPage<Item> | undefined {
  const first = marker === undefined ? undefined : readMarker(marker);
  if (marker !== undefined && first === undefined) return undefined;
  const start = first === undefined ? 0 : indexFrom(items.map(keyOf), first);
  const end = start + limit;
  return {
    items: items.slice(start, end),
    ...(end < items.length ? { marker: markerOf(keyOf(items[end], end)) } : {}),
  };
}

function indexFrom(keys: readonly string[], first: string): number {
  const same = keys.indexOf(first);
  if (same >= 0) return same;
  const next = keys.findIndex((key) => key > first);
  return next >= 0 ? next : keys.length;
}

const markerOf = (key: string) => Buffer.from(PREFIX + key).toString("base64url");

function readMarker(marker: string): string | undefined {
  const text = Buffer.from(marker, "base64url").toString();
  const isOurs = text.startsWith(PREFIX) && Buffer.from(text).toString("base64url") === marker;
  return isOurs ? text.slice(PREFIX.length) : undefined;
}
