/** Pages of log events, and the tokens between them. */
import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { AwsError } from "../../errors.ts";
import {
  eventToken,
  listPage,
  PAGE_BYTES_MAX,
  pageOf,
  placeDigits,
  readEventToken,
  readSearchToken,
  searchToken,
} from "./event_pages.ts";
import { EVENT_OVERHEAD_BYTES } from "./log_events.ts";

const eventOf = (message: string, id = 1) => ({
  id,
  streamName: "s",
  timestampMs: 1_000 + id,
  ingestionMs: 0,
  message,
});

/** As events are read: some at a time. */
async function* paged(events: readonly ReturnType<typeof eventOf>[]) {
  for (let start = 0; start < events.length; start += 300) yield events.slice(start, start + 300);
}

for (
  const [extraBytes, events, why] of [
    [0, 2, "a page of exactly 1 MB"],
    [1, 1, "one byte more"],
  ] as const
) {
  Deno.test(`a page of two large events has ${events}: ${why}`, async () => {
    const half = PAGE_BYTES_MAX / 2 - EVENT_OVERHEAD_BYTES;
    const large = [eventOf("x".repeat(half)), eventOf("x".repeat(half + extraBytes), 2)];
    const page = await pageOf(paged(large), 10_000);
    assertEquals([page.events.length, page.more], [events, events < 2]);
  });
}

Deno.test("a page holds an event, however large it is", async () => {
  const events = [eventOf("x".repeat(2 * PAGE_BYTES_MAX)), eventOf("y", 2)];
  const page = await pageOf(paged(events), 10);
  assertEquals([page.events.length, page.more, page.last?.id], [1, true, 1]);
});

Deno.test("a search that finds nothing ends a page all the same, and goes on where it ended", async () => {
  const many = Array.from({ length: 25_000 }, (_, id) => eventOf("no", id));
  const first = await pageOf(paged(many), 10, (message) => message === "yes");
  assertEquals([first.events, first.more, first.last?.id], [[], true, 19_999]);
  const second = await pageOf(paged(many.slice(20_000)), 10, (message) => message === "yes");
  assertEquals([second.events, second.more], [[], false]);
});

const place = fc.record({
  timestampMs: fc.integer({ min: 0, max: 10 ** 14 - 1 }),
  id: fc.maxSafeNat(),
}, { noNullPrototype: true });

Deno.test("tokens are read as they were written, and places sort as events do", () => {
  fc.assert(
    fc.property(place, place, (a, b) => {
      assertEquals(readEventToken(eventToken("f", a)), { direction: "forward", place: a });
      assertEquals(readEventToken(eventToken("b", a)), { direction: "backward", place: a });
      const search = { direction: "backward", place: a } as const;
      assertEquals(readSearchToken(searchToken("backward", a)), search);
      const later = a.timestampMs - b.timestampMs || a.id - b.id;
      assertEquals(Math.sign(later), placeDigits(a) < placeDigits(b) ? -1 : later === 0 ? 0 : 1);
    }),
  );
});

Deno.test("a token that was never given is refused with AWS's text, whatever it is", () => {
  const reads: readonly ((token: string) => unknown)[] = [
    readEventToken,
    readSearchToken,
    (nextToken) => listPage([{ name: "a" }, { name: "b" }], { nextToken, limit: 1 }),
  ];
  const likeTokens = [btoa("forward"), "9".repeat(56), `f/${"9".repeat(56)}/s`, "YQ="];
  const token = fc.oneof(fc.string(), fc.base64String(), fc.constantFrom(...likeTokens))
    .filter((token) => !["a", "b"].map(btoa).includes(token));
  fc.assert(
    fc.property(token, fc.constantFrom(...reads), (token, read) => {
      const error = assertThrows(() => read(token), AwsError);
      assertEquals(error.message, "The specified nextToken is invalid.");
    }),
  );
});

Deno.test("the pages of a list are the list, whatever the names and the limit", () => {
  const names = fc.uniqueArray(fc.string({ unit: "grapheme" }), { maxLength: 30 });
  fc.assert(
    fc.property(names, fc.integer({ min: 1, max: 10 }), (names, limit) => {
      const items = names.map((name) => ({ name }));
      const seen: string[] = [];
      let nextToken: string | undefined;
      do {
        const page = listPage(items, { nextToken, limit });
        seen.push(...page.page.map(({ name }) => name));
        ({ nextToken } = page);
      } while (nextToken !== undefined);
      assertEquals(seen, names);
    }),
  );
});
