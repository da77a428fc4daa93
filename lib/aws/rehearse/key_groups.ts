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

/** What a given prefix needs of the keys. */
export interface PrefixKeys {
  /** The keys that it names; others make no difference. */
  readonly names: ReadonlySet<string>;
  isRefused(keys: ReadonlyMap<string, unknown>): boolean;
}

/** Groups, and the records of those that are not kept one by one. */
export interface GroupedKeys {
  readonly groups: readonly KeyGroup[];
  readonly furtherRecords: number;
}

/** Twenty times the partitions that may be active at once. */
const GROUPS_MAX = 10_000;

/** Numbers of records whose set of keys came after {@linkcode GROUPS_MAX} others. */
const [FURTHER, FURTHER_REFUSED] = [0, 1];

/**
 * Numbers sets of keys in the order in which they come. Of more than 10,000 sets it counts the records
 * only, those that the prefix refuses for themselves.
 */
export class KeyGroups {
  readonly #prefix: PrefixKeys | undefined;
  readonly #groupsMax: number;
  readonly #ids = new Map<string, number>();
  /** The set of keys of each number, as JSON. Of what is refused, that of the first. */
  readonly #texts = ["", ""];
  readonly #members: (readonly string[])[] = [NO_MEMBERS, NO_MEMBERS];
  readonly #refused = new Set([FURTHER_REFUSED]);

  /** `prefix` is undefined if none is given. */
  constructor(prefix?: PrefixKeys, groupsMax = GROUPS_MAX) {
    this.#prefix = prefix;
    this.#groupsMax = groupsMax;
  }

  /** The number of a set of keys, which are `keyText` as JSON. `data` is that of the record. */
  idOf(keys: ReadonlyMap<string, unknown>, keyText: string, data: Uint8Array): number {
    const isRefused = this.#prefix?.isRefused(keys) ?? false;
    // The report shows what is refused as the function gave it.
    const text = this.#prefix && !isRefused ? namedText(keys, this.#prefix.names) : keyText;
    const known = this.#ids.get(text);
    if (known !== undefined) return known;
    if (this.#ids.size >= this.#groupsMax) return isRefused ? this.#refusedId(text) : FURTHER;
    const id = this.#texts.push(text) - 1;
    this.#ids.set(text, id);
    if (isRefused) this.#refused.add(id);
    if (id < MEMBERS_MAX) this.#members.push(membersOf(data));
    return id;
  }

  /** Whether the prefix refuses the set of keys with this number. */
  isRefused(id: number): boolean {
    return this.#refused.has(id);
  }

  /** The set of keys with this number, as JSON; of keys that are not kept, empty. */
  textOf(id: number): string {
    return this.#texts[id];
  }

  /** A zero for each number. */
  noCounts(): Uint32Array {
    return new Uint32Array(this.#texts.length);
  }

  /** The groups that have records; `counts` has how many each number has. */
  withCounts(counts: Uint32Array): GroupedKeys {
    const groups = this.#texts.map((text, id): KeyGroup => ({
      keys: keysIn(text),
      members: this.#members[id] ?? NO_MEMBERS,
      records: counts[id],
    })).filter(({ records }, id) => records > 0 && id !== FURTHER);
    return { groups, furtherRecords: counts[FURTHER] };
  }

  #refusedId(text: string): number {
    if (this.#texts[FURTHER_REFUSED] === "") this.#texts[FURTHER_REFUSED] = text;
    return FURTHER_REFUSED;
  }
}

/** The keys of these names, as JSON. */
function namedText(keys: ReadonlyMap<string, unknown>, names: ReadonlySet<string>): string {
  return JSON.stringify(Object.fromEntries([...keys].filter(([name]) => names.has(name))));
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
