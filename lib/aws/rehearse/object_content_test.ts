import { assertEquals, assertStringIncludes } from "@std/assert";
import { contentLines, isFile, objectContent } from "./object_content.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const binary = (...values: number[]) => new Uint8Array(values);

for (
  const [answers, kind, why] of [
    [[bytes("PAR1..PAR1")], "Parquet", "pyarrow 26.0.1 begins a file so"],
    [[bytes("ORC...")], "ORC", "pyarrow.orc 26.0.1 begins a file so"],
    [[bytes("Obj\x01...")], "Avro", "fastavro 1.13.1 begins a file so"],
    [[bytes('{"a":1}'), bytes('{"a":2}')], "JSON", "the blueprint syslog-to-json answers so"],
    [[bytes("a,b"), bytes("ü,d")], "text", "lines of CSV need line feeds too"],
    [[bytes('{"a":1}\n')], undefined, "a line is complete"],
    [[binary(0x1f, 0x8b, 8, 0)], undefined, "gzip members may follow one another"],
    [[binary(8, 0x96, 1)], undefined, "a Protobuf message may carry its length"],
    [[], undefined, "no record was Ok"],
  ] as const
) {
  Deno.test(`objectContent() is ${kind ?? "not known to be wrong"}: ${why}`, () => {
    assertEquals(objectContent(answers)?.kind, kind);
  });
}

Deno.test("contentLines() says that Parquet files in one object can't be read, and what to do", () => {
  const content = objectContent([bytes("PAR1"), bytes("PAR1"), bytes("{}\n")]);
  assertEquals([isFile(content), content?.answers, content?.lookedAt], [true, 2, 3]);
  const text = contentLines(content, { separatesRecords: true }).join("\n");
  assertStringIncludes(text, "the answers are Parquet files (2 of 3 that were looked at)");
  assertStringIncludes(text, "record format conversion");
});

Deno.test("contentLines() says nothing of JSON run together if the stream separates the records", () => {
  const content = objectContent([bytes("{}")]);
  assertStringIncludes(contentLines(content).join("\n"), "AppendDelimiterToRecord");
  assertEquals(contentLines(content, { separatesRecords: true }), []);
});
