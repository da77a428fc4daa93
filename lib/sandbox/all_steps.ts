/**
 * Steps that give things back: each is done, also after one that failed, and all errors are reported
 * together. Otherwise a folder would stay locked because a log could not be closed.
 * @module
 */

/** Does the steps in order. Throws the errors of all that failed, after the last step. */
export async function allSteps(...steps: readonly (() => unknown)[]): Promise<void> {
  const errors: unknown[] = [];
  for (const step of steps) {
    try {
      await step();
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw together(errors);
}

/** Waits until all of `works` have ended. Throws the errors of all that failed. */
export async function allEnded(works: Iterable<Promise<unknown>>): Promise<void> {
  const ends = await Promise.allSettled(works);
  const errors = ends.flatMap((end) => end.status === "rejected" ? [end.reason] : []);
  if (errors.length > 0) throw together(errors);
}

/** Throws `error` after `step`; with the step's own error beside it, if it has one. */
export async function throwAfter(error: unknown, step: () => unknown): Promise<never> {
  const errors = [error];
  try {
    await step();
  } catch (further) {
    errors.push(further);
  }
  throw together(errors);
}

/** The only error, or an `AggregateError` whose message has all their messages. */
function together(errors: readonly unknown[]): unknown {
  if (errors.length === 1) return errors[0];
  const messages = errors.map((error) => error instanceof Error ? error.message : String(error));
  return new AggregateError(errors, messages.join("; "));
}
