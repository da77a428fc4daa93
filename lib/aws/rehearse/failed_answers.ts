/**
 * What a function answered for records that failed all the same: `--failed` writes it beside each.
 * @module
 */

import { isObject } from "../../sandbox/values.ts";

/** Bytes of answers that are kept in a rehearsal; those of further records are left out. */
const KEPT_BYTES_MAX = 64 * 1024 * 1024;

/** Keeps answers as JSON, up to a limit. */
export class FailedAnswers {
  readonly #bytesMax: number;
  #bytes = 0;

  constructor(bytesMax = KEPT_BYTES_MAX) {
    this.#bytesMax = bytesMax;
  }

  /**
   * The items of a response that name one of these records, as JSON by record id: an item, or a list of
   * them if there are several. Empty for a response that is not JSON with a list of records.
   *
   * @example
   * ```ts
   * import { assertEquals } from "@std/assert";
   * const response = new TextEncoder().encode('{"records":[{"recordId":"1","result":"ok"}]}');
   * const kept = new FailedAnswers().of(response, new Set(["1", "2"]));
   * assertEquals(kept, new Map([["1", '{"recordId":"1","result":"ok"}']]));
   * ```
   */
  of(response: Uint8Array, recordIds: ReadonlySet<string>): ReadonlyMap<string, string> {
    const items = itemsOf(response).filter((item) => recordIds.has(`${item.recordId}`));
    const kept = new Map<string, string>();
    for (const [id, all] of Map.groupBy(items, ({ recordId }) => `${recordId}`)) {
      const text = JSON.stringify(all.length === 1 ? all[0] : all);
      if (this.#bytes + text.length > this.#bytesMax) break;
      this.#bytes += text.length;
      kept.set(id, text);
    }
    return kept;
  }
}

function itemsOf(response: Uint8Array): Readonly<Record<string, unknown>>[] {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(response));
    return isObject(value) && Array.isArray(value.records) ? value.records.filter(isObject) : [];
  } catch {
    return [];
  }
}
