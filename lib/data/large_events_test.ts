import { assert, assertEquals } from "@std/assert";
import { gzipJson } from "./gzip.ts";
import { jsonBytes } from "./json.ts";
import { largeEvents } from "./large_events.ts";

Deno.test("largeEvents() are as large as asked as JSON, and small compressed, each with its own id", () => {
  const events = largeEvents(3, 1_000_000);
  for (const event of events) {
    const bytes = jsonBytes(event).length;
    assert(bytes >= 1_000_000 && bytes < 1_000_100, `${bytes}`);
    assert(gzipJson(event).length < 10_000);
  }
  assertEquals(new Set(events.map(({ id }) => id)).size, 3);
  assert(jsonBytes(largeEvents(1, 0)[0]).length < 200);
});
