/**
 * What jq-web needs to find different in its thread; only ever imported there.
 * @module
 */

/** How large jq may grow. A batch takes some 10 MiB. */
const MEMORY_BYTES_MAX = 256 * 1024 * 1024;
const PAGE_BYTES = 64 * 1024;

let memory: WebAssembly.Memory | undefined;

/** Bytes that jq occupies; 0 before it first asked for more than it begins with. */
export const memoryBytes = (): number => memory?.buffer.byteLength ?? 0;

/** Changes globals of the thread. */
export function beforeLoading(): void {
  limitMemory();
  liveInUtc();
  // What jq prints on standard error comes with the error too.
  console.warn = () => {};
  console.error = () => {};
}

function limitMemory(): void {
  const grow = WebAssembly.Memory.prototype.grow;
  WebAssembly.Memory.prototype.grow = function (pages: number): number {
    memory = this;
    if (this.buffer.byteLength + pages * PAGE_BYTES > MEMORY_BYTES_MAX) {
      throw new RangeError(`jq may not grow over ${MEMORY_BYTES_MAX} bytes`);
    }
    return grow.call(this, pages);
  };
}

/** Local time is UTC, wherever the sandbox runs: `strptime` goes through `Date`'s local time. */
function liveInUtc(): void {
  const utc = Date.prototype;
  Object.assign(utc, {
    getFullYear: utc.getUTCFullYear,
    getMonth: utc.getUTCMonth,
    getDate: utc.getUTCDate,
    getDay: utc.getUTCDay,
    getHours: utc.getUTCHours,
    getMinutes: utc.getUTCMinutes,
    getSeconds: utc.getUTCSeconds,
    getTimezoneOffset: () => 0,
  });
  globalThis.Date = new Proxy(Date, {
    construct: (date, parts) =>
      Reflect.construct(date, parts.length > 1 ? [Reflect.apply(date.UTC, date, parts)] : parts),
  });
}
