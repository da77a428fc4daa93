import { assert, assertEquals, assertRejects } from "@std/assert";
import { Buffer } from "node:buffer";
import { gunzipSync } from "node:zlib";
import { answer, type AnswerParts, type FunctionAws } from "./answer.ts";
import { DOCUMENT, eventOf, gzipped } from "./sample_event.ts";
import { getSize, transform } from "./transform.ts";

/** Parts that keep what was done, and the lines that were logged. */
function partsWith(changes: Partial<AnswerParts & FunctionAws> = {}) {
  const lines: string[] = [];
  const put: { readonly stream: string; readonly records: readonly Buffer[] }[] = [];
  const written = new Map<string, Buffer>();
  const log = (line: string) => {
    lines.push(line);
  };
  const parts: AnswerParts = {
    options: { responseBytesMax: 5_000 },
    largeRecords: undefined,
    log: { log, warn: log },
    pause: () => Promise.resolve(),
    random: () => 0.5,
    remainingMs: () => 60_000,
    ...changes,
    aws: {
      putRecordBatch: changes.putRecordBatch ?? ((stream, records) => {
        put.push({ stream, records });
        return Promise.resolve(records.map(() => undefined));
      }),
      putObject: changes.putObject ?? (({ bucket, key, body }) => {
        written.set(`${bucket}/${key}`, body);
        return Promise.resolve();
      }),
    },
  };
  return { parts, lines, put, written };
}

const large = (id: number) => gzipped({ ...DOCUMENT, id, text: "a".repeat(2_500) });
const tooLarge = gzipped({ ...DOCUMENT, text: "a".repeat(9_000) });

class AccessDenied extends Error {
  override readonly name = "AccessDeniedException";
}

Deno.test("answer() answers what transform() answers, and logs one line for each failed record", async () => {
  const event = eventOf([gzipped(DOCUMENT), Buffer.from("s3cr3t"), gzipped("s3cr3t")]);
  const { parts, lines } = partsWith();
  assertEquals(await answer(event, parts), transform(event).response);
  const { recordId } = event.records[1];
  assertEquals(lines.length, 3);
  assertEquals(lines[0], `record "${recordId}" is ProcessingFailed: the data is not gzip`);
  const bytes = getSize(transform(event).response);
  assertEquals(lines[2], `1 of 3 records of test are Ok; the response takes ${bytes} bytes`);
  assert(!lines.join().includes("s3cr3t"));
});

Deno.test("answer() puts records without room back to the stream of the event", async () => {
  const event = eventOf([large(1), large(2), large(3)]);
  const { parts, lines, put } = partsWith();
  const { records } = await answer(event, parts);
  assertEquals(records.map(({ result }) => result), ["Ok", "Dropped", "Dropped"]);
  assertEquals(put.map(({ stream }) => stream), ["test"]);
  assertEquals(put[0].records.map((data) => JSON.parse(`${gunzipSync(data)}`).id), [2, 3]);
  assert(lines[0].includes("; 2 are Dropped and put back in 1 calls; "), lines[0]);
});

Deno.test("answer() drops only what the stream has accepted again", async () => {
  const event = eventOf([large(1), large(2), large(3)]);
  const { parts } = partsWith({
    putRecordBatch: (_, records) => Promise.resolve(records.map((_, i) => i ? "Slow" : undefined)),
    remainingMs: () => 5_000,
  });
  const { records } = await answer(event, parts);
  // The second of each call fails until it is alone.
  assertEquals(records.map(({ result }) => result), ["Ok", "Dropped", "Dropped"]);

  const refused = partsWith({
    putRecordBatch: () => Promise.reject(new AccessDenied("User: u is not authorized")),
  });
  const other = await answer(event, refused.parts);
  assertEquals(other.records.map(({ result }) => result), [
    "Ok",
    "ProcessingFailed",
    "ProcessingFailed",
  ]);
  assertEquals(
    refused.lines[0],
    "PutRecordBatch to test failed: AccessDeniedException: User: u is not authorized",
  );
  assert(refused.lines[1].endsWith(
    "it does not fit, and the delivery stream did not accept it again: AccessDeniedException",
  ));
});

const toS3: Partial<AnswerParts> = {
  options: { responseBytesMax: 5_000, tooLarge: "write-to-s3" },
  largeRecords: { bucket: "records", prefix: "data/!{partitionKeyFromLambda:table}/" },
};

Deno.test("answer() writes a record that is too large to S3, under the same key in each attempt", async () => {
  const event = eventOf([gzipped(DOCUMENT), tooLarge]);
  const { parts, written, put } = partsWith(toS3);
  for (let attempt = 1; attempt <= 2; attempt++) {
    const { records } = await answer(event, parts);
    assertEquals(records.map(({ result }) => result), ["Ok", "Dropped"]);
    const key = `records/data/orders/too-large-${event.records[1].recordId}.gz`;
    assertEquals([...written.keys()], [key]);
  }
  assertEquals(put, []);
});

for (
  const [changes, reason] of [
    [{ putObject: () => Promise.reject(new AccessDenied()) }, "AccessDeniedException"],
    [{ remainingMs: () => 1_000 }, "the function's time is over"],
    [{ largeRecords: undefined }, "the function has no bucket for it"],
    [
      { largeRecords: { bucket: "b", prefix: "!{partitionKeyFromLambda:customer}/" } },
      'it has no partition key "customer"',
    ],
  ] as const
) {
  Deno.test(`answer() fails a record that is too large and not in S3: ${reason}`, async () => {
    const { parts, lines } = partsWith({ ...toS3, ...changes });
    const { records } = await answer(eventOf([tooLarge]), parts);
    assertEquals(records[0].result, "ProcessingFailed");
    assert(lines[0].endsWith(`it fits into no response, and is not in S3: ${reason}`), lines[0]);
  });
}

Deno.test("answer() rejects an event that is not Firehose's", async () => {
  await assertRejects(
    () => answer({ Records: [] }, partsWith().parts),
    TypeError,
    "no list `records`",
  );
});
