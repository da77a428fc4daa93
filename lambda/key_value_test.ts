import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import fc from "fast-check";
import { escapeKeyValue, unescapeKeyValue } from "./key_value.ts";
import { codePoint } from "./testing.ts";

for (
  const [text, segment, why] of [
    ["orders_2026-v1.2", "orders_2026-v1.2", "plain text stays"],
    ["a/b", "a!2Fb", "a slash would make a folder"],
    [".", "!2E", "a segment of one dot is the folder itself"],
    ["..", "!2E.", "a segment of two dots is the folder above"],
    [".hidden", "!2Ehidden", "a leading dot hides a file"],
    ["_audit", "!5Faudit", "Spark 4.3 and pyarrow 25.0 skip a leading underscore (2026-11-30)"],
    ["__a_", "!5F_a_", "only the first one is escaped"],
    ["100%", "100!25", "the percent sign is on S3's list to avoid"],
    ["!", "!21", "the escape sign itself"],
    ["Zürich", "Z!C3!BCrich", "UTF-8, byte by byte"],
    ["\u0000", "!00", "a control character"],
    ["!{timestamp:yyyy}", "!21!7Btimestamp!3Ayyyy!7D", "nothing that looks like an expression"],
  ] as const
) {
  Deno.test(`escapeKeyValue() makes ${segment} of ${JSON.stringify(text)}: ${why}`, () => {
    assertEquals(escapeKeyValue(text), segment);
    assertEquals(unescapeKeyValue(segment), text);
  });
}

const anyText = fc.oneof(
  fc.string({ unit: codePoint }),
  fc.stringMatching(/^[./!%2EF ]{1,8}$/),
);

Deno.test("escapeKeyValue() gives one safe segment, and its text back", () => {
  fc.assert(fc.property(anyText, (text) => {
    const segment = escapeKeyValue(text);
    assertMatch(segment, /^[A-Za-z0-9_!.-]*$/);
    assert(!/^[._]/.test(segment), segment);
    assertEquals(unescapeKeyValue(segment), text);
  }));
});

Deno.test("escapeKeyValue() never makes one segment of two texts", () => {
  fc.assert(fc.property(anyText, anyText, (one, other) => {
    assertEquals(escapeKeyValue(one) === escapeKeyValue(other), one === other);
  }));
});

Deno.test("escapeKeyValue() never makes a path that climbs, also where values stand side by side", () => {
  fc.assert(fc.property(anyText, anyText, (one, other) => {
    const segment = escapeKeyValue(one) + escapeKeyValue(other);
    assert(segment !== "." && segment !== "..");
  }));
});

Deno.test("escapeKeyValue() refuses half of a surrogate pair, which could not be read back", () => {
  assertThrows(() => escapeKeyValue("a\ud800"), RangeError, "surrogate");
});

for (
  const [segment, why] of [
    ["a/b", "a slash"],
    ["%41", "another escape sign"],
    ["!4", "a sign with one digit"],
    ["!41", "a letter that is never escaped"],
    ["!c3!bc", "lower-case digits"],
    ["!FF", "not UTF-8"],
    [".a", "a leading dot"],
    ["_a", "a leading underscore"],
  ] as const
) {
  Deno.test(`unescapeKeyValue() refuses ${segment}: ${why}`, () => {
    assertThrows(() => unescapeKeyValue(segment), SyntaxError, "not an escaped partition key");
  });
}
