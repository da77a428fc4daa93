/**
 * What a browser or Deno has and Node has not: taken away, so that a function finds what it finds
 * on AWS, and keeps nothing where another function could read it.
 * @module
 */

/** Gives the web's globals the words that they have in Node. */
export function wordGlobals() {
  globalThis.URL = new Proxy(URL, {
    construct(target, args, newTarget) {
      try {
        return Reflect.construct(target, args, newTarget);
      } catch {
        const error = new TypeError("Invalid URL");
        throw Object.assign(error, { code: "ERR_INVALID_URL", input: String(args[0]) });
      }
    },
  });
  const { abort } = AbortController.prototype;
  AbortController.prototype.abort = function (
    reason = new DOMException("This operation was aborted", "AbortError"),
  ) {
    abort.call(this, reason);
  };
  const { decode } = TextDecoder.prototype;
  TextDecoder.prototype.decode = function (...args) {
    try {
      return decode.apply(this, args);
    } catch (error) {
      if (!this.fatal || !/not valid/.test(error.message)) throw error;
      const told = new TypeError(`The encoded data was not valid for encoding ${this.encoding}`);
      throw Object.assign(told, { code: "ERR_ENCODING_INVALID_ENCODED_DATA" });
    }
  };
}

/** Where Deno's own modules say they are, in a stack: the last place in the line. */
const INTERNAL = /(?:\(|^\s*at )(?:ext:|node:)[^()]*\)?$|^\s*at eval \(eval at \w+ \(ext:/;

/** Stores that outlive an invocation, pages' dialogues, and the engine's own name. */
const FOREIGN = [
  "localStorage",
  "sessionStorage",
  "Storage",
  "caches",
  "Cache",
  "CacheStorage",
  "indexedDB",
  "Worker", // Node's is in node:worker_threads
  "alert",
  "confirm",
  "prompt",
  "location",
  "Location",
  "window",
  "Window",
  "self",
  "name",
  "closed",
  "close",
  "nodeBootstrap",
];

/** Removes them from the global object. `nodeVersion` is `22.20.0`. */
export function removeForeignGlobals(nodeVersion) {
  for (const name of FOREIGN) delete globalThis[name];
  hideDeno();
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    if (name.startsWith("GPU")) delete globalThis[name];
  }
  Object.defineProperty(globalThis, "navigator", {
    configurable: true,
    value: { userAgent: `Node.js/${nodeVersion.split(".")[0]}`, hardwareConcurrency: 2 },
  });
}

/**
 * Libraries ask for `Deno` to find out where they run, and should find Node. Deno's own modules
 * need it (`process.exit` does), so that the answer depends on which code asks. No right hangs on
 * it: a function that gets hold of it has the same permissions.
 */
function hideDeno() {
  const hidden = globalThis.Deno;
  Object.defineProperty(globalThis, "Deno", {
    configurable: true,
    enumerable: false,
    get: () => isAskedByDeno() ? hidden : undefined,
  });
}

function isAskedByDeno() {
  const { stackTraceLimit, prepareStackTrace } = Error;
  Object.assign(Error, { stackTraceLimit: 3, prepareStackTrace: undefined });
  const [, , , caller = ""] = new Error("asked").stack.split("\n");
  Object.assign(Error, { stackTraceLimit, prepareStackTrace });
  return INTERNAL.test(caller);
}
