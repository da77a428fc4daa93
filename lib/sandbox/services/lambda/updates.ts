/**
 * What updates of a function have in common: whether one may begin, and how it does.
 * @module
 */

import type { Random } from "../../random.ts";
import { resourceConflict, revisionMismatch } from "./errors.ts";
import type { FunctionVersion, LambdaFunction } from "./function.ts";

/** Chance and time of a change. */
export interface ChangeContext {
  readonly random: Random;
  readonly nowMs: number;
}

/** Throws where `$LATEST` can't be changed now, or is not the one that the client has seen. */
export function checkUpdatable(one: LambdaFunction, revisionId: string | undefined): void {
  if (one.status === "Updating") {
    throw resourceConflict(
      "The operation cannot be performed at this time. An update is in progress for resource: " +
        one.arn,
    );
  }
  if (one.status === "Pending") {
    throw resourceConflict(
      "The operation cannot be performed at this time. The function is currently in the following " +
        "state: Pending",
    );
  }
  if (revisionId !== undefined && revisionId !== one.latest.revisionId) throw revisionMismatch();
}

/** The function with `changes` under way: shown at once, and run when the update is done. */
export function beginUpdate(
  one: LambdaFunction,
  changes: Partial<FunctionVersion>,
  { random, nowMs }: ChangeContext,
): LambdaFunction {
  return {
    ...one,
    status: "Updating",
    statusMs: nowMs,
    running: one.latest,
    latest: {
      ...one.latest,
      ...changes,
      buildId: random.uuid(),
      revisionId: random.uuid(),
      modifiedMs: nowMs,
    },
  };
}
