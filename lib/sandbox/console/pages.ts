/**
 * The console under `/_sandbox/console`: the page, its event stream, and the JSON that it reads. The
 * page itself is for everybody on this machine; everything with data needs the owner's token.
 * @module
 */

import type { Clock } from "../clock.ts";
import { ControlError, errorAnswer } from "../control/control_error.ts";
import type { IncomingRequest } from "../http/incoming.ts";
import type { Arrival } from "../http/strangers.ts";
import { asset } from "./assets.ts";
import type { ConsoleRegion } from "./console_region.ts";
import type { Events } from "./events.ts";
import { logPage } from "./log_events.ts";
import { objectPage, objectsPage } from "./objects.ts";
import { search, SEARCH_LIMITS } from "./search.ts";
import { wayOf } from "./way.ts";

/** What the pages read. */
export interface ConsolePagesParts {
  readonly events: Events;
  readonly regions: () => readonly ConsoleRegion[];
  readonly clock: Clock;
  /** Throws a {@linkcode ControlError} unless the request is the owner's. */
  readonly checkAuthority: (incoming: IncomingRequest) => void;
  readonly onInternalError: (error: unknown, what: string) => void;
}

const ROOT = "/_sandbox/console";
const WORD_CHARACTERS_MAX = 1_000;

/** Answers requests for the console; undefined for any other path. */
export function consolePages(
  parts: ConsolePagesParts,
): (incoming: IncomingRequest, arrival: Arrival) => Promise<Response> | undefined {
  return (incoming, arrival) => {
    const { rawPath } = incoming;
    if (rawPath !== ROOT && !rawPath.startsWith(`${ROOT}/`)) return undefined;
    return answer(incoming, arrival, parts);
  };
}

async function answer(
  incoming: IncomingRequest,
  arrival: Arrival,
  parts: ConsolePagesParts,
): Promise<Response> {
  try {
    if (incoming.method !== "GET") throw new ControlError(405, "The console answers GET only.");
    const name = incoming.rawPath.slice(ROOT.length + 1);
    const file = await asset(name === "" ? "index.html" : name);
    if (file) return file;
    const data = Object.hasOwn(DATA, name) ? DATA[name] : undefined;
    if (!data) throw new ControlError(404, `The console has no page ${name}.`);
    if (arrival !== "direct") throw new ControlError(403, "Pages of other sites may not ask.");
    parts.checkAuthority(incoming);
    const found = await data(incoming, parts);
    const headers = { "cache-control": "no-store", "x-content-type-options": "nosniff" };
    return found instanceof Response ? found : Response.json(found, { headers });
  } catch (error) {
    if (error instanceof ControlError) return errorAnswer(error);
    parts.onInternalError(error, "a page of the console");
    return errorAnswer(new ControlError(500, "The console failed; the sandbox's log says why."));
  }
}

type Data = (incoming: IncomingRequest, parts: ConsolePagesParts) => unknown;

const DATA: Readonly<Record<string, Data>> = {
  events: (_, { events }) => events.open(),
  search: ({ query }, { regions, clock }) => {
    const word = wanted(query, "q").trim();
    if (word === "" || word.length > WORD_CHARACTERS_MAX) {
      throw new ControlError(400, `q takes 1 to ${WORD_CHARACTERS_MAX} characters.`);
    }
    const nowMs = () => clock.nowMs();
    return search(word, { regions: regions(), nowMs, limits: SEARCH_LIMITS });
  },
  way: ({ query }, { regions }) => {
    const spot = { seq: whole(query, "seq"), record: whole(query, "record") };
    return wayOf(spot, regionOf(query, regions()));
  },
  objects: ({ query }, { regions }) => {
    const { s3, bucket } = bucketOf(query, regions());
    const prefix = query.get("prefix") ?? "";
    return objectsPage(s3, { bucket, prefix, after: query.get("after") ?? undefined });
  },
  object: ({ query }, { regions }) => {
    const { s3, bucket } = bucketOf(query, regions());
    const key = wanted(query, "key");
    const object = s3.findObject(bucket, key);
    if (!object) throw new ControlError(404, "This object is not in the bucket any more.");
    return objectPage(s3, bucket, object, query.has("from") ? whole(query, "from") : 1);
  },
  logs: ({ query }, { regions, clock }) => {
    const { logs } = regionOf(query, regions());
    const group = logs.groups.find(wanted(query, "group"));
    if (!group) throw new ControlError(404, "This log group does not exist any more.");
    return logPage(logs, group, clock.nowMs());
  },
};

function wanted(query: URLSearchParams, name: string): string {
  const value = query.get(name);
  if (value === null) throw new ControlError(400, `The page needs ${name} in its address.`);
  return value;
}

function whole(query: URLSearchParams, name: string): number {
  const value = Number(wanted(query, name));
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new ControlError(400, `${name} takes a whole number.`);
}

function regionOf(query: URLSearchParams, regions: readonly ConsoleRegion[]): ConsoleRegion {
  const [accountId, name] = [wanted(query, "account"), wanted(query, "region")];
  const region = regions.find(({ place }) =>
    place.accountId === accountId && place.region === name
  );
  if (!region) throw new ControlError(404, `Nothing is in ${name} of account ${accountId}.`);
  return region;
}

function bucketOf(query: URLSearchParams, regions: readonly ConsoleRegion[]) {
  const bucket = wanted(query, "bucket");
  const region = regions.find(({ s3 }) => s3.bucketExists(bucket));
  if (!region) throw new ControlError(404, `There is no bucket ${bucket}.`);
  return { s3: region.s3, bucket };
}
