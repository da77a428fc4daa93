import { assertEquals } from "@std/assert";
import { recordsInMemory } from "./record_spool.ts";
import { startRehearsal } from "./rehearsal.ts";
import { codeOfText } from "./testing.ts";

const ECHO = `exports.handler = async (event) => ({
  records: event.records.map((r) => ({ recordId: r.recordId, result: "Ok", data: r.data })),
});`;

Deno.test("a zip that is too large for a request comes from S3", async () => {
  const records = recordsInMemory([new TextEncoder().encode("one")]);
  const settings = { memoryMB: 512, timeoutSeconds: 60, variables: {} };
  const code = codeOfText("index.js", ECHO, "nodejs22.x");
  const options = { settings, zipInRequestBytesMax: code.zip.length - 1 };
  await using rehearsal = await startRehearsal(code, records, options);
  const { invocation } = await rehearsal.attempt(0, 1);
  assertEquals(invocation.counts.ok, 1);
});
