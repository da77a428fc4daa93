/**
 * Errors as a runtime reports them: to the invoker, and in the log.
 * @module
 */

/** An error of the runtime itself; `name` is AWS's, such as `Runtime.HandlerNotFound`. */
export class RuntimeFault extends Error {
  constructor(name, message) {
    super(message);
    this.name = name;
  }
}

const isError = (value) =>
  value !== null && typeof value === "object" && typeof value.name === "string" &&
  typeof value.message === "string" && typeof value.stack === "string";

/** The lines of a stack, without those inside of Deno, which Node does not have. */
const stackLines = (stack) => stack.split("\n").filter((line) => !/^\s+at .*\bext:/.test(line));

/** The error as the invoker gets it. */
export function payloadOf(error) {
  if (!isError(error)) {
    return { errorType: typeof error, errorMessage: String(error), trace: [] };
  }
  const clean = (text) => text.replaceAll("\x7f", "%7F");
  return {
    errorType: clean(error.name),
    errorMessage: clean(error.message),
    trace: stackLines(clean(error.stack)),
  };
}

/** The error as the log has it, in JSON: other keys than the payload has, `stack` among them. */
export function loggedError(error) {
  if (!isError(error)) return JSON.stringify(payloadOf(error));
  const fields = {
    errorType: error.name,
    errorMessage: error.message,
    code: error.code,
    ...error,
    stack: stackLines(error.stack),
  };
  try {
    return JSON.stringify(fields);
  } catch {
    return JSON.stringify(payloadOf(error));
  }
}
