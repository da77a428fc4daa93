/**
 * The network as a function sees it: refusals of the sandbox are in Node's words.
 * @module
 */
import dns from "node:dns";
import net from "node:net";
import { isRefusal, refusedConnection } from "./refusals.mjs";

/** Changes `fetch`, `WebSocket`, `node:net` and `node:dns` for this process. */
export function installNetwork() {
  const destroy = net.Socket.prototype.destroy;
  net.Socket.prototype.destroy = function (error, ...rest) {
    return destroy.call(this, refusedConnection(error), ...rest);
  };
  const listen = net.Server.prototype.listen;
  net.Server.prototype.listen = function (...args) {
    try {
      return listen.apply(this, args);
    } catch (error) {
      throw refusedConnection(error);
    }
  };
  const lookup = dns.lookup;
  dns.lookup = (host, ...rest) => {
    const callback = rest.at(-1);
    if (typeof callback !== "function") return lookup(host, ...rest);
    const told = (error, ...found) => callback(error && refusedLookup(host, error), ...found);
    try {
      return lookup(host, ...rest.slice(0, -1), told);
    } catch (error) {
      queueMicrotask(() => told(error));
    }
  };
  installFetch();
  installWebSocket();
}

function refusedLookup(host, error) {
  if (!isRefusal(error)) return error;
  const refused = new Error(`getaddrinfo ENOTFOUND ${host}`);
  const known = { errno: -3008, code: "ENOTFOUND", syscall: "getaddrinfo", hostname: host };
  return Object.assign(refused, known);
}

/** Node's fetch says "fetch failed" of every failure on the way; the reason is its cause. */
function installFetch() {
  const original = globalThis.fetch;
  globalThis.fetch = async function fetch(...args) {
    try {
      return await original(...args);
    } catch (error) {
      if (error instanceof TypeError && /^Invalid URL/.test(error.message)) {
        throw new TypeError(`Failed to parse URL from ${args[0]}`, { cause: error });
      }
      if (isRefusal(error)) {
        throw new TypeError("fetch failed", { cause: refusedConnection(error) });
      }
      if (!(error instanceof TypeError) || !/sending request|^Fetch failed/.test(error.message)) {
        throw error;
      }
      throw new TypeError("fetch failed", { cause: connectionFailure(error, args[0]) });
    }
  };
}

function connectionFailure(error, target) {
  const { host } = new URL(target?.url ?? target);
  const code = /refused/.test(error.message) ? "ECONNREFUSED" : "ECONNRESET";
  return Object.assign(new Error(`connect ${code} ${host}`), { code, syscall: "connect" });
}

function installWebSocket() {
  const original = globalThis.WebSocket;
  globalThis.WebSocket = new Proxy(original, {
    construct(target, args, newTarget) {
      try {
        return Reflect.construct(target, args, newTarget);
      } catch (error) {
        throw refusedConnection(error);
      }
    },
  });
}
