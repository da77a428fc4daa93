/** The cures that a rehearsal prints, each in the example that it cures. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { cureOf } from "./cure.ts";
import { recordsLike } from "./like.ts";
import { countsOf, isDelivered } from "./report.ts";
import {
  codeOfText,
  cureText,
  exampleText,
  GO_MISSING,
  goPutBackCode,
  PYTHON_RUNTIME,
  rehearsed,
} from "./testing.ts";

const NODE_RUNTIME = "nodejs22.x";

for (const [file, runtime] of [["py", PYTHON_RUNTIME], ["mjs", NODE_RUNTIME]] as const) {
  const ignore = runtime === undefined;
  const skipped = ignore ? " (skipped: no Python that a function can run with)" : "";

  Deno.test({
    name:
      `compress.${file} keeps the response of naive.${file} small at the largest buffer${skipped}`,
    ignore,
    fn: async () => {
      const code = codeOfText(`f.${file}`, await cured(`compress.${file}`), runtime ?? "");
      const found = await rehearsed(code, { bufferMB: 3 });
      assert(isDelivered(found));
      const { safe } = found;
      assertEquals(safe?.kind === "safe" && safe.megabytes, 3);
    },
  });

  Deno.test({
    name: `put_back.${file} puts back what does not fit, and fails what never fits${skipped}`,
    ignore,
    fn: async () => {
      const budget = "5_000_000";
      // A budget of a tenth, and records of which none is larger: the same with less to do.
      const text = (await cured(`put_back.${file}`)).replace(budget, "500_000");
      const code = codeOfText(`f.${file}`, text, runtime ?? "");
      const found = await rehearsed(code, {
        records: [...recordsLike({ bytes: 100_000, ratio: 40 }, 10)],
      });
      const { ok, dropped, failed } = countsOf(found);
      // An answer has 133,500 bytes: three fit.
      assertEquals([ok, dropped, failed, found.putBack], [3, 7, 0, 7]);
      assert(isDelivered(found));
      const large = codeOfText(`f.${file}`, text.replace("500_000", "100_000"), runtime ?? "");
      const tooLarge = await rehearsed(large, {
        records: [...recordsLike({ bytes: 100_000, ratio: 40 }, 2)],
      });
      assertEquals([countsOf(tooLarge).failed, tooLarge.putBack], [2, 0]);
    },
  });
}

const GO_SKIPPED = GO_MISSING === undefined ? "" : ` (skipped: ${GO_MISSING})`;

Deno.test({
  name: `put_back.go.txt puts back what does not fit, and fails what never fits${GO_SKIPPED}`,
  ignore: GO_MISSING !== undefined,
  fn: async () => {
    assert((await exampleText("go-cured/main.go")).endsWith(await cureText("put_back.go.txt")));
    const code = await goPutBackCode();
    const records = [...recordsLike({ bytes: 100_000, ratio: 40 }, 10)];
    const found = await rehearsed(code, { records, variables: { BUDGET: "500000" } });
    const { ok, dropped, failed } = countsOf(found);
    assertEquals([ok, dropped, failed, found.putBack], [3, 7, 0, 7]);
    assert(isDelivered(found));
    const tooLarge = await rehearsed(code, {
      records: records.slice(0, 2),
      variables: { BUDGET: "100000" },
    });
    assertEquals([countsOf(tooLarge).failed, tooLarge.putBack], [2, 0]);
  },
});

/** The naive function of the same language with the lines of a cure, put in as a reader would. */
async function cured(cure: string): Promise<string> {
  const isPython = cure.endsWith(".py");
  const naive = await exampleText(isPython ? "naive.py" : "naive.mjs");
  const lines = (await cureText(cure)).replaceAll("HANDLER", "handler");
  if (isPython) return `${naive}\n\n${lines}`;
  const imports = /^import \{ Buffer \} from "node:buffer";\n/m;
  return naive.replace("export const handler =", "const yourHandler =") +
    lines.replace(imports, "").replace(/import \{ gzipSync \}/, "import { gzipSync }");
}

Deno.test("cureOf() advises to compress what compresses well, in the function's language", async () => {
  const code = codeOfText("f.mjs", await exampleText("naive.mjs"), NODE_RUNTIME);
  const found = await rehearsed(code, {
    records: [...recordsLike({ bytes: 25_000, ratio: 40 }, 250)],
  });
  const cure = await cureOf(found, "handler");
  assertEquals([cure?.strategy, cure?.megabytes], ["compress", 3]);
  assertStringIncludes(cure?.code ?? "", "export const handler = compressed(yourHandler);");
  const python = await cureOf({ ...found, runtime: "python3.12" }, "lambda_handler");
  assertStringIncludes(python?.code ?? "", "lambda_handler = compressed(lambda_handler)");
  assertStringIncludes(
    (await cureOf({ ...found, runtime: "provided.al2" }, "x"))?.code ?? "",
    "gzip.NewWriter",
  );
  // Answers that gzip makes no smaller: what does not fit has to go back.
  const samples = found.samples.map(() => crypto.getRandomValues(new Uint8Array(25_000)));
  const putBack = await cureOf({ ...found, samples }, "handler");
  assertEquals(putBack?.strategy, "put-back");
});
