/**
 * Records by their partition keys: each set of keys once, however many records have it.
 * @module
 */

import { isObject } from "../../sandbox/values.ts";

/** Records with the same partition keys. */
export interface KeyGroup {
  /** As the function gave them. */
  readonly keys: ReadonlyMap<string, unknown>;
  /** Names of the members of its first record; empty if that is no JSON object. */
  readonly members: readonly string[];
  readonly records: number;
}

/** Groups whose first record is looked at: the members of more would say the same. */
const MEMBERS_MAX = 2_000;

const NO_MEMBERS: readonly string[] = [];

/** Numbers sets of keys in the order in which they come. */
export class KeyGroups {
  readonly #ids = new Map<string, number>();
  readonly #members: (readonly string[])[] = [];

  /** The number of a set of keys, as JSON. `data` is that of the record. */
  idOf(keyText: string, data: Uint8Array): number {
    const known = this.#ids.get(keyText);
    if (known !== undefined) return known;
    const id = this.#ids.size;
    this.#ids.set(keyText, id);
    if (id < MEMBERS_MAX) this.#members.push(membersOf(data));
    return id;
  }

  /** A zero for each set of keys. */
  noCounts(): Uint32Array {
    return new Uint32Array(this.#ids.size);
  }

  /** The groups that have records. */
  withCounts(counts: Uint32Array): readonly KeyGroup[] {
    return [...this.#ids].filter(([, id]) => counts[id] > 0).map(([text, id]) => ({
      keys: keysIn(text),
      members: this.#members[id] ?? NO_MEMBERS,
      records: counts[id],
    }));
  }
}

function keysIn(text: string): ReadonlyMap<string, unknown> {
  const keys: unknown = text === "" ? {} : JSON.parse(text);
  return new Map(isObject(keys) ? Object.entries(keys) : []);
}

/** Names in a record that is one JSON object; none for anything else. */
export function membersOf(data: Uint8Array): readonly string[] {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(data));
    return isObject(value) ? Object.keys(value) : NO_MEMBERS;
  } catch {
    return NO_MEMBERS;
  }
}
