/**
 * The function that Lambda runs: gives {@linkcode answer} the environment, the clock and AWS.
 * @module
 */

import process from "node:process";
import { setTimeout as pause } from "node:timers/promises";
import { answer } from "./answer.ts";
import { connectAws } from "./aws.ts";
import { readOptions } from "./environment.ts";
import type { FirehoseTransformationResult } from "./event.ts";

/** The part of Lambda's context that the handler uses. */
export interface LambdaContext {
  getRemainingTimeInMillis(): number;
}

// Read at start: a wrong variable then fails before the first record comes.
const options = readOptions(process.env);
const aws = connectAws();

/** Answers Firehose's transformation event: see {@linkcode answer}. */
export async function handler(
  event: unknown,
  context: LambdaContext,
): Promise<FirehoseTransformationResult> {
  return await answer(event, {
    options: options.transform,
    largeRecords: options.largeRecords,
    aws,
    log: console,
    pause: async (ms) => await pause(ms),
    random: Math.random,
    remainingMs: () => context.getRemainingTimeInMillis(),
  });
}
