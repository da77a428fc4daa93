/**
 * Lines of logs: the function's, Lambda's own, and Firehose's.
 * @module
 */

import { functionErrorKnowledge, knowledgeOf } from "./error_codes.ts";
import { count, COURSE, type Explanation, type Knowledge } from "./explanation.ts";

interface Rule {
  readonly pattern: RegExp;
  readonly knowledge: (match: RegExpExecArray) => Knowledge & { readonly numbers?: string[] };
}

/** The first that fits speaks. */
const RULES: readonly Rule[] = [
  {
    pattern: /Failed to post handler success response\. Http response code: 413/,
    knowledge: () => functionErrorKnowledge("Function.ResponseSizeTooLarge"),
  },
  {
    pattern: /Response payload size exceeded maximum allowed payload size|ResponseSizeTooLarge/,
    knowledge: () => functionErrorKnowledge("Function.ResponseSizeTooLarge"),
  },
  {
    pattern: /Request must be smaller than (\d+) bytes for the InvokeFunction operation/,
    knowledge: ([, bytes]) => ({
      happened: "The event was larger than Lambda takes.",
      rule: `A request may have ${Number(bytes).toLocaleString("en")} bytes, base64 included.`,
      cure: "Lower the processor's BufferSizeInMBs.",
      course: COURSE.sizes,
    }),
  },
  {
    pattern: /not authorized to perform: (firehose:PutRecord\w*) on resource: (\S+)/,
    knowledge: ([, action, resource]) => ({
      happened: `The function (or producer) may not ${action}.`,
      rule: "An execution role may do nothing that a policy does not allow.",
      numbers: [`resource ${resource}`],
      cure: "deno task deploy-lambda --stream NAME grants it, on that stream only.",
      course: COURSE.reingest,
    }),
  },
  {
    pattern: /the delivery stream did not take it back: (\w+)/,
    knowledge: ([, code]) => ({
      happened: `The record found no room in the response and could not be put back: ${code}. So ` +
        "it is ProcessingFailed, not Dropped, and lies in the error output.",
      cure: code === "AccessDeniedException"
        ? "deno task deploy-lambda --stream NAME lets the function put records back; then redrive."
        : "Redrive it once the stream takes records again.",
      course: COURSE.reingest,
    }),
  },
  {
    pattern: /it was put again (\d+) times and still finds no room: the response may take (\d+)/,
    knowledge: ([, rounds, bytes]) => ({
      happened: "The record went round as often as it may, then was stopped.",
      numbers: [`${rounds} rounds`, `budget ${Number(bytes).toLocaleString("en")} bytes`],
      cure: "Lower BufferSizeInMBs so that fewer records meet, or keep records compressed.",
      course: COURSE.loop,
    }),
  },
  {
    pattern: /it does not fit into a response even alone|the data decompresses to more than (\d+)/,
    knowledge: ([, bytes]) => ({
      happened:
        "The record is too large by itself. It is not put back, which would go on for ever.",
      rule: "Base64 makes 4 bytes of 3, and the response has a budget.",
      numbers: bytes ? [`at most ${Number(bytes).toLocaleString("en")} bytes decompressed`] : [],
      cure: "deno task deploy-lambda --strategy keep-compressed, or --too-large write-to-s3.",
      course: COURSE.loop,
    }),
  },
  {
    pattern: /record "[^"]*" is ProcessingFailed: (.*)/,
    knowledge: ([, reason]) => ({
      happened: `This project's transform could not read the record: ${reason}.`,
      cure: "The record's bytes lie in the error output, under the same arrival time.",
      course: COURSE.errorObject,
    }),
  },
  {
    pattern: /records? goe?s? round: function/,
    knowledge: () => knowledgeOf("Sandbox.RecordLoop"),
  },
  {
    pattern: /Task timed out after ([\d.]+) seconds/,
    knowledge: ([, seconds]) => ({
      ...knowledgeOf("Lambda.FunctionTimedOut"),
      numbers: [`timeout ${seconds} s`],
    }),
  },
  {
    pattern: /Runtime\.OutOfMemory|signal: killed/,
    knowledge: () => functionErrorKnowledge("Runtime.OutOfMemory"),
  },
  {
    pattern: /Invoke Error\s+(\{.*\})|Uncaught Exception\s+(\{.*\})/s,
    knowledge: ([, invoke, uncaught]) => functionErrorKnowledge(errorTypeIn(invoke ?? uncaught)),
  },
  {
    pattern:
      /^REPORT RequestId.*\tDuration: ([\d.]+) ms.*\tMemory Size: (\d+) MB\tMax Memory Used: (\d+) MB/s,
    knowledge: ([, duration, memory, used]) => ({
      happened: Number(used) >= 0.9 * Number(memory)
        ? "An invocation ended, with nearly all of its memory in use."
        : "An invocation ended.",
      numbers: [`${duration} ms, ${used} of ${memory} MB`],
      course: COURSE.deploy,
    }),
  },
];

/** What a line of a log says; undefined where nothing is known of it. */
function explainLogLine(line: string): Explanation | undefined {
  const firehose = firehoseLine(line);
  if (firehose) return firehose;
  for (const { pattern, knowledge } of RULES) {
    const match = pattern.exec(line);
    if (match) return { subject: `log: ${shortened(line)}`, numbers: [], ...knowledge(match) };
  }
  return undefined;
}

/** Lines that say the same are told once, with their number. */
export function explainLog(lines: readonly string[]): Explanation[] {
  const told = new Map<string, { readonly explanation: Explanation; times: number }>();
  for (const line of lines) {
    const explanation = explainLogLine(line);
    if (!explanation) continue;
    const known = told.get(explanation.happened);
    if (known) known.times++;
    else told.set(explanation.happened, { explanation, times: 1 });
  }
  return [...told.values()].map(({ explanation, times }) => ({
    ...explanation,
    numbers: [...explanation.numbers, ...(times > 1 ? [`${count(times, "line")} like this`] : [])],
  }));
}

/** Firehose's own log has JSON lines with an error code. */
function firehoseLine(line: string): Explanation | undefined {
  if (!line.startsWith("{") || !line.includes('"deliveryStreamARN"')) return undefined;
  const value = parsed(line);
  if (!value || typeof value.errorCode !== "string") return undefined;
  return {
    subject: `Firehose's log: ${value.errorCode}`,
    ...knowledgeOf(value.errorCode),
    numbers: [`${value.message ?? ""}`].filter((text) => text !== ""),
  };
}

function errorTypeIn(json: string): string {
  const errorType = parsed(json)?.errorType;
  return typeof errorType === "string" ? errorType : "an error";
}

function parsed(json: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "object" && value !== null
      ? Object.fromEntries(Object.entries(value))
      : undefined;
  } catch {
    return undefined;
  }
}

function shortened(line: string): string {
  const text = line.trim().replaceAll(/\s+/g, " ");
  return text.length > 110 ? `${text.slice(0, 110)}…` : text;
}
