/**
 * The console: a page that shows where every record is. This is its side in the server: it watches the
 * delivery streams, remembers the last requests, and answers the page.
 * @module
 */

import type { Clock } from "../clock.ts";
import type { Answered } from "../http/answered.ts";
import type { IncomingRequest } from "../http/incoming.ts";
import type { Arrival } from "../http/strangers.ts";
import { StreamWatch } from "./stream_watch.ts";
import type { ConsoleRegion } from "./console_region.ts";
import type { Events } from "./events.ts";
import { CONSOLE_ROOT, consolePath } from "./code_pages.ts";
import { Codes } from "./codes.ts";
import type { ConsolePagesParts } from "./pages.ts";
import { RequestLog } from "./request_log.ts";
import type { Random } from "../random.ts";

/** What the console is made of. */
export interface ConsoleParts
  extends Pick<ConsolePagesParts, "checkAuthority" | "onInternalError" | "token"> {
  readonly clock: Clock;
  readonly speed: number;
  /** Ends the event streams of open pages. */
  readonly ending: AbortSignal;
  /** The open regions of all accounts, with the console's own {@linkcode Console.watch}. */
  readonly regions: () => readonly Omit<ConsoleRegion, "watch">[];
}

/** Watches a sandbox from its start; {@linkcode Console.open} makes the pages. */
export class Console {
  readonly #requests = new RequestLog();
  readonly #watches = new Map<string, StreamWatch>();
  readonly #codes: Codes;
  #events: Events | undefined;

  /** `elapsedMs` is a clock that nobody sets. */
  constructor(random: Random, elapsedMs: () => number) {
    this.#codes = new Codes(random, elapsedMs);
  }

  /** The page's path with a new one-time code. */
  newPath(): string {
    return consolePath(this.#codes);
  }

  /** Receives every answer of the front door. */
  readonly answered = (answer: Answered): void => this.#requests.add(answer);

  /** What watches the streams of a region. */
  watch(accountId: string, region: string): StreamWatch {
    const id = `${accountId} ${region}`;
    const watch = this.#watches.get(id) ?? new StreamWatch();
    this.#watches.set(id, watch);
    return watch;
  }

  /** What answers requests for the console from now on; undefined for any other path. */
  open(
    parts: ConsoleParts,
  ): (incoming: IncomingRequest, arrival: Arrival) => Promise<Response> | undefined {
    const regions = () =>
      parts.regions().map((region) => ({
        ...region,
        watch: this.watch(region.place.accountId, region.place.region),
      }));
    return (incoming, arrival) => {
      const { rawPath } = incoming;
      if (rawPath !== CONSOLE_ROOT && !rawPath.startsWith(`${CONSOLE_ROOT}/`)) return undefined;
      return this.#answer(incoming, arrival, { ...parts, regions });
    };
  }

  /** Nobody looks at most sandboxes: without the pages, they hold 2 MiB less. */
  async #answer(
    incoming: IncomingRequest,
    arrival: Arrival,
    parts: Omit<ConsolePagesParts, "codes" | "events"> & ConsoleParts,
  ): Promise<Response> {
    const [{ answerPage }, { Events }] = await Promise.all([
      import("./pages.ts"),
      import("./events.ts"),
    ]);
    const events = this.#events ??= new Events({ ...parts, requests: this.#requests });
    return await answerPage(incoming, arrival, { ...parts, events, codes: this.#codes });
  }
}
