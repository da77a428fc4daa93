/**
 * Pages of listings: at most 50 items, and a marker that leads to the next.
 * @module
 */

import type { MemberConstraint } from "../../constraints.ts";
import { invalidParameterValue } from "./errors.ts";

/** Items of a page, also where more are asked for (captured). */
const PAGE_ITEMS_MAX = 50;

export const MAX_ITEMS: MemberConstraint = { range: [1, 10_000] };

/** The request for a page. */
export interface PageRequest {
  readonly Marker?: string;
  readonly MaxItems?: number;
}

/** The page that begins after `Marker`. Throws InvalidParameterValueException for one that is not ours. */
export function pageOf<Item>(
  items: readonly Item[],
  { Marker, MaxItems = PAGE_ITEMS_MAX }: PageRequest,
): { readonly items: Item[]; readonly NextMarker?: string } {
  const start = Marker === undefined ? 0 : readMarker(Marker);
  const end = start + Math.min(MaxItems, PAGE_ITEMS_MAX);
  return {
    items: items.slice(start, end),
    ...(end < items.length ? { NextMarker: btoa(`from ${end}`) } : {}),
  };
}

function readMarker(marker: string): number {
  try {
    const [, start] = /^from (\d+)$/.exec(atob(marker)) ?? [];
    if (start !== undefined) return Number(start);
  } catch {
    // Not base64: refused below.
  }
  // The text is ours: AWS's is not known.
  throw invalidParameterValue(`The marker ${marker} is not valid.`);
}
