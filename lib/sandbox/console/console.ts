/**
 * The console: a page that shows where every record is. This is its side in the server: it watches the
 * delivery streams, remembers the last requests, and answers the page.
 * @module
 */

import type { Clock } from "../clock.ts";
import type { Answered } from "../http/answered.ts";
import { Activity } from "./activity.ts";
import type { ConsoleRegion } from "./console_region.ts";
import { Events } from "./events.ts";
import { consolePages, type ConsolePagesParts } from "./pages.ts";
import { RequestLog } from "./request_log.ts";

/** What the console is made of. */
export interface ConsoleParts
  extends Pick<ConsolePagesParts, "checkAuthority" | "onInternalError"> {
  readonly clock: Clock;
  readonly speed: number;
  /** The open regions of all accounts, with the console's own {@linkcode Console.activity}. */
  readonly regions: () => readonly Omit<ConsoleRegion, "activity">[];
}

/** Watches a sandbox from its start; {@linkcode Console.open} makes the pages. */
export class Console {
  readonly #requests = new RequestLog();
  readonly #activities = new Map<string, Activity>();
  #events: Events | undefined;

  /** Receives every answer of the front door. */
  readonly answered = (answer: Answered): void => this.#requests.add(answer);

  /** What watches the streams of a region. */
  activity(accountId: string, region: string): Activity {
    const id = `${accountId} ${region}`;
    const activity = this.#activities.get(id) ?? new Activity();
    this.#activities.set(id, activity);
    return activity;
  }

  /** The pages, which answer from now on. */
  open(parts: ConsoleParts): ReturnType<typeof consolePages> {
    const regions = () =>
      parts.regions().map((region) => ({
        ...region,
        activity: this.activity(region.place.accountId, region.place.region),
      }));
    const events = new Events({ ...parts, regions, requests: this.#requests });
    this.#events = events;
    return consolePages({ ...parts, regions, events });
  }

  /** Ends the event streams of open pages. */
  stop(): void {
    this.#events?.stop();
  }
}
