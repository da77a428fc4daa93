/**
 * `process.env` as an object of the function. The engine that runs it does not read this object, so
 * that a function cannot set a proxy for the engine, or the folder of its cache.
 * @module
 */

/** An object that keeps texts, as Node's own `process.env` does. */
export function ownEnvironment(variables) {
  return new Proxy({ ...variables }, {
    set: (kept, name, value) => define(kept, name, value),
    defineProperty: (kept, name, { value }) => define(kept, name, value),
  });
}

function define(kept, name, value) {
  if (typeof name === "symbol" || typeof value === "symbol") {
    throw new TypeError("Cannot convert a Symbol value to a string");
  }
  return Reflect.defineProperty(kept, name, {
    value: String(value),
    configurable: true,
    enumerable: true,
    writable: true,
  });
}
