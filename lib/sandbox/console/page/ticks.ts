/**
 * The event stream: read with `fetch`, since an `EventSource` can't send the token. It is opened again
 * whenever it ends.
 * @module
 */

import type { RequestView, StreamView, Tick } from "../shapes.ts";
import { ApiError, ask } from "./api.ts";

/** What the page knows of the sandbox. */
export interface World {
  readonly tick: Tick;
  /** When the tick came, by the page's clock: times between ticks are counted from it. */
  readonly cameMs: number;
  readonly requests: readonly RequestView[];
  /** By {@linkcode streamId}: records put, second by second, newest last. */
  readonly rates: ReadonlyMap<string, Rate>;
}

/** How fast records come. */
export interface Rate {
  readonly recordsNow: number;
  /** Records in each of the last seconds, the oldest first. */
  readonly seconds: readonly number[];
}

export type Connection = "connecting" | "live" | "ended";

/** What becomes of the connection. */
export interface Listener {
  readonly onWorld: (world: World) => void;
  readonly onConnection: (connection: Connection) => void;
  /** The token is missing or wrong: nothing more comes. */
  readonly onRefused: (reason: string) => void;
}

const REQUESTS_KEPT = 300;
const SECONDS_KEPT = 60;
const PAUSE_MS = 1_000;

/** Identifies a stream on the page. */
export const streamId = ({ place, name }: StreamView) =>
  `${place.accountId} ${place.region} ${name}`;

/** Listens until `signal` is aborted. */
export async function listen(listener: Listener, signal: AbortSignal): Promise<void> {
  const memory = new Memory();
  while (!signal.aborted) {
    try {
      const { body } = await ask("console/events", { signal });
      listener.onConnection("live");
      for await (const tick of ticksIn(body)) listener.onWorld(memory.add(tick));
    } catch (error) {
      const isRefused = error instanceof ApiError && (error.status === 401 || error.status === 403);
      if (isRefused) return listener.onRefused(error.status === 401 ? "" : error.message);
      if (signal.aborted) return;
    }
    listener.onConnection("ended");
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    // What another sandbox counts has nothing to do with it.
    memory.clear();
  }
}

async function* ticksIn(body: ReadableStream<Uint8Array> | null): AsyncGenerator<Tick> {
  const reader = body?.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  while (reader) {
    const { done, value } = await reader.read();
    if (done) return;
    const events = (rest + decoder.decode(value, { stream: true })).split("\n\n");
    rest = events.pop() ?? "";
    for (const event of events) {
      if (event.startsWith("data: ")) yield JSON.parse(event.slice("data: ".length));
    }
  }
}

/** What is kept from tick to tick. */
class Memory {
  #requests: RequestView[] = [];
  readonly #counts = new Map<string, Count[]>();

  add(tick: Tick): World {
    const fresh = new Map(tick.requests.map((request) => [request.id, request]));
    const kept = this.#requests.map((request) => {
      const changed = fresh.get(request.id);
      fresh.delete(request.id);
      return changed ?? request;
    });
    this.#requests = [...kept, ...fresh.values()].slice(-REQUESTS_KEPT);
    const rates = tick.streams.map((stream): [string, Rate] => {
      const id = streamId(stream);
      const counts = [...this.#counts.get(id) ?? [], { atMs: tick.nowMs, records: stream.records }];
      const since = tick.nowMs - SECONDS_KEPT * 1000;
      this.#counts.set(id, counts.filter(({ atMs }) => atMs > since));
      return [id, rateOf(counts, tick.nowMs)];
    });
    const requests = this.#requests.toReversed();
    return { tick, cameMs: performance.now(), requests, rates: new Map(rates) };
  }

  clear(): void {
    this.#requests = [];
    this.#counts.clear();
  }
}

interface Count {
  readonly atMs: number;
  readonly records: number;
}

const RATE_MS = 2_000;

function rateOf(counts: readonly Count[], nowMs: number): Rate {
  const seconds = new Array<number>(SECONDS_KEPT).fill(0);
  for (const [index, { atMs, records }] of counts.entries()) {
    if (index === 0) continue;
    const place = SECONDS_KEPT - 1 - Math.floor((nowMs - atMs) / 1000);
    if (place >= 0) seconds[place] += records - counts[index - 1].records;
  }
  const first = counts.findLast(({ atMs }) => atMs <= nowMs - RATE_MS) ?? counts[0];
  const last = counts[counts.length - 1];
  const tookMs = Math.max(last.atMs - first.atMs, 1);
  const recordsNow = counts.length < 2 ? 0 : (last.records - first.records) / tookMs * 1000;
  return { recordsNow, seconds };
}
