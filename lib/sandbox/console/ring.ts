/**
 * A list that keeps the newest items.
 * @module
 */

/**
 * At most `size` items, newest first.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const ring = new Ring<number>(2);
 * for (const item of [1, 2, 3]) ring.add(item);
 * assertEquals(ring.items, [3, 2]);
 * ```
 */
export class Ring<Item> {
  readonly #size: number;
  #items: Item[] = [];

  constructor(size: number) {
    this.#size = size;
  }

  get items(): readonly Item[] {
    return this.#items;
  }

  add(item: Item): void {
    this.#items = [item, ...this.#items.slice(0, this.#size - 1)];
  }

  /** Replaces the newest item that `isMeant` chooses, if there is one, and returns the new one. */
  replace(isMeant: (item: Item) => boolean, change: (item: Item) => Item): Item | undefined {
    const index = this.#items.findIndex(isMeant);
    if (index < 0) return undefined;
    this.#items = this.#items.with(index, change(this.#items[index]));
    return this.#items[index];
  }
}
