/**
 * The common parts of updates of a function: whether one may begin, and how it begins.
 * @module
 */

import type { Random } from "../../random.ts";
import { resourceConflict, revisionMismatch } from "./errors.ts";
import type { FunctionVersion, LambdaFunction } from "./function.ts";

/** Randomness and time for a change. */
export interface ChangeContext {
  readonly random: Random;
  readonly nowMs: number;
}

/** Throws where `$LATEST` can't be changed now, or is not the one that the client has seen. */
export function checkUpdatable(fn: LambdaFunction, revisionId: string | undefined): void {
  if (fn.status === "Updating") {
    throw resourceConflict(
      "The operation cannot be performed at this time. An update is in progress for resource: " +
        fn.arn,
    );
  }
  if (fn.status === "Pending") {
    throw resourceConflict(
      "The operation cannot be performed at this time. The function is currently in the following " +
        "state: Pending",
    );
  }
  if (revisionId !== undefined && revisionId !== fn.latest.revisionId) throw revisionMismatch();
}

/** The function with `changes` under way: shown at once, and run when the update is done. */
export function beginUpdate(
  fn: LambdaFunction,
  changes: Partial<FunctionVersion>,
  { random, nowMs }: ChangeContext,
): LambdaFunction {
  return {
    ...fn,
    status: "Updating",
    statusMs: nowMs,
    running: fn.latest,
    latest: {
      ...fn.latest,
      ...changes,
      buildId: random.uuid(),
      revisionId: random.uuid(),
      modifiedMs: nowMs,
    },
  };
}
