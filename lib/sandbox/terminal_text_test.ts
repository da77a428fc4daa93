import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { terminalLine, terminalText } from "./terminal_text.ts";
import { codePoint } from "./testing/code_point.ts";

for (
  const [text, shown, why] of [
    ["\x1b[2J", "\\u001b[2J", "ESC begins a sequence"],
    ["\x9b2J", "\\u009b2J", "so does the single byte CSI"],
    ["\x07\x08\x7f", "\\u0007\\u0008\\u007f", "bell, backspace and delete"],
    ["a\rb", "a\\u000db", "a carriage return writes over the line"],
    ["a\u202eb", "a\\u202eb", "an override turns the direction of writing"],
    ["a\u2028b", "a\\u2028b", "a line separator ends a line"],
    ["a\n\tb é 数 🚀", "a\n\tb é 数 🚀", "line feeds, tabs and letters stay"],
  ] as const
) {
  Deno.test(`terminalText() shows ${JSON.stringify(text)}: ${why}`, () => {
    assertEquals(terminalText(text), shown);
  });
}

Deno.test("terminalLine() gives one line without control characters for any text", () => {
  fc.assert(fc.property(fc.string({ unit: codePoint }), (text) => {
    assertEquals(/[\p{Cc}\u2028\u2029]/u.test(terminalLine(text)), false);
  }));
});
