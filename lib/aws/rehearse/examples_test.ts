/** The small transforms of examples/rehearse, each with its records: what must come out. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { OwnCode } from "./own_code.ts";
import type { Rehearsed } from "./measure.ts";
import { fatesTogether } from "./answers.ts";
import { countsOf, isDelivered, reportText } from "./report.ts";
import {
  codeOfText,
  exampleText,
  GO_MISSING,
  goCode,
  PYTHON_RUNTIME,
  rehearsed,
} from "./testing.ts";

const PYTHON_MISSING = PYTHON_RUNTIME ? undefined : "no Python that a function can run with";

interface Example {
  readonly name: string;
  readonly missing: string | undefined;
  readonly code: () => Promise<OwnCode>;
  /** How this runtime's log says that the response was too large. */
  readonly logLine: string;
}

const naive: readonly Example[] = [
  {
    name: "naive.py",
    missing: PYTHON_MISSING,
    code: async () =>
      codeOfText("naive.py", await exampleText("naive.py"), PYTHON_RUNTIME ?? "python3.12"),
    logLine: "Exceeded maximum allowed payload size (6291556 bytes)",
  },
  {
    name: "naive.mjs",
    missing: undefined,
    code: async () => codeOfText("naive.mjs", await exampleText("naive.mjs"), "nodejs22.x"),
    logLine: "Failed to post handler success response. Http response code: 413.",
  },
  {
    name: "go/main.go",
    missing: GO_MISSING,
    code: goCode,
    logLine: "unexpected error occurred when sending the function functionResponse to the API",
  },
];

const skipped = (missing: string | undefined) => missing ? ` (skipped: ${missing})` : "";

for (const { name, missing, code, logLine } of naive) {
  Deno.test({
    name:
      `examples/rehearse/${name} gets a 413 with its records, and each record is Ok once at the safe setting${
        skipped(missing)
      }`,
    ignore: missing !== undefined,
    fn: async () => {
      const found = await rehearsed(await code());
      assertEquals(countsOf(found).byCode, { "Lambda.FunctionError": 200 });
      assertStringIncludes(found.failureLog ?? "", logLine);
      const { safe, tried = [] } = found;
      assertEquals(safe?.kind === "safe" && safe.megabytes, 0.2);
      assertEquals([isDelivered(found), okIn(tried)], [false, 200]);
      assertStringIncludes(
        reportText(found, { retries: 3 }),
        "Tried with 0.2: 2 batches, none is too large",
      );
    },
  });
}

Deno.test({
  name: `examples/rehearse/cured.py delivers every record at the largest buffer${
    skipped(PYTHON_MISSING)
  }`,
  ignore: PYTHON_MISSING !== undefined,
  fn: async () => {
    const text = await exampleText("cured.py");
    const found = await rehearsed(codeOfText("cured.py", text, PYTHON_RUNTIME ?? ""), {
      bufferMB: 3,
    });
    assert(isDelivered(found));
    assertEquals(countsOf(found).ok, 200);
    assertEquals(found.safe?.kind === "safe" && found.safe.megabytes, 3);
  },
});

Deno.test({
  name: `compress.go.txt keeps the response of the Go example small${skipped(GO_MISSING)}`,
  ignore: GO_MISSING !== undefined,
  fn: async () => {
    const found = await rehearsed(await goCode(), { bufferMB: 3, variables: { CURED: "1" } });
    assert(isDelivered(found));
  },
});

/** Records that are Ok in these batches. An id that is answered twice is not Ok. */
function okIn(batches: Rehearsed["batches"]): number {
  return fatesTogether(batches.map(({ counts }) => counts)).ok;
}
