/**
 * What a browser or Deno has and Node has not: taken away, so that a function finds what it finds
 * on AWS, and keeps nothing where another function could read it.
 * @module
 */

/** Where Deno's own modules say they are, in a stack. */
const INTERNAL = /^\s*at (?:.* \()?(?:ext:|node:)/;

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
 * need it (`process.exit` does), so that the answer depends on which code asks.
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
