import { assert, assertEquals, assertRejects } from "@std/assert";
import { Buffer } from "node:buffer";
import { handler } from "./handler.ts";
import { DOCUMENT, eventOf, gzipped } from "./sample_event.ts";
import { transform } from "./transform.ts";

/** Runs `act` and gives the lines it logged. */
async function loggedBy(act: () => Promise<unknown>): Promise<string[]> {
  const lines: string[] = [];
  const { log, warn } = console;
  console.log = console.warn = (line: string) => lines.push(line);
  try {
    await act();
  } finally {
    Object.assign(console, { log, warn });
  }
  return lines;
}

Deno.test("handler() answers what transform() answers, and logs one line for each failed record", async () => {
  const event = eventOf([gzipped(DOCUMENT), Buffer.from("s3cr3t"), gzipped("s3cr3t")]);
  const lines = await loggedBy(async () => {
    assertEquals(await handler(event), transform(event).response);
  });
  const { recordId } = event.records[1];
  assertEquals(lines.length, 3);
  assertEquals(lines[0], `record "${recordId}" is ProcessingFailed: the data is not gzip`);
  assert(lines[2].startsWith("1 of 3 records are Ok; the response takes "));
  assert(!lines.join().includes("s3cr3t"));
});

Deno.test("handler() rejects an event that is not Firehose's", async () => {
  await assertRejects(() => handler({ Records: [] }), TypeError, "no list `records`");
});

Deno.test("handler() takes fewer than three parameters: nodejs24.x refuses a callback", () => {
  assert(handler.length < 3);
});
