import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { checkpoint, need, wantedError } from "./cards.ts";
import { exercise } from "./exercise.ts";
import { passedCheckpoints, PROGRESS_FILE_VARIABLE } from "./progress_file.ts";
import { displayData, show, slot, viewOf } from "./show.ts";
import { until } from "./until.ts";

/** What `act` prints: outside a notebook all is shown on the console. */
async function printed(act: () => Promise<unknown>): Promise<string[]> {
  const lines: string[] = [];
  const { log } = console;
  console.log = (line: string) => lines.push(line);
  try {
    await act();
  } finally {
    console.log = log;
  }
  return lines;
}

/** The same, with a progress file that only this test has. */
async function printedWithProgress(act: () => Promise<unknown>): Promise<string[]> {
  const folder = await Deno.makeTempDir();
  Deno.env.set(PROGRESS_FILE_VARIABLE, join(folder, "progress.json"));
  try {
    return await printed(act);
  } finally {
    Deno.env.delete(PROGRESS_FILE_VARIABLE);
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("show() shows text, values and rows, one after the other", async () => {
  const lines = await printed(() => show("text", { sent: 3 }, [{ a: 1 }, { a: 2 }]));
  assertEquals(lines, ["text", "name  value\nsent  3", "a\n1\n2"]);
});

Deno.test("show() shows the values that a kernel leaves out at the end of a cell", async () => {
  const lines = await printed(() => show(null, NaN, Infinity, -0, 5n, undefined));
  assertEquals(lines, ["null", "NaN", "Infinity", "-0", "5n", "undefined"]);
});

Deno.test("show() cuts what is too much for a notebook, and says so", async () => {
  const [line] = await printed(() => show("x".repeat(300_000)));
  assertStringIncludes(line, "(the first 200,000 of 300,000 characters)");
});

Deno.test("slot() draws again only what changed", async () => {
  const lines = await printed(async () => {
    const place = await slot("one");
    for (const text of ["one", "two", "two"]) await place.draw(text);
  });
  assertEquals(lines, ["one", "two"]);
});

Deno.test("until() shows that it waits, and that it is done, and gives the result", async () => {
  let asked = 0;
  const lines = await printed(async () => {
    const result = await until("the stream is ACTIVE", () => {
      return Promise.resolve(++asked === 3 && "ACTIVE");
    }, { withinSeconds: 20, everySeconds: 0 });
    assertEquals(result, "ACTIVE");
  });
  assertEquals(asked, 3);
  assertEquals(lines[0], "Waiting: the stream is ACTIVE");
  assertEquals(lines.at(-1), "ok: the stream is ACTIVE");
});

Deno.test("until() gives nothing where the answer is only yes: a cell would show it", async () => {
  const yes = () => Promise.resolve(true);
  await printed(async () =>
    assertEquals(await until("yes", yes, { withinSeconds: 20 }), undefined)
  );
});

Deno.test("until() takes 0 and an empty text as results", async () => {
  await printed(async () => {
    assertEquals(await until("a number", () => Promise.resolve(0), { withinSeconds: 20 }), 0);
    assertEquals(await until("a text", () => Promise.resolve(""), { withinSeconds: 20 }), "");
  });
});

Deno.test("until() ends at its limit with an error that says what it waited for", async () => {
  const lines = await printed(() =>
    assertRejects(
      () => until("rain", () => Promise.resolve(undefined), { withinSeconds: 0.05 }),
      Error,
      "not true yet: rain",
    )
  );
  assertEquals(lines.at(-1), "Not within 0.05 s: rain");
});

Deno.test("until() passes on an error of what it asks", async () => {
  const probe = () => Promise.reject(new RangeError("no such stream"));
  await printed(() => assertRejects(() => until("rain", probe, { withinSeconds: 20 }), RangeError));
});

Deno.test("checkpoint() that passes is noted as progress", async () => {
  await printedWithProgress(async () => {
    await checkpoint("Step 1", [["the bucket", true, "make it"]]);
    assertEquals(await passedCheckpoints(), ["Step 1"]);
  });
});

Deno.test("checkpoint() that does not pass shows why, throws, and notes nothing", async () => {
  const lines = await printedWithProgress(async () => {
    await assertRejects(
      () => checkpoint("Step 1", [["the bucket", false, "make it"]]),
      Error,
      "the bucket (make it)",
    );
    assertEquals(await passedCheckpoints(), []);
  });
  assertStringIncludes(lines[0], "Not yet: Step 1");
});

const failing = (name: string) => () =>
  Promise.reject(Object.assign(new Error("because"), { name }));

Deno.test("wantedError() shows the error that was announced", async () => {
  const lines = await printed(() => wantedError("NoSuchBucket", failing("NoSuchBucket")));
  assertEquals(lines, ["As expected: NoSuchBucket: because"]);
});

Deno.test("wantedError() throws when no error comes, or another one", async () => {
  await printed(async () => {
    const act = () => Promise.resolve();
    await assertRejects(() => wantedError("NoSuchBucket", act), Error, "succeeded");
    await assertRejects(
      () => wantedError("NoSuchBucket", failing("AccessDenied")),
      Error,
      "AccessDenied came: because",
    );
  });
});

Deno.test("need() names what is missing, and lets pass what is there", async () => {
  need("the bucket", "bucket");
  await assertRejects(() => Promise.try(() => need("the bucket", "")), Error, "the bucket");
});

Deno.test("exercise() says what was tried, what it got and what was wanted", async () => {
  const lines = await printedWithProgress(async () => {
    await exercise("1.1", [
      { tried: "1 + 1", gave: () => 2, wanted: 2 },
      { tried: "keys", gave: () => ({ city: "Oslo" }), wanted: { city: "Rome" } },
    ]);
    assertEquals(await passedCheckpoints(), []);
  });
  assertEquals(lines, [
    'Exercise 1.1: not yet\ntried   keys\ngot     { city: "Oslo" }\nwanted  { city: "Rome" }',
  ]);
});

Deno.test("exercise() is solved when all cases are right, and noted as progress", async () => {
  await printedWithProgress(async () => {
    await exercise("1.1", [{ tried: "keys", gave: () => ({ a: 1 }), wanted: { a: 1 } }]);
    assertEquals(await passedCheckpoints(), ["Exercise 1.1"]);
  });
});

Deno.test("exercise() takes an error of the reader's code as an answer", async () => {
  const gave = () => {
    throw new TypeError("not yet written");
  };
  const lines = await printed(() => exercise("1.1", [{ tried: "keys", gave, wanted: 1 }]));
  assertStringIncludes(lines[0], "got     an error: not yet written");
});

Deno.test("exercise() cuts two long answers so that the difference is seen", async () => {
  const line = "x".repeat(400);
  const lines = await printed(() =>
    exercise("1.1", [{ tried: "a line", gave: () => line, wanted: `${line}\n` }])
  );
  const [, , came, wanted] = lines[0].split("\n");
  assertEquals(came, `got     (341 characters are equal) …${"x".repeat(60)}"`);
  assertEquals(wanted, `wanted  (341 characters are equal) …${"x".repeat(60)}\\n"`);
});

Deno.test("exercise() writes both texts in quotes as soon as one needs them", async () => {
  const lines = await printed(() =>
    exercise("1.1", [{ tried: "a line", gave: () => "a", wanted: "a\n" }])
  );
  assertStringIncludes(lines[0], 'got     "a"\nwanted  "a\\n"');
});

Deno.test("exercise() says when the cells below go on with the course's answer", async () => {
  const cases = [{ tried: "1 + 1", gave: () => 3, wanted: 2 }];
  const lines = await printed(() => exercise("1.1", cases, { goesOn: true }));
  assertStringIncludes(
    lines[0],
    "not yet. Until your answer is right, the cells below use the course's answer",
  );
});

Deno.test("a notebook does not read the dollar signs of a text as a formula, and keeps its lines", async () => {
  const data = displayData(await viewOf("arn:${account}\nfor $5"));
  assertEquals(data["text/plain"], "arn:${account}\nfor $5");
  assertEquals(
    data["text/html"],
    '<div class="mathjax_ignore tex2jax_ignore"><p style="white-space:pre-wrap">' +
      "arn:${account}\nfor $5</p></div>",
  );
});
