import { assert, assertEquals } from "@std/assert";
import * as fc from "fast-check";
import { listPage } from "./list_pages.ts";

const same = (name: string) => name;

Deno.test("a client that deletes some of what each page lists still sees every item once", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.string(), { maxLength: 30 }),
      fc.integer({ min: 1, max: 5 }),
      fc.func(fc.boolean()),
      (names, limit, isDeleted) => {
        const sorted = names.toSorted((a, b) => (a < b ? -1 : 1));
        let left = sorted;
        const seen: string[] = [];
        let marker: string | undefined;
        do {
          const page = listPage(left, same, limit, marker);
          assert(page);
          seen.push(...page.items);
          left = left.filter((name) => !(page.items.includes(name) && isDeleted(name)));
          marker = page.marker;
        } while (marker !== undefined);
        assertEquals(seen, sorted);
      },
    ),
  );
});

Deno.test("a page begins with the next key if the item of its marker is gone", () => {
  const marker = listPage(["a", "b", "c"], same, 1)?.marker;
  assertEquals(listPage(["a", "c"], same, 9, marker), { items: ["c"] });
  assertEquals(listPage(["a"], same, 9, marker), { items: [] });
});

for (const marker of ["", "x", "page-2", btoa("after b"), "ZnJvbSBi="]) {
  Deno.test(`${JSON.stringify(marker)} is no marker of a list`, () => {
    assertEquals(listPage(["a", "b"], same, 1, marker), undefined);
  });
}
