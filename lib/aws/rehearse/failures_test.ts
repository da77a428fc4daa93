import { assertEquals, assertStringIncludes } from "@std/assert";
import { zipSync } from "fflate";
import { rehearse } from "./measure.ts";
import { recordsInMemory } from "./record_spool.ts";
import { startRehearsal } from "./rehearsal.ts";
import { countsOf, isDelivered, reportText } from "./report.ts";
import { codeOfText } from "./testing.ts";

const SAME = "{ recordId: r.recordId, result: 'Ok', data: r.data }";
const answer = (item: string) => `({ records: event.records.map((r) => (${item})) })`;

/** What a function does, Firehose's error code for its records (undefined: Ok), and a part of the report. */
const CASES: readonly (readonly [string, string, string | undefined, string])[] = [
  [
    "is not async",
    `(event) => ${answer(SAME)}`,
    "Lambda.MissingRecordId",
    "In Node, Lambda ignores a returned value that is not a promise",
  ],
  [
    "returns JSON in a text",
    `async (event) => JSON.stringify(${answer(SAME)})`,
    "Lambda.MissingRecordId",
    "Return the object itself",
  ],
  [
    "writes ok in lower case",
    `async (event) => ${answer("{ recordId: r.recordId, result: 'ok', data: r.data }")}`,
    "Lambda.FunctionError",
    "case matters",
  ],
  [
    "throws",
    `async () => { throw new TypeError("no such field"); }`,
    "Lambda.FunctionError",
    "no such field",
  ],
  ["exits", `async () => process.exit(3)`, "Lambda.FunctionError", "ended before it answered"],
  [
    "does not answer in time",
    `() => new Promise(() => setInterval(() => {}, 1e6))`,
    "Lambda.FunctionTimedOut",
    "did not answer within its timeout",
  ],
  [
    "logs 1 MB and answers",
    `async (event) => { for (let i = 0; i < 4; i++) console.log("x".repeat(250_000)); return ${
      answer(SAME)
    }; }`,
    undefined,
    // A million bytes for three records: 310 GiB for a million records.
    "155 USD for its log",
  ],
];

for (const [what, source, code, said] of CASES) {
  Deno.test({
    name: `A function that ${what} is told as ${code ?? "delivered"}`,
    fn: async () => {
      const timeoutSeconds = code === "Lambda.FunctionTimedOut" ? 1 : 60;
      const { fates, text } = await rehearsed(`export const handler = ${source};`, {
        timeoutSeconds,
      });
      assertEquals(fates, code === undefined ? {} : { [code]: 3 });
      assertStringIncludes(text, said);
    },
  });
}

Deno.test("A function that is too slow for a full buffer is measured in smaller batches, and time limits the safe buffer", async () => {
  // A batch of 8 never ends in time; one of 4 takes a fifth of its 2 s.
  const source = `async ({ records }) => {
    const ms = records.length > 4 ? 60_000 : 100 * records.length;
    await new Promise((resolve) => setTimeout(resolve, ms));
    const event = { records };
    return ${answer(SAME)};
  }`;
  const records = Array.from({ length: 8 }, () => new Uint8Array(60_000));
  const slow = { records, timeoutSeconds: 2 };
  const { fates, text } = await rehearsed(`export const handler = ${source};`, slow);
  assertEquals(fates, { "Lambda.FunctionTimedOut": 8 });
  assertStringIncludes(text, "Time is its limit");
});

const FEW = ["a", "b", "c"].map((text) => new TextEncoder().encode(text));

async function rehearsed(source: string, { records = FEW, timeoutSeconds = 1 } = {}) {
  const code = {
    zip: zipSync({ "index.mjs": new TextEncoder().encode(source) }),
    handler: "index.handler",
    runtime: "nodejs22.x",
    guesses: [],
  };
  const settings = { memoryMB: 128, timeoutSeconds, variables: {} };
  const given = recordsInMemory(records);
  await using rehearsal = await startRehearsal(code, given, { settings });
  const result = await rehearse(rehearsal, given, {
    bufferMB: 1,
    runtime: code.runtime,
    timeoutSeconds,
  });
  const { byCode, failed } = countsOf(result);
  assertEquals(isDelivered(result), failed === 0);
  return { fates: byCode, text: reportText(result, { retries: 3 }) };
}

Deno.test("An attempt holds the answers of the records that failed, if they are wanted", async () => {
  const source = `async (event) => ({ records: event.records.map((r, index) => index === 0
    ? ${SAME}
    : { recordId: r.recordId, result: "ProcessingFailed", why: "no country" }).slice(0, 2) })`;
  const code = codeOfText("index.mjs", `export const handler = ${source};`, "nodejs22.x");
  const settings = { memoryMB: 128, timeoutSeconds: 60, variables: {} };
  await using rehearsal = await startRehearsal(code, recordsInMemory(FEW), {
    settings,
    readsFailedAnswers: true,
  });
  const { failedAnswers } = await rehearsal.attempt(0, 3);
  // The third one has no answer at all.
  assertEquals([...failedAnswers.keys()], [1]);
  assertStringIncludes(failedAnswers.get(1) ?? "", '"why":"no country"');
});
