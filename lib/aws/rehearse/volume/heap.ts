/**
 * A binary heap: the item with the least order comes first.
 * @module
 */

/**
 * Items by their order, the least first.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const heap = new Heap<number>((value) => value);
 * for (const value of [3, 1, 2]) heap.push(value);
 * assertEquals([heap.first, heap.pop(), heap.pop(), heap.size], [1, 1, 2, 1]);
 * ```
 */
export class Heap<Item> {
  readonly #items: Item[] = [];
  readonly #order: (item: Item) => number;

  constructor(order: (item: Item) => number) {
    this.#order = order;
  }

  get size(): number {
    return this.#items.length;
  }

  /** The least item; undefined if there is none. */
  get first(): Item | undefined {
    return this.#items[0];
  }

  push(item: Item): void {
    const items = this.#items;
    const order = this.#order(item);
    let at = items.push(item) - 1;
    for (let up = (at - 1) >> 1; at > 0 && this.#order(items[up]) > order; up = (at - 1) >> 1) {
      items[at] = items[up];
      at = up;
    }
    items[at] = item;
  }

  /** Takes the least item out; undefined if there is none. */
  pop(): Item | undefined {
    const items = this.#items;
    const least = items[0];
    const last = items.pop();
    if (items.length === 0 || last === undefined) return least;
    const order = this.#order(last);
    let at = 0;
    for (let down = this.#smallerChild(0); down !== undefined; down = this.#smallerChild(at)) {
      if (this.#order(items[down]) >= order) break;
      items[at] = items[down];
      at = down;
    }
    items[at] = last;
    return least;
  }

  #smallerChild(at: number): number | undefined {
    const items = this.#items;
    const left = 2 * at + 1;
    if (left >= items.length) return undefined;
    const right = left + 1;
    if (right >= items.length) return left;
    return this.#order(items[right]) < this.#order(items[left]) ? right : left;
  }
}
