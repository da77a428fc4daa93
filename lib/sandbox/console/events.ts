/**
 * The console's event stream: four times a second at most, how everything stands. However many puts
 * come, a page gets one message for all of them, and nothing is gathered while no page is open.
 * https://html.spec.whatwg.org/multipage/server-sent-events.html
 * @module
 */

import type { Clock } from "../clock.ts";
import type { ConsoleRegion } from "./console_region.ts";
import type { RequestLog } from "./request_log.ts";
import type { Tick } from "./shapes.ts";
import { snapshot } from "./snapshot.ts";

const TICK_MS = 250;
/** Something is sent this often even if nothing changed, so that a page notices the end. */
const QUIET_MS = 5_000;
/** Pages that are open at the same time. */
export const PAGES_MAX = 20;

/** What the event stream reads. */
export interface EventsParts {
  readonly regions: () => readonly ConsoleRegion[];
  readonly requests: RequestLog;
  readonly clock: Clock;
  readonly speed: number;
  /** Ends all streams. */
  readonly ending: AbortSignal;
}

/** The open pages, and the timer that serves them all. */
export class Events {
  readonly #parts: EventsParts;
  readonly #pages = new Set<Page>();
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(parts: EventsParts) {
    this.#parts = parts;
    parts.ending.addEventListener("abort", () => {
      for (const page of [...this.#pages]) this.#close(page);
    });
  }

  /** The stream for one more page; 503 if there are too many, or if the sandbox is ending. */
  open(): Response {
    if (this.#parts.ending.aborted) {
      return Response.json({ error: "The sandbox is ending." }, { status: 503 });
    }
    if (this.#pages.size >= PAGES_MAX) {
      const error = `${PAGES_MAX} pages of the console are open: close one of them.`;
      return Response.json({ error }, { status: 503 });
    }
    let page: Page | undefined;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        page = { controller, version: 0, lastText: "", lastMs: 0 };
        this.#pages.add(page);
        this.#timer ??= setInterval(() => this.#tick(), TICK_MS);
        this.#send(page, this.#look());
      },
      cancel: () => this.#close(page),
    });
    const headers = { "content-type": "text/event-stream", "cache-control": "no-store" };
    return new Response(body, { headers });
  }

  #close(page: Page | undefined): void {
    if (!page || !this.#pages.delete(page)) return;
    try {
      page.controller.close();
    } catch {
      // The page has gone.
    }
    if (this.#pages.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #tick(): void {
    const seen = this.#look();
    for (const page of this.#pages) this.#send(page, seen);
  }

  #look(): Seen {
    const state = snapshot(this.#parts.regions());
    return { state, text: JSON.stringify(state) };
  }

  /** A page that reads slowly gets the next tick once it has read this one. */
  #send(page: Page, { state, text }: Seen): void {
    if ((page.controller.desiredSize ?? 0) <= 0) return;
    const { requests, clock, speed } = this.#parts;
    const nowMs = clock.nowMs();
    const fresh = requests.since(page.version);
    const isNews = text !== page.lastText || fresh.length > 0 || nowMs - page.lastMs >= QUIET_MS;
    if (!isNews) return;
    const tick: Tick = { nowMs, speed, ...state, requests: fresh };
    page.version = requests.version;
    page.lastText = text;
    page.lastMs = nowMs;
    page.controller.enqueue(new TextEncoder().encode(`data: ${JSON.stringify(tick)}\n\n`));
  }
}

interface Seen {
  readonly state: Omit<Tick, "nowMs" | "speed" | "requests">;
  readonly text: string;
}

interface Page {
  readonly controller: ReadableStreamDefaultController<Uint8Array>;
  /** Up to where it has the requests. */
  version: number;
  lastText: string;
  lastMs: number;
}
