/**
 * The three ways of calling a handler: as nodejs24.x does, as older runtimes do, and with a stream.
 * @module
 */
import process from "node:process";
import { RuntimeFault } from "./faults.mjs";
import { ResponseStream } from "./response_stream.mjs";

/** Calls a handler as nodejs24.x does; resolves with its result. */
export async function callModern(handler, event, context) {
  const result = await handler(event, context);
  await new Promise((resolve) => setImmediate(resolve));
  return result;
}

/**
 * Calls a handler as nodejs22.x and older do: the first of promise, callback and exception counts.
 * A value given to the callback waits for an empty event loop; null answers if nothing else does.
 */
export function callClassic(handler, event, context) {
  let resolve, reject;
  // Promise.withResolvers() came with Node 22.
  const promise = new Promise((...both) => [resolve, reject] = both);
  let waits = true;
  let isFinished = false;
  let whenEmpty = () => resolve(null);
  const onEmpty = () => whenEmpty();
  const done = (error, value) => isNothing(error) ? resolve(value) : reject(error);
  const first = (act) => (...args) => {
    if (isFinished) return;
    isFinished = true;
    act(...args);
  };
  const callback = first((error, value) => {
    if (!isNothing(error) || !waits) return done(error, value);
    whenEmpty = () => setImmediate(() => resolve(value));
  });
  const methods = {
    succeed: first((value) => done(null, value)),
    fail: first((error) => reject(error ?? "handled")),
    done: first(done),
  };
  Object.defineProperty(context, "callbackWaitsForEmptyEventLoop", {
    enumerable: true,
    get: () => waits,
    set: (value) => waits = value,
  });
  Object.assign(context, methods);
  process.on("beforeExit", onEmpty);
  try {
    const returned = handler(event, context, callback);
    if (typeof returned?.then === "function") returned.then(methods.succeed, methods.fail);
  } catch (error) {
    callback(error);
  }
  return promise.finally(() => process.removeListener("beforeExit", onEmpty));
}

const isNothing = (error) => error === undefined || error === null;

/** Calls a streaming handler; resolves with what it wrote, and the error that ended it if any. */
export async function callStreaming(handler, event, context) {
  const stream = new ResponseStream();
  const finished = new Promise((resolve, reject) => {
    stream.on("finish", resolve);
    stream.on("error", reject);
  });
  finished.catch(() => {});
  // A stream that is never ended lasts until the function's time is over.
  const alive = setInterval(() => {}, 60_000);
  try {
    const returned = handler(event, stream, context);
    if (typeof returned?.then !== "function") {
      throw "Streaming does not support non-async handlers.";
    }
    if (await returned !== undefined) console.warn("Streaming handlers ignore return values.");
    await finished;
    return { body: stream.collected() };
  } catch (error) {
    return { body: stream.collected(), error };
  } finally {
    clearInterval(alive);
  }
}

/** The text of a result, as it is posted. */
export function textOf(value, isModern) {
  let text;
  try {
    text = JSON.stringify(value === undefined ? null : value);
  } catch {
    throw new RuntimeFault(
      isModern ? "Runtime.JSONStringifyError" : "Error",
      "Unable to stringify response body",
    );
  }
  // A function or a symbol has no JSON: nothing is posted, as AWS's clients do.
  return text ?? "";
}
