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
function stackLines({ name, code, stack }) {
  const lines = stack.split("\n").filter((line) => !/^\s+at .*\bext:/.test(line));
  // Node's own errors name their code there; Deno's do so at times.
  const isNodes = typeof code === "string" && code.startsWith("ERR_");
  if (isNodes && lines[0].startsWith(`${name}: `)) {
    lines[0] = lines[0].replace(name, `${name} [${code}]`);
  }
  return lines;
}

/** Members of an error that the log shows; Deno's errors of Node have their own names. */
function ownMembers(error) {
  const { name, ...members } = error;
  const isClass = /^(Type|Range|Syntax)?Error$/.test(name ?? "");
  return name === undefined || isClass ? members : { name, ...members };
}

/** The error as the invoker gets it. */
export function payloadOf(error) {
  if (!isError(error)) {
    return { errorType: typeof error, errorMessage: String(error), trace: [] };
  }
  const clean = (text) => text.replaceAll("\x7f", "%7F");
  return {
    errorType: clean(error.name),
    errorMessage: clean(error.message),
    trace: stackLines(error).map(clean),
  };
}

/** The error as the log has it, in JSON: other keys than the payload has, `stack` among them. */
export function loggedError(error) {
  if (!isError(error)) return JSON.stringify(payloadOf(error));
  const fields = {
    errorType: error.name,
    errorMessage: error.message,
    code: error.code,
    ...ownMembers(error),
    stack: stackLines(error),
  };
  try {
    return JSON.stringify(fields);
  } catch {
    return JSON.stringify(payloadOf(error));
  }
}
