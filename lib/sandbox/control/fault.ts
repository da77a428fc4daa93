/**
 * A fault: on which calls, when, and what then. Read from JSON and checked: whatever the sandbox does
 * not know is refused by name.
 * @module
 */

import type { Service } from "../operation.ts";
import { ControlError } from "./control_error.ts";
import { codesOf, hasText } from "./fault_errors.ts";
import { checkedMembers, type Members, membersOf, numberIn, textIn } from "./input.ts";

/** What a client puts. */
export interface FaultSpec {
  readonly on: FaultTarget;
  readonly when?: FaultMoment;
  readonly then: FaultAct;
}

/** The calls that a fault can strike. All members that are given must fit. */
export interface FaultTarget {
  /** The signing name: `firehose`, `s3`, `lambda`, `logs`, `monitoring`, `iam` or `sts`. */
  readonly service: string;
  /** Absent: every operation of the service. */
  readonly operation?: string;
  /** A delivery stream: calls for it, and calls that its delivery makes to other services. */
  readonly stream?: string;
  readonly bucket?: string;
  /** A function's name. */
  readonly function?: string;
  /** The caller's ARN; `*` stands for any characters. */
  readonly caller?: string;
}

/** Which of those calls. All members that are given must hold; absent: all of them. */
export interface FaultMoment {
  /** Only the first so many. */
  readonly first?: number;
  /** Each k-th. */
  readonly every?: number;
  /** Each with this chance, from 0 to 1. */
  readonly chance?: number;
  /** What the chances are drawn from: the same seed, the same calls. */
  readonly seed?: number;
  /** Only so long after the fault was put, in true seconds. */
  readonly seconds?: number;
}

/** What a fault does: one of these. */
export type FaultAct =
  /** AWS's error, by its code. `message` replaces AWS's text, or is needed where that is not known. */
  | { readonly error: string; readonly message?: string }
  /** PutRecordBatch: these records, from 0 on, are refused with ServiceUnavailableException. */
  | { readonly failRecords: readonly number[] }
  /** The call waits so long, and is then done. */
  | { readonly delayMs: number }
  /** The call is done, and the connection ends without its answer. */
  | { readonly drop: true }
  /** The call is done, and the connection ends after so many bytes of the answer's body. */
  | { readonly cut: number };

/** An hour: the longest delay. */
const DELAY_MS_MAX = 3_600_000;
const COUNT_MAX = 1_000_000_000;
const RECORDS_MAX = 500;
const ACTS = ["error", "message", "failRecords", "delayMs", "drop", "cut"] as const;

/** Which services know a member of `on`. A delivery calls them for its stream. */
const MEANINGFUL: Readonly<Record<"stream" | "bucket" | "function", readonly string[]>> = {
  stream: ["firehose", "s3", "lambda", "logs", "sts"],
  bucket: ["s3"],
  function: ["lambda"],
};

/** Reads a fault. Throws a {@linkcode ControlError} with status 400 that says what is wrong. */
export function readFault(body: Uint8Array, services: readonly Service[]): FaultSpec {
  const members = membersOf(body, ["on", "when", "then"]);
  const on = readTarget(members.on, services);
  const when = members.when === undefined ? {} : { when: readMoment(members.when) };
  return { on, ...when, then: readAct(members.then, on) };
}

function readTarget(value: unknown, services: readonly Service[]): FaultTarget {
  const known = ["service", "operation", "stream", "bucket", "function", "caller"];
  const members = checkedMembers(value, known, "on");
  const service = textIn(members, "service");
  const operation = textIn(members, "operation");
  const found = services.find(({ signingName }) => signingName === service);
  if (service === undefined || !found) {
    throw wrong(`on.service must be one of ${services.map((s) => s.signingName).join(", ")}.`);
  }
  if (operation !== undefined && !found.operations.has(operation)) {
    throw wrong(`${service} has no operation ${operation} here.`);
  }
  const rest = Object.fromEntries(
    (["stream", "bucket", "function"] as const).flatMap((name) => {
      const text = textIn(members, name);
      if (text === undefined) return [];
      if (MEANINGFUL[name].includes(service)) return [[name, text]];
      throw wrong(`on.${name} means nothing for ${service}.`);
    }),
  );
  const caller = textIn(members, "caller");
  return {
    service,
    ...(operation === undefined ? {} : { operation }),
    ...rest,
    ...(caller === undefined ? {} : { caller }),
  };
}

function readMoment(value: unknown): FaultMoment {
  const members = checkedMembers(value, ["first", "every", "chance", "seed", "seconds"], "when");
  const count = { min: 1, max: COUNT_MAX, isWhole: true };
  const given = {
    first: numberIn(members, "first", count),
    every: numberIn(members, "every", count),
    chance: numberIn(members, "chance", { min: 0, max: 1 }),
    seed: numberIn(members, "seed", { min: 0, max: 0xffff_ffff, isWhole: true }),
    seconds: numberIn(members, "seconds", { min: 0, max: COUNT_MAX }),
  };
  if (given.seed !== undefined && given.chance === undefined) {
    throw wrong("when.seed means nothing without when.chance.");
  }
  return Object.fromEntries(Object.entries(given).filter(([, number]) => number !== undefined));
}

function readAct(value: unknown, on: FaultTarget): FaultAct {
  const members = checkedMembers(value, ACTS, "then");
  const acts = Object.keys(members).filter((name) => name !== "message");
  if (acts.length !== 1) {
    throw wrong("then must have one of error, failRecords, delayMs, drop, cut.");
  }
  if (members.message !== undefined && acts[0] !== "error") {
    throw wrong("then.message goes with then.error only.");
  }
  switch (acts[0]) {
    case "error":
      return readError(members, on);
    case "failRecords":
      return readFailRecords(members.failRecords, on);
    case "delayMs":
      return { delayMs: numberIn(members, "delayMs", { min: 0, max: DELAY_MS_MAX }) ?? 0 };
    case "drop":
      if (members.drop !== true) throw wrong("then.drop must be true.");
      checkHasBody(on);
      return { drop: true };
    default:
      checkHasBody(on);
      return { cut: numberIn(members, "cut", { min: 0, max: COUNT_MAX, isWhole: true }) ?? 0 };
  }
}

function readError(members: Members, { service }: FaultTarget): FaultAct {
  const error = textIn(members, "error") ?? "";
  const message = textIn(members, "message");
  const codes = codesOf(service);
  if (!codes.has(error)) {
    throw wrong(`${service} has no error ${error}; it has ${[...codes.keys()].sort().join(", ")}.`);
  }
  if (message === undefined && !hasText(service, error)) {
    throw wrong(`The sandbox does not know AWS's text of ${error}: give it as then.message.`);
  }
  return { error, ...(message === undefined ? {} : { message }) };
}

function readFailRecords(value: unknown, { service, operation }: FaultTarget): FaultAct {
  if (service !== "firehose" || operation !== "PutRecordBatch") {
    throw wrong("then.failRecords needs on.operation to be PutRecordBatch.");
  }
  const isPlace = (item: unknown): item is number =>
    typeof item === "number" && Number.isInteger(item) && item >= 0 && item < RECORDS_MAX;
  if (Array.isArray(value) && value.length > 0 && value.every(isPlace)) {
    return { failRecords: value };
  }
  throw wrong(`then.failRecords must be a list of places from 0 to ${RECORDS_MAX - 1}.`);
}

/** The answer to a HEAD has no body that could be cut. */
function checkHasBody({ operation }: FaultTarget): void {
  if (operation?.startsWith("Head") !== true) return;
  throw wrong(`The answer of ${operation} has no body to cut: use then.error or then.delayMs.`);
}

const wrong = (message: string) => new ControlError(400, message);
