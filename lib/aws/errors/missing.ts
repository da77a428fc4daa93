/**
 * Asking AWS for what may not be there.
 * @module
 */

const MISSING = ["ResourceNotFoundException", "NoSuchEntityException"];

/** The answer, or undefined where the thing is missing. */
export async function unlessMissing<Answer>(answer: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Error && MISSING.includes(error.name)) return undefined;
    throw error;
  }
}
