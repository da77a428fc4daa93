import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { DOCUMENT, eventOf, gzipped } from "../../lambda/sample_event.ts";

const TOOL = new URL("./explain.ts", import.meta.url).pathname;
const CONFIG = new URL("../../deno.json", import.meta.url).pathname;

/** Runs the task with the permission that it has in deno.json: to read files. */
async function explain(...paths: readonly string[]) {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-read", "--no-check", "--config", CONFIG, TOOL, ...paths],
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const [output, complaint] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { success, output, complaint };
}

Deno.test("explain reads files, holds a response against its event, and needs no other permission", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const [eventPath, responsePath] = [join(folder, "event.json"), join(folder, "response.json")];
    await Deno.writeTextFile(eventPath, JSON.stringify(eventOf([gzipped(DOCUMENT)])));
    await Deno.writeTextFile(responsePath, JSON.stringify({ records: [] }));
    const { success, output, complaint } = await explain(eventPath, responsePath);
    assert(success, complaint);
    assertStringIncludes(output, `${eventPath}: Firehose's event with 1 record`);
    assertStringIncludes(output, "Lambda.MissingRecordId");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("explain fails where it knows nothing, and says which file is missing", async () => {
  const unknown = await explain(CONFIG);
  assertEquals([unknown.success, unknown.output.includes("nothing known in it")], [false, true]);
  assertStringIncludes(unknown.output, "a JSON object with the members tasks");
  const missing = await explain("/no/such/file");
  assertEquals(missing.success, false);
  assertStringIncludes(missing.complaint, "/no/such/file");
});

Deno.test("explain shows control characters of a file as escapes", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "error-object.json");
    const record = {
      rawData: btoa("x"),
      errorCode: "Lambda.FunctionError",
      errorMessage: "\x1b]0;title\x07\x9b2J",
      attemptsMade: 4,
      arrivalTimestamp: 0,
      attemptEndingTimestamp: 0,
    };
    await Deno.writeTextFile(path, JSON.stringify(record) + "\n\x1b[2J 413 Task timed out");
    const { output, complaint } = await explain(path);
    // deno-lint-ignore no-control-regex -- those are looked for
    assertEquals(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/.exec(output + complaint), null);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("explain takes the runtime from the command line, and names those that it knows", async () => {
  const path = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(path, JSON.stringify(eventOf([gzipped(DOCUMENT)])));
    const java = await explain("--runtime", "java21", path);
    assertStringIncludes(java.output, "sizes are those of Java, which --runtime names");
    const ruby = await explain("--runtime", "ruby3.4", path);
    assertEquals(ruby.success, false);
    assertStringIncludes(ruby.complaint, "write nodejs22.x, python3.12, java21, go or rust");
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("explain without a file, or with a folder, says what it wants", async () => {
  assertStringIncludes((await explain()).complaint, "name a file");
  const folder = await Deno.makeTempDir();
  try {
    assertStringIncludes((await explain(folder)).complaint, "is a folder");
  } finally {
    await Deno.remove(folder);
  }
});

/** Pieces of text, until there are 32 MB. */
async function* megabytes(pieceOf: (number: number) => string): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  for (let [bytes, number] = [0, 0]; bytes < 32_000_000;) {
    let text = "";
    while (text.length < 65_536) text += pieceOf(number++);
    const chunk = encoder.encode(text);
    yield chunk;
    bytes += chunk.length;
  }
}

const report = (number: number) =>
  `REPORT RequestId: ${number}\tDuration: 3.01 ms\tBilled Duration: 4 ms\tMemory Size: 128 MB\tMax Memory Used: 36 MB\t\n`;
const failed = (number: number) => ({
  rawData: btoa(`{"id":${number}}`),
  errorCode: "Lambda.MissingRecordId",
  errorMessage: "One or more record Ids were not returned.",
  attemptsMade: 1,
  arrivalTimestamp: 1_796_023_778_451 + number,
  attemptEndingTimestamp: 1_796_023_778_451,
});

for (
  const [what, pieceOf, said] of [
    ["a log", report, "invocations ended without a sign of failure"],
    [
      "an error object",
      (number: number) => `${JSON.stringify(failed(number))}\n`,
      "Lambda.MissingRecordId",
    ],
    [
      "a log as one document",
      (number: number) =>
        `${number === 0 ? '{"events":[' : ","}${
          JSON.stringify({ message: report(number), timestamp: number }, null, 2)
        }`,
      "invocations ended without a sign of failure",
    ],
  ] as const
) {
  Deno.test(`explain reads ${what} of any size: 32 MB with a heap of 24`, async () => {
    const child = new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "--allow-read", "--no-check", "--config", CONFIG],
        ...["--v8-flags=--optimize-for-size,--max-old-space-size=24", TOOL, "-"],
      ],
      env: { NO_COLOR: "1" },
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const fed = ReadableStream.from(megabytes(pieceOf)).pipeTo(child.stdin);
    const { success, stdout, stderr } = await child.output();
    await fed;
    assert(success, new TextDecoder().decode(stderr));
    assertStringIncludes(new TextDecoder().decode(stdout), said);
  });
}
