/**
 * What the other lines of a log mean: permissions, this project's transform, producers' calls,
 * Firehose's own log.
 * @module
 */

import { codeKnowledge } from "../../../sandbox/knowledge/code_knowledge.ts";
import { guideText } from "../../../sandbox/knowledge/guide_texts.ts";
import { NOT_IN_SANDBOX } from "./failure_knowledge.ts";
import { callErrorKnowledge } from "../codes/call_errors.ts";
import { COURSE, type Knowledge } from "../../../sandbox/knowledge/explanation.ts";
import type { Note } from "./signs.ts";

type Noted = Knowledge & { readonly numbers?: readonly string[] };

/** What is known of a note. */
export function noteKnowledge({ topic, values }: Note): Noted {
  return TOPICS[topic]?.(values) ?? { happened: `Something about ${topic}.` };
}

const inWords = (value: string) => Number(value).toLocaleString("en");

const TOPICS: Readonly<Record<string, (values: readonly string[]) => Noted>> = {
  firehose: ([errorCode, message]) => ({
    ...codeKnowledge(errorCode, message),
    numbers: [message || (guideText(errorCode) ?? "")].filter((text) => text !== ""),
  }),
  callError: ([error, ...rest]) => callErrorKnowledge(error, rest.at(-1) ?? ""),
  requestTooLarge: ([bytes]) => ({
    happened: "The event was larger than Lambda accepts.",
    rule: `A request may have ${inWords(bytes)} bytes, base64 included.`,
    cure: "Lower the processor's BufferSizeInMBs.",
    course: COURSE.sizes,
  }),
  // A captured trace of Pyomo (2026-06) has PermissionError; older ones have OSError with "Errno 38".
  noSharedMemory: () => ({
    happened: "The function makes a lock, queue or pool of Python's multiprocessing.",
    rule: "Lambda has no /dev/shm, which these need: they fail with PermissionError or OSError.",
    cure:
      "Use threads (concurrent.futures.ThreadPoolExecutor), or multiprocessing.Process with a Pipe.",
    course: COURSE.transform,
  }),
  notInSandbox: ([service]) => ({
    happened:
      `The function loads the SDK's client for ${service}, which the sandbox does not have. AWS has it.`,
    cure: NOT_IN_SANDBOX,
  }),
  notAuthorized: ([action, resource]) => ({
    happened: `The function (or producer) may not ${action}.`,
    rule: "An execution role may do nothing that a policy does not allow.",
    numbers: [`resource ${resource}`],
    cure: "deno task deploy-lambda --stream NAME grants this permission, on that stream only.",
    course: COURSE.reingest,
  }),
  notTakenBack: ([code]) => ({
    happened:
      `The record did not fit into the response and could not be put back: ${code}. So it ` +
      "is ProcessingFailed, not Dropped, and is in the error output.",
    cure: code === "AccessDeniedException"
      ? "deno task deploy-lambda --stream NAME lets the function put records back. Then redrive."
      : "Redrive it when the stream accepts records again.",
    course: COURSE.reingest,
  }),
  roundsUsedUp: ([rounds, bytes]) => ({
    happened: "The record was put back as often as allowed, and then failed.",
    numbers: [`${rounds} rounds`, `budget ${inWords(bytes)} bytes`],
    cure: "Lower BufferSizeInMBs, so that a batch has fewer records, or keep records compressed.",
    course: COURSE.loop,
  }),
  tooLargeAlone: ([bytes]) => ({
    happened:
      "The record is too large alone. It is not put back, because it would go round without end.",
    rule: "Base64 makes 4 bytes of 3, and the response has a limit.",
    numbers: bytes ? [`at most ${inWords(bytes)} bytes decompressed`] : [],
    cure:
      "Deploy with deno task deploy-lambda --strategy keep-compressed, or --too-large write-to-s3.",
    course: COURSE.loop,
  }),
  unreadRecord: ([reason]) => ({
    happened: `This project's transform could not read the record: ${reason}.`,
    cure: "The record's bytes are in the error output, with the same arrival time.",
    course: COURSE.errorObject,
  }),
  recordLoop: () => codeKnowledge("Sandbox.RecordLoop", ""),
};
