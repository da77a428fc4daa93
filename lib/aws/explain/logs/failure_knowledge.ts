/**
 * What each kind of failed invocation means, which rule it met, and what cures it.
 * @module
 */

import { COURSE, type Knowledge } from "../../../sandbox/knowledge/explanation.ts";
import type { ToldFailure } from "./invocations.ts";
import type { Cause, Consequence } from "./signs.ts";

/** What Firehose does about any failed invocation. */
const FIREHOSE_REPEATS = "Firehose sends the same batch again (three times by default), then " +
  "writes all its records to the error output as Lambda.FunctionError.";

/** The rule that a response which is too large meets. */
const RESPONSE_RULE =
  "A synchronous response may have at most 6,291,556 bytes (6 MB), counted as the runtime sends it. " +
  "If it is larger, the whole invocation fails.";

/** What helps where the sandbox lacks a service that the function calls. */
export const NOT_IN_SANDBOX =
  "The function may be right, and this call may work on AWS. To try the function here, let it take what it " +
  "reads there from an environment variable, if there is one. deno task rehearse has --env-file for these.";

/** What is known of a failure. */
export function failureKnowledge(told: ToldFailure): Knowledge {
  return KNOWLEDGE[told.failure](told);
}

const KNOWLEDGE: Readonly<Record<Cause | Consequence, (told: ToldFailure) => Knowledge>> = {
  tooLarge,
  requestTooLarge: () => ({
    happened: "The event was larger than Lambda accepts.",
    rule: "A request may have 6,291,456 bytes, base64 included.",
    cure: "Lower the processor's BufferSizeInMBs.",
    course: COURSE.sizes,
  }),
  outOfMemory: () => ({
    happened: "The function needed more memory than it has, and was stopped.",
    rule: FIREHOSE_REPEATS,
    cure: "Raise MemorySize, limit the size of a decompressed record, or lower BufferSizeInMBs.",
    course: COURSE.deploy,
  }),
  timeout: () => ({
    happened: "The function did not answer within its timeout.",
    rule:
      "Firehose waits for a function's own Timeout, 5 minutes at the most. It sends the same batch " +
      "again (three times by default), then writes all its records to the error output as " +
      "Lambda.FunctionTimedOut.",
    cure: "Raise Timeout or MemorySize (which buys CPU), or lower the processor's BufferSizeInMBs.",
    course: COURSE.deploy,
  }),
  initTimeout: () => ({
    happened: "The environment did not start within 10 seconds, the limit for a start.",
    rule: "Lambda then starts it again during the invocation, within the function's Timeout.",
    cure: "Do less while the module is loaded, or raise MemorySize, which buys CPU.",
    course: COURSE.deploy,
  }),
  importError: ({ detail = "", message = "" }) => ({
    happened: detail.endsWith("SyntaxError")
      ? `The function could not be loaded (${detail}): a file of it has a mistake in its syntax.`
      : `The function could not be loaded (${detail}): its handler, or something that it ` +
        "imports, is missing from the package or cannot be read.",
    rule: `Every invocation fails until that is right. ${FIREHOSE_REPEATS}`,
    cure: cureIn(message) ??
      (detail.endsWith("SyntaxError")
        ? "Fix the syntax: the message or the stack names the file and the line. Code that runs at your " +
          "desk may be newer than the function's runtime takes."
        : "Compare Handler with the file and the name that it exports, and put every dependency " +
          "into the package or a layer, built for Lambda's Linux, its architecture and this runtime's version."),
    course: COURSE.deploy,
  }),
  unserialisable: ({ detail, message = "" }) => ({
    happened: `The function returned something that cannot be written as JSON (${detail}).`,
    rule: FIREHOSE_REPEATS,
    // Python's runtime calls the handler and nothing more.
    cure: /\bcoroutine\b/.test(message)
      ? "Python's runtime does not await a handler: make it a plain def that calls asyncio.run(…)."
      : /\bgenerator\b/.test(message)
      ? "Return a list. A handler with yield returns a generator, and the runtime does not read it."
      : message.includes("KinesisFirehoseDataTransformationResponse")
      ? "Return what its method asdict() gives: Powertools' response is not a plain dict."
      : "Return plain objects, lists, texts and numbers; data as text in base64.",
    course: COURSE.transform,
  }),
  exception: ({ detail, inInit, message = "" }) => ({
    happened: inInit
      ? `The function's module threw ${detail} while it was loaded, before any invocation.`
      : `The function threw ${detail}.`,
    rule: inInit
      ? `Every invocation fails until the module can be loaded. ${FIREHOSE_REPEATS}`
      : FIREHOSE_REPEATS,
    cure: cureIn(message) ??
      (inInit
        ? "Fix the cause: the stack in the log names the line."
        : "Fix the cause: the stack in the log names the line. If a record cannot be read, answer " +
          "ProcessingFailed: then only that record goes to the error output."),
    course: COURSE.transform,
  }),
  panic: () => ({
    happened: "The function panicked.",
    rule: FIREHOSE_REPEATS,
    cure:
      "Fix the cause: the message names it. If a record cannot be read, answer ProcessingFailed.",
    course: COURSE.transform,
  }),
  exit: ({ detail }) => ({
    happened: `The function's process ended before it answered (${detail}).`,
    rule: FIREHOSE_REPEATS,
    cure:
      "Let the handler return or throw, and do not call exit in it. The lines before this one may " +
      "say why the process ended.",
    course: COURSE.transform,
  }),
  postFailed: ({ detail }) => ({
    happened: `The runtime could not send the function's response to Lambda (${
      detail ?? "refused"
    }).`,
    rule: "After a refused response the runtimes of Python, Java and Go end the process.",
    cure: "Look at the lines before this one: 413 means that the response was too large.",
    course: COURSE.tooLarge,
  }),
  failed: ({ detail, inInit }) => ({
    happened: inInit
      ? `The environment could not be started${detail ? ` (${detail})` : ""}.`
      : `The invocation failed${detail ? ` (${detail})` : ""}; this log does not say why.`,
    rule: FIREHOSE_REPEATS,
    cure: "Look at the function's lines before its report, or search the log for the request id.",
    course: COURSE.transform,
  }),
};

/** What cures an error with this message; undefined for most messages. */
function cureIn(message: string): string | undefined {
  return CURES.find(([said]) => said.test(message))?.[1];
}

const CURES: readonly (readonly [RegExp, string])[] = [
  [
    /Cannot use import statement outside a module|Unexpected token '?export'?|Cannot use 'import\.meta'/,
    'For Lambda the file is CommonJS: name it .mjs, or write "type": "module" into the package.json beside ' +
    "it. Before nodejs24.x, Lambda does not look into a file for import and export.",
  ],
  [
    /require\(\) of ES Module/,
    "Before nodejs24.x, Lambda's Node requires no ES module: use import(), bundle the function, or take an " +
    "older version of the package that is CommonJS.",
  ],
  [
    /Cannot use built-in module \S+ as a handler module|'[\w.]+' is not a package$/,
    "Rename the function's file: Python has a module of this name, and finds only one of them.",
  ],
  [/The sandbox does not have the service "/, NOT_IN_SANDBOX],
  [/Read-only file system|^EROFS/, "Write to /tmp: a function can write nowhere else."],
  [
    /^'(?:Records|kinesis|awslogs|kafkaRecordValue)'$/,
    "The function is written for the event of another service. Firehose's event has records, each with " +
    "recordId and data in base64; kafkaRecordValue is there only if the stream reads from MSK.",
  ],
];

function tooLarge({ followed, language }: ToldFailure): Knowledge {
  const ends = followed.size > 0 || language === "python" || language === "java" ||
    language === "go";
  return {
    happened: "The function's response was larger than Lambda accepts: 413." +
      (ends
        ? " The process then ended, as it does with Python, Java and Go. So each 413 also costs a " +
          "cold start."
        : ""),
    rule: `${RESPONSE_RULE} ${FIREHOSE_REPEATS}`,
    cure:
      "Keep the response below the limit: put the other records back into the stream, keep records " +
      "compressed, or lower BufferSizeInMBs.",
    next: [
      "deno task rehearse FUNCTION --records FILE says which buffer is safe, and shows a cure",
    ],
    course: COURSE.tooLarge,
  };
}
