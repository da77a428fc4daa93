/**
 * Questions to AWS about something that may not exist.
 * @module
 */

const MISSING = ["ResourceNotFoundException", "NoSuchEntityException"];

/** The answer; undefined if the thing does not exist. */
export async function unlessMissing<Answer>(answer: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Error && MISSING.includes(error.name)) return undefined;
    throw error;
  }
}
