import { assertEquals } from "@std/assert";
import { answerOfCases } from "./answer_of.ts";
import { compressedCases } from "./compressed_answer.ts";
import { countryCases } from "./country_key.ts";
import { fitCases } from "./fit_in_response.ts";
import { resultCases } from "./record_result.ts";
import { sendAllCases } from "./send_all.ts";
import type { ExerciseCase } from "../view/exercise.ts";

/** What the first case of a check gives: a value, or the text of its error. */
function firstGiven([{ gave }]: readonly ExerciseCase[]): unknown {
  try {
    return gave();
  } catch (error) {
    return error instanceof Error ? error.message : error;
  }
}

// A reader's cell is not type-checked: such functions reach the checks.
const nothing = <Value>(): Value => JSON.parse("[]")[0];
const promise = <Value>(): Value => JSON.parse("[]", (_, value) => Promise.resolve(value));

const NOTHING = "your function returned nothing: is a `return` missing?";
const PROMISE = "your function returned a promise: write it without async";

for (
  const [name, casesOf] of [
    ["3.1", answerOfCases],
    ["3.2", countryCases],
    ["4.2", compressedCases],
    ["4.3", fitCases],
    ["5.1", resultCases],
  ] as const
) {
  Deno.test(`exercise ${name} says that a function without return, or an async one, gives no answer`, () => {
    assertEquals(firstGiven(casesOf(nothing)), NOTHING);
    assertEquals(firstGiven(casesOf(promise)), PROMISE);
  });
}

Deno.test("exercise 1.2 says that a loop without return gives no answer", async () => {
  const cases = await sendAllCases(async ({ send }, records) => {
    await send(records);
    return nothing();
  });
  assertEquals(firstGiven(cases), `an error: ${NOTHING}`);
});
