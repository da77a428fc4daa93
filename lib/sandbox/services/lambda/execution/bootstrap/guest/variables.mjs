/**
 * `process.env` as an object of the function: what it sets there reaches no one else, not even
 * the engine that runs it. An engine takes orders from variables: a proxy for every connection, or
 * where to write.
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
