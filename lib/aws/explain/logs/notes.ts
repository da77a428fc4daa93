/**
 * Lines that tell of something else than a failed invocation: permissions, what this project's
 * transform says about a record, and what a producer was answered.
 * @module
 */

import type { Note } from "./signs.ts";

/** Each with the words of older transforms too: `put again`, `finds no room`, `take it back`. */
const RULES: readonly (readonly [topic: string, pattern: RegExp])[] = [
  ["notAuthorized", /not authorized to perform: (firehose:PutRecord\w*) on resource: (\S+)/],
  ["requestTooLarge", /Request must be smaller than (\d+) bytes for the InvokeFunction operation/],
  ["notTakenBack", /the delivery stream did not (?:accept it again|take it back): (\w+)/],
  [
    "roundsUsedUp",
    /it was put (?:back|again) (\d+) times and still (?:does not fit|finds no room): the response may (?:have|take) (\d+)/,
  ],
  [
    "tooLargeAlone",
    /it does not fit into a response even alone|the data decompresses to more than (\d+)/,
  ],
  ["unreadRecord", /record "[^"]*" is ProcessingFailed: (.*)/],
  ["noSharedMemory", /\b_multiprocessing\.SemLock\(/],
  ["notInSandbox", /\[sandbox\] @aws-sdk\/client-([\w-]+) is not here/],
  ["recordLoop", /records? goe?s? round: function/],
  [
    "callError",
    /An error occurred \((\w+)\) when calling the (PutRecord|PutRecordBatch|Invoke) operation(?: \([^)]*\))?: (.*)/,
  ],
  [
    "callError",
    /\b(ServiceUnavailableException|InvalidKMSResourceException|InvalidSourceException|TooManyRequestsException|ResourceConflictException|EC2ThrottledException|ENILimitReachedException|KMSDisabledException): (.*)/,
  ],
];

/** What a line tells; undefined where nothing is known of it. */
export function noteOf(line: string): Note | undefined {
  for (const [topic, pattern] of RULES) {
    const match = pattern.exec(line);
    if (match) {
      return {
        topic,
        values: [...match].slice(1).map((value) => (value ?? "").slice(0, 300)),
      };
    }
  }
  return undefined;
}
