import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { transform } from "../../lambda/transform.ts";
import { eventOf, gzipped } from "../../lambda/sample_event.ts";
import { Buffer } from "node:buffer";
import { gunzipSync } from "node:zlib";
import { fakePeople, gzipJson, jsonBytes, missingOf, parseJsonLines, sampleEvents } from "./mod.ts";

Deno.test("fakePeople() gives the same people for the same seed, and others for another", () => {
  assertEquals(fakePeople(20, 7), fakePeople(20, 7));
  assertNotEquals(fakePeople(20, 7), fakePeople(20, 8));
});

Deno.test("fakePeople() gives fewer people from the start of the same line", () => {
  assertEquals(fakePeople(5), fakePeople(20).slice(0, 5));
  assertEquals(fakePeople(0), []);
});

Deno.test("fakePeople() have their own numbers, addresses at example.com, times within a day", () => {
  const people = fakePeople(500);
  assertEquals(people.map(({ id }) => id), people.map((_, index) => index + 1));
  for (const { email, signedUpAt } of people) {
    assert(/^[^@\s]+@example\.com$/.test(email), email);
    assert(/^2026-01-1[56]T/.test(signedUpAt), signedUpAt);
  }
});

Deno.test("sampleEvents() gives the same events for the same seed, fewer from the same line", () => {
  assertEquals(sampleEvents(20, 7), sampleEvents(20, 7));
  assertNotEquals(sampleEvents(20, 7), sampleEvents(20, 8));
  assertEquals(sampleEvents(5), sampleEvents(20).slice(0, 5));
});

Deno.test("sampleEvents() lie in five tables and three hours, two days among them", () => {
  const events = sampleEvents(500);
  assertEquals(new Set(events.map(({ database, table }) => `${database}.${table}`)).size, 5);
  assertEquals(
    [...new Set(events.map(({ time }) => time.slice(0, 13)))].sort(),
    ["2026-01-15T22", "2026-01-15T23", "2026-01-16T00"],
  );
});

Deno.test("sampleEvents() are documents that the transform takes", () => {
  const { response } = transform(eventOf(sampleEvents(100).map((event) => gzipped(event))));
  assert(response.records.every(({ result }) => result === "Ok"), "every event is Ok");
});

Deno.test("parseJsonLines() reads back any values that were written as lines", () => {
  fc.assert(fc.property(fc.array(fc.jsonValue()), (values) => {
    const text = values.map((value) => new TextDecoder().decode(jsonBytes(value)) + "\n").join("");
    // -0 is 0 in JSON.
    assertEquals(JSON.stringify(parseJsonLines(text)), JSON.stringify(values));
  }));
});

Deno.test("parseJsonLines() passes over empty lines", () => {
  assertEquals(parseJsonLines("\n1\n\n  \n2"), [1, 2]);
});

Deno.test("parseJsonLines() names the line where documents run together", () => {
  assertThrows(() => parseJsonLines('{"a":1}\n{"a":1}{"a":2}'), SyntaxError, "line 2");
});

Deno.test("gzipJson() is read back by another implementation, and is the same bytes each time", () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => {
    const bytes = gzipJson(value);
    assertEquals(gunzipSync(bytes), Buffer.from(JSON.stringify(value)));
    assertEquals(gzipJson(value), bytes);
  }));
});

Deno.test("missingOf() names what was sent and not found, whatever else was found", () => {
  const sent = [{ id: 1 }, { id: 2 }, { id: 3 }];
  assertEquals(missingOf(sent, [null, { id: 3 }, "2", { id: "2" }, { id: 1 }, { id: 1 }]), [{
    id: 2,
  }]);
  assertEquals(missingOf(sent, []), sent);
});
