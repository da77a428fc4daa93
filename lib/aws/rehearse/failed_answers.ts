/**
 * What a function answered for records that failed all the same: `--failed` writes it beside each.
 * @module
 */

import { isObject } from "../../sandbox/values.ts";

/**
 * The items of a response that name one of these records, as JSON by record id: an item, or a list of
 * them if there are several. Empty for a response that is not JSON with a list of records.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const response = new TextEncoder().encode('{"records":[{"recordId":"1","result":"ok"}]}');
 * const found = failedAnswers(response, new Set(["1", "2"]));
 * assertEquals(found, new Map([["1", '{"recordId":"1","result":"ok"}']]));
 * ```
 */
export function failedAnswers(
  response: Uint8Array,
  recordIds: ReadonlySet<string>,
): ReadonlyMap<string, string> {
  const items = itemsOf(response).filter((item) => recordIds.has(`${item.recordId}`));
  const byId = Map.groupBy(items, ({ recordId }) => `${recordId}`);
  return new Map(
    [...byId].map(([id, all]) => [id, JSON.stringify(all.length === 1 ? all[0] : all)]),
  );
}

function itemsOf(response: Uint8Array): Readonly<Record<string, unknown>>[] {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(response));
    return isObject(value) && Array.isArray(value.records) ? value.records.filter(isObject) : [];
  } catch {
    return [];
  }
}
