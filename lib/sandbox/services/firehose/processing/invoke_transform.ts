/**
 * Transformation: a batch of records goes through the Lambda function. After the journal and
 * de-aggregation, before partition keys. Follows "Transform source data"
 * (https://docs.aws.amazon.com/firehose/latest/dev/data-transformation.html).
 *
 * The outcome of a batch is one commit. If the sandbox is killed before it, the function runs
 * again; no record is delivered twice.
 * @module
 */

import type { Caller } from "../../../access/caller.ts";
import type { FaultEffect } from "../../../ports/fault_source.ts";
import type { FunctionInvoker, InvokeOutcome } from "../../../ports/function_invoker.ts";
import type { AssumptionNotices } from "./assumption_notices.ts";
import type { Batch } from "./batch.ts";
import type { Clock } from "../../../clock.ts";
import { assumeRoleFor, type DeliveryCallParts } from "../delivery_role.ts";
import type { Random } from "../../../random.ts";
import type { DeliveryStream } from "../delivery_stream.ts";
import { batchFailed, type Fate, judge, type Verdict } from "./response_judge.ts";
import { lambdaEvent } from "./lambda_event.ts";
import type { StreamMetrics } from "../metrics.ts";
import type { LambdaProcessor } from "../configuration/processors.ts";
import type { FunctionTurn, FunctionTurns } from "./function_turns.ts";
import { nextTurn } from "../../../next_turn.ts";
import type { RetryPauses } from "./retry_pauses.ts";
import type { SourceRecord } from "../record.ts";
import type { FirehoseWatch, TransformAnswer } from "../watch.ts";

/**
 * Records of one invocation. AWS names no such limit; with 3 MiB of data it keeps the event
 * within Lambda's 6 MB.
 */
export const BATCH_RECORDS_MAX = 10_000;

/** The longest that Firehose waits for a function: 5 minutes, in true time. */
export const FUNCTION_MS_MAX = 300_000;

/** Pauses between attempts. Captured error lines are about 4 to 10 s apart. */
const PAUSE_FIRST_MS = 4_000;
const PAUSE_STEP_MS = 2_000;
const PAUSE_LAST_MS = 10_000;

/** A batch with the fate of each of its records. */
export interface Transformed extends Batch {
  readonly fates: readonly Fate[];
  readonly attemptsMade: number;
  readonly attemptEndingMs: number;
  /** The attempt that decided; undefined without a function. */
  readonly invocationId: string | undefined;
}

/** A batch of a stream without a Lambda processor: every record as it was put. */
export function untransformed(batch: Batch, nowMs: number): Transformed {
  const fates = batch.records.map(({ data }): Fate => ({
    result: "Ok",
    data,
    partitionKeys: new Map(),
  }));
  return { ...batch, fates, attemptsMade: 1, attemptEndingMs: nowMs, invocationId: undefined };
}

/** What transforming needs. */
export interface TransformParts extends DeliveryCallParts {
  readonly pauses: RetryPauses;
  readonly turns: FunctionTurns;
  readonly assumptions: AssumptionNotices;
  /** Called with a line for people when the sandbox judges a response by an assumption. */
  readonly onDeliveryProblem?: (line: string) => void;
  /** Absent when streams with a Lambda processor are refused. */
  readonly invoker?: FunctionInvoker;
  readonly clock: Clock;
  readonly random: Random;
  readonly region: string;
  readonly record: (streamName: string, values: StreamMetrics) => void;
  readonly watch?: FirehoseWatch;
}

/** What is done between the steps of a batch, while the function works. */
export interface TransformSteps {
  /** Called when the function gets the event. */
  readonly onSent: () => void;
  /** Called when the function has answered, before its answer is judged. */
  readonly onAnswered: () => void;
}

/**
 * Sends a batch through the function. A batch that fails is sent again; after the last attempt all
 * its records have failed. Throws the signal's reason when it is aborted.
 *
 * The function may get the next batch of the stream once it has answered, while the answer is
 * judged; after a failure, once the last attempt at this batch is over.
 */
export async function transform(
  batch: Batch,
  stream: DeliveryStream,
  lambda: LambdaProcessor,
  parts: TransformParts & TransformSteps,
  signal: AbortSignal,
): Promise<Transformed> {
  const turn = parts.turns.of(stream.id);
  try {
    for (let attemptsMade = 1;; attemptsMade++) {
      const invocationId = parts.random.uuid();
      const call = { records: batch.records, invocationId, attempt: attemptsMade, turn };
      const verdict = await attempt(call, stream, lambda, parts, signal);
      const ending = { attemptsMade, attemptEndingMs: parts.clock.nowMs(), invocationId };
      if (verdict.kind === "judged") return { ...batch, fates: verdict.fates, ...ending };
      if (attemptsMade > lambda.retries) {
        const fate: Fate = { result: "ProcessingFailed", error: verdict.error };
        return { ...batch, fates: batch.records.map(() => fate), ...ending };
      }
      const pauseMs = PAUSE_FIRST_MS + (attemptsMade - 1) * PAUSE_STEP_MS;
      await parts.pauses.wait(stream.id, Math.min(pauseMs, PAUSE_LAST_MS), signal);
    }
  } finally {
    turn.pass();
  }
}

/** One attempt at a batch. */
interface Call {
  readonly records: readonly SourceRecord[];
  readonly invocationId: string;
  /** 1 for the first. */
  readonly attempt: number;
  readonly turn: FunctionTurn;
}

async function attempt(
  { records, invocationId, attempt, turn }: Call,
  stream: DeliveryStream,
  lambda: LambdaProcessor,
  parts: TransformParts & TransformSteps,
  signal: AbortSignal,
): Promise<Verdict> {
  const payload = lambdaEvent({
    invocationId,
    deliveryStreamArn: stream.arn,
    region: parts.region,
    records,
  });
  await turn.take(signal);
  const beganMs = parts.clock.nowMs();
  parts.watch?.invoking({
    ...{ streamId: stream.id, invocationId, functionArn: lambda.functionArn, attempt, beganMs },
    ...{ records: records.length, requestBytes: payload.length },
  });
  const outcome = await invoke(payload, stream.name, lambda, parts, signal);
  const endedMs = parts.clock.nowMs();
  const isAnswered = outcome !== "roleDenied" && outcome.kind === "succeeded";
  if (isAnswered) parts.onAnswered();
  if (isAnswered && turn.pass()) await nextTurn(); // the next event goes out
  const { verdict, findings } = outcome === "roleDenied"
    ? { verdict: batchFailed("Lambda.AssumeRoleAccessDenied"), findings: [] }
    : judge(outcome, records.map(({ recordId }) => recordId));
  parts.watch?.invoked(stream.id, invocationId, answerOf(outcome, verdict, endedMs));
  for (const line of parts.assumptions.linesFor(stream.name, findings)) {
    parts.onDeliveryProblem?.(line);
  }
  parts.record(stream.name, {
    "ExecuteProcessing.Duration": endedMs - beganMs,
    "ExecuteProcessing.Success": verdict.kind === "judged" ? 1 : 0,
  });
  return verdict;
}

function answerOf(
  outcome: InvokeOutcome | "roleDenied",
  verdict: Verdict,
  endedMs: number,
): TransformAnswer {
  const error = verdict.kind === "batchFailed" ? verdict.error : undefined;
  const answer = { endedMs, responseBytes: undefined, ...error };
  if (outcome === "roleDenied" || outcome.kind === "refused") return answer;
  if (outcome.kind === "succeeded") return { ...answer, responseBytes: outcome.payload.length };
  const { errorType, responseBytes } = outcome;
  return { ...answer, errorType, responseBytes };
}

async function invoke(
  payload: Uint8Array,
  stream: string,
  lambda: LambdaProcessor,
  parts: TransformParts & TransformSteps,
  signal: AbortSignal,
): Promise<InvokeOutcome | "roleDenied"> {
  const { invoker } = parts;
  if (!invoker) throw new Error("a stream with a Lambda processor, and nothing to invoke it with");
  const caller = await assumeRoleFor(stream, lambda.roleArn, parts, signal);
  if (!caller) return "roleDenied";
  const effect = await strike(stream, caller, lambda, parts, signal);
  if (effect?.kind === "error") {
    return { kind: "refused", code: effect.error.code, message: effect.error.message };
  }
  const tooLong = new AbortController();
  const timer = setTimeout(() => tooLong.abort(), FUNCTION_MS_MAX);
  try {
    const invoked = invoker.invoke({
      caller,
      functionArn: qualified(lambda.functionArn),
      payload,
      signal: AbortSignal.any([signal, tooLong.signal]),
    });
    parts.onSent();
    const outcome = await invoked;
    return effect?.kind === "lost" ? ANSWER_LOST : outcome;
  } catch (error) {
    signal.throwIfAborted();
    if (!tooLong.signal.aborted) throw error;
    return { kind: "functionError", errorType: "Sandbox.Timedout", payload: new Uint8Array() };
  } finally {
    clearTimeout(timer);
  }
}

/** The function has run, and Firehose does not know its answer: it calls the function again. */
const ANSWER_LOST: InvokeOutcome = {
  kind: "refused",
  code: "ConnectionLost",
  message: "the answer of Lambda was lost",
};

/** Lets faults on demand strike the invocation. */
async function strike(
  stream: string,
  caller: Caller,
  { functionArn }: LambdaProcessor,
  { faults }: TransformParts,
  signal: AbortSignal,
): Promise<FaultEffect | undefined> {
  if (faults.isQuiet) return undefined;
  const access = { action: "lambda:InvokeFunction", resource: functionArn };
  const call = { service: "lambda", operation: "Invoke", function: functionArn };
  return await faults.strike({ ...call, stream, caller, access }, signal);
}

/** A function without a version is invoked as `$LATEST`: permissions must cover that (captured). */
function qualified(functionArn: string): string {
  return functionArn.split(":").length > 7 ? functionArn : `${functionArn}:$LATEST`;
}
