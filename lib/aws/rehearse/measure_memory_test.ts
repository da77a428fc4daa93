import { assertEquals } from "@std/assert";

const CONFIG = new URL("../../../deno.json", import.meta.url).pathname;
const RECORDS = 400_000;

/** Rehearses with a function that is only played: what counts is what is kept of its answers. */
const SCRIPT = `
import { rehearse } from ${JSON.stringify(import.meta.resolve("./measure.ts"))};
import { madeInvocation } from ${JSON.stringify(import.meta.resolve("./invocation_testing.ts"))};
const data = new Uint8Array(500);
const answerOf = (index) => ({
  fate: {
    result: "Ok",
    data: Uint8Array.from(data),
    partitionKeys: new Map([["customer", String(index)]]),
  },
  keyText: JSON.stringify({ customer: String(index) }),
  bytes: 700 + index % 50,
});
const rehearsal = {
  putBack: 0,
  attempt: (start, end) => Promise.resolve({
    invocation: madeInvocation("", {
      ...{ start, end, requestBytes: 700 * (end - start) },
      counts: { ok: end - start, dropped: 0, byCode: new Map() },
    }),
    error: undefined,
    answers: Array.from({ length: end - start }, (_, offset) => answerOf(start + offset)),
    log: "",
    failedAnswers: new Map(),
  }),
};
const records = {
  sizes: new Float64Array(${RECORDS}).fill(500),
  slice: (start, end) => Array.from({ length: end - start }, () => data),
};
const options = { bufferMB: 1, runtime: "nodejs22.x", timeoutSeconds: 60 };
const { partitions, samples } = await rehearse(rehearsal, records, options);
console.log(partitions.count, partitions.recordsOfEach[0], samples.length > 100);
`;

Deno.test("A rehearsal of 400,000 records runs in a heap of 40 MB: no answer is kept", async () => {
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["eval", "--config", CONFIG, "--ext=js"],
      ...["--v8-flags=--max-old-space-size=40,--max-semi-space-size=4", SCRIPT],
    ],
    env: { NO_COLOR: "1" },
  }).output();
  const [out, said] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  assertEquals(out.trim(), "10000 1 true", said);
});
