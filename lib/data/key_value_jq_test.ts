import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { escapeKeyValue } from "../../lambda/key_value.ts";
import { jq } from "./jq.ts";
import { ESCAPE_KEY_VALUE_JQ } from "./key_value_jq.ts";

/** What the jq definition makes of texts. */
async function escaped(texts: readonly string[]): Promise<unknown> {
  const [all] = await jq(`${ESCAPE_KEY_VALUE_JQ} map(escape_key_value)`, texts);
  return all;
}

Deno.test("ESCAPE_KEY_VALUE_JQ escapes any text as the transform does", async () => {
  const signs = fc.stringMatching(/^[._!~*'()%=/ a-c0-9-]{0,12}$/);
  const texts = fc.sample(fc.oneof(signs, fc.string({ unit: "grapheme" })), 400)
    .filter((text) => text.isWellFormed());
  const all = ["_audit", ".hidden", "..", "a=b", "O'Neil (x)", "Zürich", "😀", "", ...texts];
  assertEquals(await escaped(all), all.map(escapeKeyValue));
});
