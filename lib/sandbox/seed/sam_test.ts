import { assertEquals, assertThrows } from "@std/assert";
import { readDocument } from "./document.ts";
import { expandFunction, functionGlobals, usesSam } from "./sam.ts";
import { mapAt, SeedMistake } from "./value.ts";

const read = (name: string) =>
  readDocument(Deno.readTextFileSync(new URL(`testing/${name}`, import.meta.url))).value;

Deno.test("functions of SAM become what aws-sam-translator 1.115.0 makes of them", () => {
  const { Resources, Globals } = mapAt(read("sam.yaml"), []);
  const expanded = Object.entries(mapAt(Resources, [])).flatMap(([id, value]) => {
    const resource = { id, path: ["Resources", id], value: mapAt(value, []) };
    return id === "Bucket" ? [resource] : expandFunction(resource, functionGlobals(Globals));
  });
  const made = Object.fromEntries(expanded.map(({ id, value }) => [id, value]));
  // JSON has no undefined.
  assertEquals(
    JSON.parse(JSON.stringify(made)),
    mapAt(read("sam_translated.json"), []).Resources,
  );
});

const expand = (Properties: Record<string, string | readonly string[]>) => () =>
  expandFunction({ id: "F", path: ["Resources", "F"], value: { Properties } }, {});

for (
  const [what, act, message] of [
    ["Events", expand({ CodeUri: "x", Events: [] }), "the sandbox does not support Events"],
    ["no code", expand({ Handler: "a.b" }), "a function needs CodeUri or InlineCode"],
    [
      "a transform",
      () => usesSam(["AWS::LanguageExtensions"]),
      "the sandbox does not support the transform AWS::LanguageExtensions",
    ],
    [
      "globals of another type",
      () => functionGlobals({ Api: {} }),
      "the sandbox does not support Globals.Api",
    ],
  ] as const
) {
  Deno.test(`a template of SAM with ${what} is refused by name`, () => {
    assertThrows(act, SeedMistake, message);
  });
}
