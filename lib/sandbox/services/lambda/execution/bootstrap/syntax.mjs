/**
 * Errors of loading in the words of Node, where Deno has its own.
 * @module
 */

const DENO_PARSE = /^The module's source code could not be parsed: /;
/** Where Deno says at the end of a message what Node says in the stack. */
const PLACE = / at file:\/\/\S+:\d+:\d+$/;
/** Names that CommonJS has and an ES module has not. */
const COMMON_NAME = /^(require|exports|module|__filename|__dirname) is not defined$/;

/** The `SyntaxError` that Node would throw where `error` is one, else undefined. */
export function syntaxErrorOf(error) {
  const message = error?.message ?? "";
  if (!(error instanceof SyntaxError) && !DENO_PARSE.test(message)) return undefined;
  const [first] = message.replace(DENO_PARSE, "").split("\n");
  return new SyntaxError(first.replace(PLACE, ""));
}

/** Adds what Node says to an ES module that takes itself for CommonJS. */
export function explainScope(error) {
  if (!(error instanceof ReferenceError) || !COMMON_NAME.test(error.message)) return;
  const told = `${error.message} in ES module scope, you can use import instead`;
  error.stack = error.stack.replace(error.message, told);
  error.message = told;
}
