/**
 * Makes what a seed says. What exists already stays as it is, so a start with the same seed on the
 * same data changes nothing.
 * @module
 */

import { setTimeout as pause } from "node:timers/promises";
import { AwsError } from "../errors.ts";
import type { RootCaller } from "./caller.ts";
import { type Members, SEED_OPERATIONS, type SeedOperation } from "./operations.ts";
import { inputOf, type ReadBytes } from "./shape.ts";
import type { SeedStep } from "./steps.ts";
import { SeedMistake } from "./value.ts";

/** What came of a seed: descriptions such as `bucket records`. */
export interface StepsMade {
  readonly made: readonly string[];
  readonly stayed: readonly string[];
}

/** A call whose input fits its operation. */
interface ReadyStep {
  readonly step: SeedStep;
  readonly operation: SeedOperation;
  readonly input: Members;
}

/**
 * Calls the steps in order, and resolves when streams and functions can be used. Every input is
 * checked before the first call. Throws an `AggregateError` of {@linkcode SeedMistake}s.
 */
export async function makeSteps(
  steps: readonly SeedStep[],
  caller: RootCaller,
  read: ReadBytes,
): Promise<StepsMade> {
  const ready = checked(steps, caller, read);
  const made: string[] = [];
  const stayed: string[] = [];
  let waiting: ReadyStep[] = [];
  for (const one of ready) {
    const { operation, input, step } = one;
    try {
      if (operation.needsReady) {
        await allReady(waiting, caller);
        waiting = [];
      }
      const exists = await isThere(one, caller);
      if (!exists) await caller.call(operation.service, step.operation, input);
      if (operation.ready) waiting.push(one);
      const what = operation.makes?.(input);
      if (what !== undefined) (exists ? stayed : made).push(what);
    } catch (error) {
      throw new AggregateError([mistakeOf(step, error)]);
    }
  }
  await allReady(waiting, caller);
  return { made, stayed };
}

function checked(
  steps: readonly SeedStep[],
  caller: RootCaller,
  read: ReadBytes,
): ReadyStep[] {
  const mistakes: SeedMistake[] = [];
  const ready = onlyOnce(steps).flatMap((step): ReadyStep[] => {
    const operation = SEED_OPERATIONS.get(step.operation);
    if (!operation) throw new Error(`a seed can't call ${step.operation}`);
    try {
      const { schema } = caller.operation(operation.service, step.operation);
      const input = inputOf(schema, step.input, { path: step.path, read });
      caller.check(operation.service, step.operation, input);
      return [{ step, operation, input }];
    } catch (error) {
      mistakes.push(mistakeOf(step, error));
      return [];
    }
  });
  if (mistakes.length > 0) throw new AggregateError(mistakes);
  return ready;
}

/** Two functions may be made of the same object. */
function onlyOnce(steps: readonly SeedStep[]): SeedStep[] {
  const calls = new Map<string, SeedStep>();
  for (const step of steps) {
    const call = `${step.operation} ${JSON.stringify(step.input)}`;
    if (!calls.has(call)) calls.set(call, step);
  }
  return [...calls.values()];
}

/** What a person needs to know of an error: the resource, and AWS's own text. */
function mistakeOf({ resource, operation, path }: SeedStep, error: unknown): SeedMistake {
  if (error instanceof SeedMistake) {
    return new SeedMistake(`${resource}: ${error.message}`, error.path, { cause: error });
  }
  if (error instanceof AwsError) {
    const call = resource.startsWith(operation) ? "" : ` ${operation}:`;
    return new SeedMistake(`${resource}:${call} ${error.code}: ${error.message}`, path, {
      cause: error,
    });
  }
  throw error;
}

async function isThere({ operation, input }: ReadyStep, caller: RootCaller): Promise<boolean> {
  const { look, service } = operation;
  try {
    const output = await caller.call(
      service,
      look.operation,
      look.input(input, caller.accountId),
    );
    return look.shows?.(output, input) ?? true;
  } catch (error) {
    if (error instanceof AwsError && look.missing.includes(error.code)) return false;
    throw error;
  }
}

const READY_POLL_MS = 10;
const UNREADY = new Set<unknown>(["CREATING", "Pending"]);

/** Waits until new things can be used; a stream takes 20 s divided by `--speed`. */
async function allReady(steps: readonly ReadyStep[], caller: RootCaller): Promise<void> {
  await Promise.all(steps.map(async ({ operation: { ready, service }, input }) => {
    if (!ready) return;
    const look = async () =>
      ready.state(await caller.call(service, ready.operation, ready.input(input)));
    while (UNREADY.has(await look())) await pause(READY_POLL_MS);
  }));
}
