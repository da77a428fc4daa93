/**
 * Pages of listings: at most 50 items, and a marker that leads to the next.
 * @module
 */

import type { MemberConstraint } from "../../constraints.ts";
import { listPage } from "../../list_pages.ts";
import { invalidParameterValue } from "./errors.ts";

/** Items of a page, also where more are asked for (captured). */
const PAGE_ITEMS_MAX = 50;

export const MAX_ITEMS: MemberConstraint = { range: [1, 10_000] };

/** The request for a page. */
export interface PageRequest {
  readonly Marker?: string;
  readonly MaxItems?: number;
}

/**
 * The page that begins with `Marker`; `keyOf` is unique in the list. Throws
 * InvalidParameterValueException for a marker that is not ours.
 */
export function pageOf<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
  { Marker, MaxItems = PAGE_ITEMS_MAX }: PageRequest,
): { readonly items: Item[]; readonly NextMarker?: string } {
  const page = listPage(items, keyOf, Math.min(MaxItems, PAGE_ITEMS_MAX), Marker);
  // The text is ours: AWS's is not known.
  if (!page) throw invalidParameterValue(`The marker ${Marker} is not valid.`);
  return {
    items: page.items,
    ...(page.marker === undefined ? {} : { NextMarker: page.marker }),
  };
}
