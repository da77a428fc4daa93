/**
 * The order in which things are made: each after what it needs, otherwise as the file has them.
 * @module
 */

import { SeedMistake } from "./value.ts";

/**
 * Ids in order. Names in `needs` that are no ids are ignored.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(inOrder(new Map([["a", ["c"]], ["b", []], ["c", ["b"]]])), ["b", "c", "a"]);
 * ```
 *
 * Throws a `SeedMistake` that names a circle.
 */
export function inOrder(needs: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>();
  const open: string[] = [];
  const visit = (id: string) => {
    if (done.has(id) || !needs.has(id)) return;
    if (open.includes(id)) {
      const circle = [...open.slice(open.indexOf(id)), id].join(" → ");
      throw new SeedMistake(`the resources need each other: ${circle}`, ["Resources", id]);
    }
    open.push(id);
    for (const other of needs.get(id) ?? []) visit(other);
    open.pop();
    done.add(id);
  };
  for (const id of needs.keys()) visit(id);
  return [...done];
}
