/**
 * What the C program jq 1.6 gives, from `jq16_cases.jsonl`, whose first line names its source. Most
 * rows are dates, in each letter of glibc's strptime and strftime.
 */
import { assert, assertEquals } from "@std/assert";
import { Jq } from "./engine.ts";

interface Case {
  readonly expression: string;
  /** JSON text. */
  readonly input: string;
  /** What `try [expression] catch {message: .}` printed on the second line of a program. */
  readonly outcome: string;
}

/** Cases in one run: most of a run's time goes into starting jq. */
const RUN_CASES = 100;

const [, ...lines] = (await Deno.readTextFile(new URL("./jq16_cases.jsonl", import.meta.url)))
  .trimEnd().split("\n");
const cases = lines.map((line): Case => JSON.parse(line));
const isCompiled = ({ outcome }: Case) => !outcome.startsWith("jq: error:");

const programOf = ({ expression }: Case) => `try [${expression}\n] catch {message: .}`;

Deno.test("the table has at least 400 cases, and refusals among them", () => {
  assert(cases.length >= 400);
  assert(cases.filter((row) => !isCompiled(row)).length >= 20);
});

Deno.test("expressions give what jq 1.6 gives, errors in its words", async (t) => {
  const compiled = cases.filter(isCompiled);
  const jq = new Jq();
  for (let start = 0; start < compiled.length; start += RUN_CASES) {
    const rows = compiled.slice(start, start + RUN_CASES);
    const program = rows.map((row) =>
      `(${JSON.stringify(row.input)} | fromjson | ${programOf(row)})`
    );
    const evaluation = await jq.evaluate(program.join(", "), "null");
    assert(evaluation.kind === "results", JSON.stringify(evaluation));
    assertEquals(evaluation.results.length, rows.length);
    for (const [index, { expression, input, outcome }] of rows.entries()) {
      await t.step(`${expression} on ${input}`, () => {
        assertEquals(evaluation.results[index], outcome);
      });
    }
  }
  await jq.stop();
});

Deno.test("what jq 1.6 does not compile is refused in its words", async (t) => {
  const jq = new Jq();
  for (const row of cases.filter((row) => !isCompiled(row))) {
    await t.step(row.expression, async () => {
      assertEquals(await jq.complaint(programOf(row)), row.outcome);
    });
  }
  await jq.stop();
});
