/**
 * Runtime × failure × wrapping: what must be said of each log, and what must not. The clients' lines
 * are those of the real clients (see `clients/`).
 */
import { assert, assertEquals } from "@std/assert";
import { CLIENT_OUTPUT, type ClientOutput } from "./clients/client_output.ts";
import {
  type Ending,
  eventsOf,
  invocationJsonLog,
  invocationLog,
  type LogEvent,
  REQUEST_ID,
} from "./testing/platform.ts";
import { explainedBytes } from "./testing/explained.ts";
import { WRAPPINGS } from "./testing/wrappings.ts";

type Language = ClientOutput["language"];

const TOO_LARGE = /larger than Lambda accepts: 413/;
const MEMORY = /needed more memory than it has/;
const IMPORT = /could not be loaded/;
const LOADING = /module threw \S+ while it was loaded/;
const threw = (type: string) => new RegExp(`The function threw ${type.replaceAll(".", "\\.")}\\.`);

interface Case {
  readonly language: Language;
  readonly version?: string;
  readonly name: string;
  readonly ending?: Ending;
  readonly says: RegExp;
  /** Besides that all is well. */
  readonly not?: RegExp;
}

const EXIT_1: Ending = { exit: "exit status 1" };
const KILLED: Ending = {
  exit: "signal: killed",
  usedMB: 512,
  status: "error\tError Type: Runtime.OutOfMemory",
};
const V3 = "3.3.0 on Node 20";
const V4 = "4.0.2 on Node 24";

const CASES: readonly Case[] = [
  // 413: the process goes on in Node and Rust, and ends in the others.
  { language: "node", version: V3, name: "tooLarge", says: TOO_LARGE, not: /cold start/ },
  { language: "node", version: V4, name: "tooLarge", says: TOO_LARGE, not: /cold start/ },
  {
    language: "python",
    name: "tooLarge",
    ending: EXIT_1,
    says: /413\. The process then ended.*cold start/,
    not: /process ended before/,
  },
  {
    language: "java",
    name: "tooLarge",
    ending: EXIT_1,
    says: /413\. The process then ended.*cold start/,
    not: /process ended before/,
  },
  {
    language: "go",
    name: "tooLarge",
    ending: EXIT_1,
    says: /413\. The process then ended.*cold start/,
    not: /process ended before/,
  },
  { language: "rust", name: "tooLarge", says: TOO_LARGE, not: /cold start/ },
  // An exception of the handler, with a message of one line and of several.
  { language: "node", version: V3, name: "throw", says: threw("TypeError") },
  { language: "node", version: V4, name: "throw", says: threw("TypeError") },
  { language: "python", name: "throw", says: threw("KeyError") },
  { language: "java", name: "throw", says: threw("java.lang.IllegalArgumentException") },
  { language: "java", name: "throwCause", says: threw("java.lang.RuntimeException") },
  { language: "go", name: "throw", says: threw("errorString") },
  { language: "rust", name: "throw", says: threw("Error") },
  { language: "node", version: V3, name: "throwLines", says: threw("TypeError") },
  { language: "python", name: "throwLines", says: threw("ValueError") },
  { language: "java", name: "throwLines", says: threw("java.lang.IllegalArgumentException") },
  { language: "go", name: "throwLines", says: threw("errorString") },
  { language: "rust", name: "throwLines", says: threw("Error") },
  // Outside of the handler.
  {
    language: "node",
    version: V3,
    name: "uncaught",
    ending: { exit: "exit status 129" },
    says: threw("RangeError"),
    not: /process ended/,
  },
  {
    language: "node",
    version: V4,
    name: "uncaught",
    ending: EXIT_1,
    says: threw("RangeError"),
    not: /process ended/,
  },
  {
    language: "node",
    version: V3,
    name: "rejected",
    ending: { exit: "exit status 128" },
    says: threw("Runtime.UnhandledPromiseRejection"),
  },
  { language: "node", version: V4, name: "rejected", ending: EXIT_1, says: threw("RangeError") },
  {
    language: "go",
    name: "panic",
    ending: EXIT_1,
    says: /The function panicked/,
    not: /process ended/,
  },
  { language: "rust", name: "panic", says: /The function panicked/, not: /does not say why/ },
  // The answer cannot be written.
  { language: "node", version: V3, name: "unserialisable", says: /cannot be written as JSON/ },
  { language: "node", version: V4, name: "unserialisable", says: /cannot be written as JSON/ },
  { language: "python", name: "unserialisable", says: /cannot be written as JSON/ },
  { language: "java", name: "unserialisable", says: /cannot be written as JSON/ },
  { language: "go", name: "unserialisable", says: /cannot be written as JSON/ },
  // While the environment starts.
  {
    language: "node",
    version: V3,
    name: "initError",
    ending: { ...EXIT_1, inInit: true },
    says: LOADING,
  },
  {
    language: "node",
    version: V4,
    name: "initError",
    ending: { ...EXIT_1, inInit: true },
    says: LOADING,
  },
  { language: "python", name: "initError", ending: { ...EXIT_1, inInit: true }, says: LOADING },
  { language: "java", name: "initError", ending: { ...EXIT_1, inInit: true }, says: LOADING },
  {
    language: "go",
    name: "initError",
    ending: { exit: "exit status 2", inInit: true },
    says: /The function panicked/,
  },
  {
    language: "rust",
    name: "initError",
    ending: { exit: "exit status 101", inInit: true },
    says: /The function panicked/,
  },
  {
    language: "node",
    version: V3,
    name: "importError",
    ending: { ...EXIT_1, inInit: true },
    says: IMPORT,
  },
  {
    language: "node",
    version: V4,
    name: "importError",
    ending: { ...EXIT_1, inInit: true },
    says: IMPORT,
  },
  { language: "python", name: "importError", ending: { ...EXIT_1, inInit: true }, says: IMPORT },
  {
    language: "node",
    version: V3,
    name: "absentHandler",
    ending: { ...EXIT_1, inInit: true },
    says: IMPORT,
  },
  {
    language: "node",
    version: V4,
    name: "absentHandler",
    ending: { ...EXIT_1, inInit: true },
    says: IMPORT,
  },
  { language: "python", name: "absentHandler", ending: { ...EXIT_1, inInit: true }, says: IMPORT },
  { language: "java", name: "absentHandler", says: IMPORT },
  // Memory: the language's own words, and the platform's.
  {
    language: "node",
    version: V3,
    name: "memory",
    ending: { exit: "signal: aborted" },
    says: MEMORY,
  },
  { language: "python", name: "memory", says: MEMORY },
  { language: "java", name: "memory", says: MEMORY },
  { language: "go", name: "memory", ending: { exit: "exit status 2" }, says: MEMORY },
  { language: "rust", name: "memory", ending: { exit: "signal: aborted" }, says: MEMORY },
  ...(["node", "python", "java", "go", "rust"] as const).flatMap((language): Case[] => [
    {
      language,
      name: "exit",
      ending: { exit: "exit status 3" },
      says: /process ended before it answered \(exit status 3\)/,
    },
    { language, name: "response", ending: KILLED, says: MEMORY },
    {
      language,
      name: "response",
      ending: { timeoutSeconds: 3, durationMs: 3_000 },
      says: /did not answer within its timeout/,
    },
    {
      language,
      name: "response",
      ending: { durationMs: 60_000, status: "timeout" },
      says: /did not answer within its timeout/,
    },
    {
      language,
      name: "response",
      ending: { status: "error\tError Type: Runtime.ExitError" },
      says: /The invocation failed \(Runtime\.ExitError\)/,
    },
  ]),
];

function outputOf({ language, version, name }: Pick<Case, "language" | "version" | "name">) {
  const found = CLIENT_OUTPUT.find((run) =>
    run.language === language && run.case === name &&
    (version === undefined || run.version === version)
  );
  assert(found, `no run of ${language} ${version} ${name}`);
  return found;
}

const ALL_IS_WELL = /ended without a sign of failure|Firehose takes this/;

async function assertTold(events: readonly LogEvent[], wrapping: string, { says, not }: Case) {
  const said = await explainedBytes(WRAPPINGS[wrapping](events));
  assert(says.test(said), `does not say ${says}:\n${said}`);
  assert(!ALL_IS_WELL.test(said), `says that all is well:\n${said}`);
  if (not) assert(!not.test(said), `says ${not}:\n${said}`);
}

let rows = 0;

for (const wrapping of Object.keys(WRAPPINGS)) {
  for (const one of CASES) {
    rows++;
    const { language, version = "", name, ending = {} } = one;
    const end = ending.exit ?? ending.status?.replace("\t", " ") ??
      (ending.timeoutSeconds ? "timeout" : "");
    Deno.test(
      `${wrapping}: ${language} ${version} ${name} ${end}`.replaceAll(/ +/g, " ").trim(),
      () => assertTold(invocationLog(outputOf(one), ending), wrapping, one),
    );
  }
}

Deno.test("the table has at least 120 rows", () => {
  assert(rows >= 120, `${rows}`);
});

for (const language of ["node", "python", "java", "rust"] as const) {
  for (
    const [name, says] of [
      ["throw json", /The function threw/],
      ["throwLines json", /The function threw/],
      ["tooLarge json", TOO_LARGE],
    ] as const
  ) {
    for (
      const wrapping of [
        "plain lines",
        "aws logs tail",
        "filter-log-events",
        "Insights' CSV",
        "a copy from the console",
      ]
    ) {
      Deno.test(`${wrapping}: Lambda's JSON format, ${language} ${name}`, async () => {
        const ending: Ending = { status: "error" };
        const events = invocationJsonLog(outputOf({ language, name }), ending);
        await assertTold(events, wrapping, { language, name, says });
      });
    }
  }
}

for (const language of ["node", "python", "java", "go", "rust"] as const) {
  Deno.test(`a message of the function in ${language} that quotes the platform is told as no fact`, async () => {
    for (const [wrapping, wrap] of Object.entries(WRAPPINGS)) {
      const said = await explainedBytes(
        wrap(invocationLog(outputOf({ language, name: "userText" }), {})),
      );
      assertEquals(/memory than it has|413/.test(said), false, `${wrapping}: ${said}`);
      assert(/ended without a sign of failure/.test(said), `${wrapping}: ${said}`);
    }
  });
}

for (
  const [what, event, says] of [
    ["platform.report of a timeout", {
      type: "platform.report",
      record: {
        requestId: "x",
        status: "timeout",
        metrics: { durationMs: 3_000, memorySizeMB: 512, maxMemoryUsedMB: 140 },
      },
    }, /did not answer within its timeout/],
    ["platform.report of an error", {
      type: "platform.report",
      record: { requestId: "x", status: "error", errorType: "Runtime.ExitError", metrics: {} },
    }, /invocation failed \(Runtime\.ExitError\)/],
    ["platform.report of a failure", {
      type: "platform.report",
      record: { requestId: "x", status: "failure", metrics: {} },
    }, /invocation failed/],
    ["platform.report of a response that is too large", {
      type: "platform.report",
      record: {
        requestId: "x",
        status: "error",
        errorType: "Function.ResponseSizeTooLarge",
        metrics: {},
      },
    }, TOO_LARGE],
    ["platform.report of too little memory", {
      type: "platform.report",
      record: { requestId: "x", status: "error", errorType: "Runtime.OutOfMemory", metrics: {} },
    }, MEMORY],
    ["platform.runtimeDone of a timeout", {
      type: "platform.runtimeDone",
      record: { requestId: "x", status: "timeout" },
    }, /did not answer within its timeout/],
    ["platform.runtimeDone of an error", {
      type: "platform.runtimeDone",
      record: { requestId: "x", status: "error", errorType: "Runtime.Unknown" },
    }, /invocation failed \(Runtime\.Unknown\)/],
    ["platform.initReport of an error", {
      type: "platform.initReport",
      record: {
        status: "error",
        errorType: "Runtime.UserCodeSyntaxError",
        phase: "init",
        metrics: { durationMs: 150.79 },
      },
    }, /could not be loaded \(Runtime\.UserCodeSyntaxError\)/],
    ["platform.initReport of a timeout", {
      type: "platform.initReport",
      record: { status: "timeout", phase: "init", metrics: { durationMs: 10_337 } },
    }, /did not start within 10 seconds/],
    ["platform.fault", {
      type: "platform.fault",
      record: "RequestId: x Error: Runtime exited with error: signal: killed\nRuntime.OutOfMemory",
    }, MEMORY],
  ] as const
) {
  Deno.test(`Lambda's JSON format: ${what}`, async () => {
    const line = JSON.stringify({ time: "2026-11-30T10:00:00.000Z", ...event });
    for (const [wrapping, wrap] of Object.entries(WRAPPINGS)) {
      const said = await explainedBytes(wrap(eventsOf([line])));
      assert(says.test(said) && !ALL_IS_WELL.test(said), `${wrapping}:\n${said}`);
    }
  });
}

Deno.test("Lambda's JSON format: a report of success is one of an invocation that ended well", async () => {
  const said = await explainedBytes(WRAPPINGS["aws logs tail"](invocationJsonLog(undefined, {})));
  assert(said.includes("An invocation ended without a sign of failure."), said);
});

Deno.test("an error that the function only logged is not a failure where the report says success", async () => {
  // console.error(error) in Lambda's JSON format is the same line as an exception of the handler.
  const events = invocationJsonLog(outputOf({ language: "node", name: "throw json" }), {});
  const said = await explainedBytes(WRAPPINGS["plain lines"](events));
  assert(said.includes("An invocation ended without a sign of failure."), said);
});

Deno.test("a line that looks like an error and is not known makes no good news of its invocation", async () => {
  const lines = [
    `START RequestId: ${REQUEST_ID} Version: $LATEST`,
    `2026-11-30T10:00:00.000Z\t${REQUEST_ID}\tERROR\tcould not reach the table: ConnectionError`,
    `REPORT RequestId: ${REQUEST_ID}\tDuration: 3.01 ms\tBilled Duration: 4 ms\tMemory Size: 512 MB\tMax Memory Used: 36 MB\t`,
  ];
  for (const [wrapping, wrap] of Object.entries(WRAPPINGS)) {
    const said = await explainedBytes(wrap(eventsOf(lines)));
    assert(
      /looks like an error.*It is not known whether it failed/.test(said),
      `${wrapping}:\n${said}`,
    );
    assert(!ALL_IS_WELL.test(said), `${wrapping}:\n${said}`);
  }
});

Deno.test("a log that lost its line feeds gives no good news, and says what the platform says", async () => {
  for (const one of CASES) {
    const events = invocationLog(outputOf(one), one.ending ?? {});
    const text = events.map(({ message }) => message.trim().replaceAll(/\s+/g, " ")).join(" ");
    const said = await explainedBytes(new TextEncoder().encode(text));
    assert(!ALL_IS_WELL.test(said), `${one.language} ${one.name}:\n${said}`);
    // Behind a line of Node's console all that follows may be a quotation.
    const isClear = one.name === "response" && one.language !== "node";
    if (isClear) assert(one.says.test(said), `${one.language}:\n${said}`);
  }
});

Deno.test("invocations at the same time are told apart where the wrapping names their log streams", async () => {
  const failing = invocationLog(outputOf({ language: "python", name: "throw" }), {});
  const other = invocationLog(undefined, {}).map((event) => ({
    ...event,
    message: event.message.replaceAll(REQUEST_ID, "other"),
    logStreamName: "2026/11/30/[$LATEST]ffffffffffffffffffffffffffffffff",
  }));
  const mixed = [
    ...other.slice(0, 1),
    ...failing.slice(0, -2),
    ...other.slice(1),
    ...failing.slice(-2),
  ];
  for (
    const wrapping of [
      "aws logs tail",
      "filter-log-events",
      "filter-log-events --output text",
      "Insights' CSV",
      "sam logs",
    ]
  ) {
    const said = await explainedBytes(WRAPPINGS[wrapping](mixed));
    assert(/The function threw KeyError\./.test(said), `${wrapping}:\n${said}`);
    assert(/An invocation ended without a sign of failure\./.test(said), `${wrapping}:\n${said}`);
  }
  // Without names nobody can say whose the error is.
  const said = await explainedBytes(WRAPPINGS["plain lines"](mixed));
  assert(/It is not known whether they failed/.test(said) && !ALL_IS_WELL.test(said), said);
});
