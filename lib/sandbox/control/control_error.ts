/**
 * Why a control page refuses a request. The answer is `{"error": "a sentence"}`.
 * @module
 */

/** An error of a control page: its HTTP status, a sentence, and further members of the answer. */
export class ControlError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly more: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
  }
}

/** The answer for `error`. */
export const errorAnswer = ({ status, message, more }: ControlError): Response =>
  Response.json({ error: message, ...more }, { status });
