import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { until } from "../../../../testing/until.ts";
import { MIB } from "../../../../values.ts";
import { Jq, type JqResult } from "./engine.ts";
import { JqThread } from "./thread.ts";

const CONFIG = new URL("../../../../../../deno.json", import.meta.url).pathname;
const bytes = (text: string) => new TextEncoder().encode(text);

async function withJq(
  work: (jq: Jq) => Promise<void>,
  options: ConstructorParameters<typeof Jq>[0] = {},
): Promise<void> {
  const jq = new Jq(options);
  try {
    await work(jq);
  } finally {
    await jq.stop();
  }
}

/** What `{v: expression}` gives for one record. */
async function valueOf(jq: Jq, expression: string, record: string): Promise<JqResult> {
  const query = { text: `{v: (${expression})}`, keys: ["v"] };
  const [result] = await jq.extract(query, [bytes(record)]);
  return result;
}

Deno.test("the thread ends in a rest, and the next run starts it again", async () => {
  await withJq(async (jq) => {
    for (const record of ["1", "2"]) {
      assertEquals(await valueOf(jq, ".", record), { kind: "values", values: [record] });
      await until("the thread to end", () => !jq.isRunning);
    }
  }, { restMs: 10 });
});

Deno.test("a run that takes longer than a rest keeps the thread", async () => {
  let threads = 0;
  const startThread = () => {
    threads++;
    return JqThread.start();
  };
  await withJq(async (jq) => {
    const quick = valueOf(jq, ".", "1"); // a rest begins when it ends
    const slow = valueOf(jq, "[range(3e5)] | length", "1");
    assertEquals(await slow, { kind: "values", values: ["300000"] });
    await quick;
    assertEquals(threads, 1);
  }, { restMs: 1, startThread });
});

Deno.test("each record of a batch has its own result, also beside bad ones", async () => {
  await withJq(async (jq) => {
    const records = ['{"a":"x"}', "not JSON", '{"a":1}{"a":2}', "[1]", '{"a":null}', "", '"a"'];
    const results = await jq.extract({ text: "{a: .a}", keys: ["a"] }, records.map(bytes));
    assertEquals<readonly JqResult[]>(results, [
      { kind: "values", values: ["x"] },
      { kind: "notJson" },
      { kind: "notJson" },
      { kind: "error", message: 'Cannot index array with string "a"' },
      { kind: "values", values: [null] },
      { kind: "notJson" },
      { kind: "error", message: 'Cannot index string with string "a"' },
    ]);
  });
});

Deno.test("a thread that could not be started is started again by the next run", async () => {
  let starts = 0;
  const startThread = () =>
    ++starts === 1 ? Promise.reject(new Error("jq could not be loaded: EMFILE")) : JqThread.start();
  await withJq(async (jq) => {
    await assertRejects(() => valueOf(jq, ".a", '{"a":"x"}'), Error, "could not be loaded");
    assertEquals(await valueOf(jq, ".a", '{"a":"x"}'), { kind: "values", values: ["x"] });
  }, { startThread });
});

Deno.test("a record that is not UTF-8, or begins with a byte order mark, is not JSON", async () => {
  await withJq(async (jq) => {
    const records = [Uint8Array.of(0x22, 0xff, 0x22), bytes('\u{feff}{"a":1}')];
    const results = await jq.extract({ text: "{a: .a}", keys: ["a"] }, records);
    assertEquals(results.map(({ kind }) => kind), ["notJson", "notJson"]);
  });
});

const VALUES = [
  [".n", "12345678901234567000", "a number is a double, as in jq 1.6"],
  ["1.0", "1", "a number is written as jq 1.6 does"],
  ["1e17", "1e+17", "and so are large ones"],
  [".t", "true", "a boolean is its text"],
  ["nan", null, "not a number is null"],
  [".missing", null, "a missing member is null"],
  ['""', "", "an empty text stays one"],
  ['"é\\u0000/.."', "é\u0000/..", "text is not touched"],
  ["{a: 1}", {}, "of an object only the kind is printed"],
  ["[1]", {}, "and of an array"],
  ['"x" * 5000', "x".repeat(4096), "a text that is too long for a key is cut"],
] as const;

Deno.test("values come as the text that jq 1.6 writes", async (t) => {
  await withJq(async (jq) => {
    for (const [expression, value, why] of VALUES) {
      await t.step(`${expression}: ${why}`, async () => {
        const result = await valueOf(jq, expression, '{"n":12345678901234567890,"t":true}');
        assertEquals<JqResult>(result, { kind: "values", values: [value] });
      });
    }
  });
});

const CONTAINED: readonly (readonly [string, JqResult])[] = [
  ["empty", { kind: "notOneResult", results: 0 }],
  ["1, 2, 3", { kind: "notOneResult", results: 2 }],
  ['error("no")', { kind: "error", message: "no" }],
  ["error({a: 1})", { kind: "error", message: '{"a":1}' }],
  ["input", { kind: "error", message: "No more inputs" }],
  ["[inputs] | length", { kind: "values", values: ["0"] }],
  ["halt", { kind: "error", message: "halt is not allowed" }],
  ['"x" | halt_error', { kind: "error", message: "x" }],
  ["1 | debug | stderr", { kind: "values", values: ["1"] }],
  ["input_line_number", { kind: "values", values: ["0"] }],
  ["env | length", { kind: "values", values: ["0"] }],
  [
    "[get_jq_origin, get_prog_origin, input_filename, $ENV] | tojson",
    { kind: "values", values: ['[".",".","<stdin>",{}]'] },
  ],
  ["[leaf_paths] | length", { kind: "values", values: ["1"] }],
];

Deno.test("an expression on one record has no effect on the next", async (t) => {
  await withJq(async (jq) => {
    for (const [expression, result] of CONTAINED) {
      await t.step(expression, async () => {
        const text = `{v: (if .n == 1 then (${expression}) else .n end)}`;
        const records = ['{"n":1}', '{"n":2}'].map(bytes);
        const results = await jq.extract({ text, keys: ["v"] }, records);
        assertEquals<readonly JqResult[]>(results, [result, { kind: "values", values: ["2"] }]);
      });
    }
  });
});

Deno.test("a record that ends jq's run costs no other record its result", async () => {
  await withJq(async (jq) => {
    const deep = "[".repeat(300) + "]".repeat(300);
    const records = Array.from({ length: 70 }, (_, n) => bytes(n === 40 ? deep : `{"n":${n}}`));
    const results = await jq.extract({ text: "{n: .n}", keys: ["n"] }, records);
    for (const [n, result] of results.entries()) {
      if (n !== 40) assertEquals<JqResult>(result, { kind: "values", values: [`${n}`] });
    }
    assertMatch(JSON.stringify(results[40]), /"error".*Exceeds depth limit/);
  });
});

for (
  const [what, expression] of [
    ["without an end", "last(range(1e15))"],
    ["that takes all memory", "[range(1e9)] | length"],
  ] as const
) {
  Deno.test(`an expression ${what} is stopped for its record, and runs for the others`, async () => {
    await withJq(async (jq) => {
      const text = `{n: (if .n == 1 then (${expression}) else .n end)}`;
      const records = Array.from({ length: 3 }, (_, n) => bytes(`{"n":${n}}`));
      const results = await jq.extract({ text, keys: ["n"] }, records);
      assertEquals<readonly JqResult[]>(results, [
        { kind: "values", values: ["0"] },
        { kind: "stopped" },
        { kind: "values", values: ["2"] },
      ]);
    }, what === "without an end" ? { runMsMax: 1000 } : {});
  });
}

Deno.test("the memory of stopped runs comes back", async () => {
  // A worker that computes is not ended by terminate() (Deno 2.9.6): each would keep its memory.
  const rss = () => Deno.memoryUsage().rss;
  await withJq(async (jq) => {
    await valueOf(jq, ".", "1");
    const before = rss();
    const held = "[range(3e6)] as $held | last(range(1e15)) | $held";
    for (let run = 0; run < 3; run++) {
      assertEquals<JqResult>(await valueOf(jq, held, "1"), { kind: "stopped" });
    }
    await until("the memory of stopped runs", () => rss() < before + 96 * MIB || undefined);
  }, { runMsMax: 1000 });
});

Deno.test("a run ends when it is aborted, and the next one has its own jq", async () => {
  await withJq(async (jq) => {
    const abort = new AbortController();
    const endless = { text: "{v: last(range(1e15))}", keys: ["v"] };
    const run = jq.extract(endless, [bytes("1")], abort.signal);
    abort.abort(new Error("enough"));
    await assertRejects(() => run, Error, "enough");
    assertEquals<JqResult>(await valueOf(jq, ".", "1"), { kind: "values", values: ["1"] });
  });
});

Deno.test("complaint() has jq's own words for what does not compile, and none for what does", async () => {
  await withJq(async (jq) => {
    assertEquals(await jq.complaint("{a: .b}"), undefined);
    assertEquals(await jq.complaint("{a: recurse_down}"), undefined);
    const complaint = await jq.complaint("{a: .b // 1}") ?? "";
    assertMatch(complaint, /^jq: error: syntax error, unexpected \/\/, expecting '}'/);
    assert(!complaint.includes("def input"), "it speaks of the query alone");
    assertMatch(await jq.complaint("-h") ?? "", /h\/0 is not defined/);
  });
});

Deno.test("now is the time of the engine's clock", async () => {
  await withJq(async (jq) => {
    const values = ["1700000000.123 2023-11-14"];
    const now = 'now | "\\(.) \\(strftime("%F"))"';
    assertEquals<JqResult>(await valueOf(jq, now, "1"), { kind: "values", values });
  }, { nowMs: () => 1700000000123 });
});

Deno.test("local time is UTC for jq, wherever the sandbox runs", async () => {
  // 02:30 did not exist there on that day.
  const program = `
    const { Jq } = await import(${JSON.stringify(new URL("./engine.ts", import.meta.url).href)});
    const jq = new Jq();
    const text = '{t: .t | fromdate}';
    const record = new TextEncoder().encode('{"t":"2026-03-08T02:30:00Z"}');
    console.log(JSON.stringify(await jq.extract({ text, keys: ["t"] }, [record])));
    await jq.stop();`;
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-check", "--config", CONFIG, program],
    env: { TZ: "America/New_York" },
  }).output();
  assertEquals(JSON.parse(new TextDecoder().decode(stdout)), [{
    kind: "values",
    values: [`${Date.UTC(2026, 2, 8, 2, 30) / 1000}`],
  }]);
});
