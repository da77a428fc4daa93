/**
 * The console under `/_sandbox/console`: the page, its event stream, and the JSON that it reads. The
 * page itself is for everybody on this machine; everything with data needs the owner's token, which
 * the page gets for the code in its address (`code_pages.ts`).
 * @module
 */

import type { Clock } from "../clock.ts";
import { ControlError, errorAnswer } from "../control/control_error.ts";
import { readBody } from "../control/input.ts";
import { AwsError } from "../errors.ts";
import type { IncomingRequest } from "../http/incoming.ts";
import type { Arrival } from "../http/strangers.ts";
import { asset } from "./assets.ts";
import { CODE_PAGES, type CodePage, type CodePagesParts, CONSOLE_ROOT } from "./code_pages.ts";
import type { ConsoleRegion } from "./console_region.ts";
import type { Events } from "./events.ts";
import { failedPage } from "./failed.ts";
import { logPage } from "./log_events.ts";
import { objectPage, objectsPage } from "./objects.ts";
import { search, SEARCH_LIMITS } from "./search.ts";
import { wayOf } from "./way.ts";

/** What the pages read. */
export interface ConsolePagesParts extends CodePagesParts {
  readonly events: Events;
  readonly regions: () => readonly ConsoleRegion[];
  readonly clock: Clock;
  readonly onInternalError: (error: unknown, what: string) => void;
}

const WORD_CHARACTERS_MAX = 1_000;

/** Answers a request for a path under {@linkcode CONSOLE_ROOT}. */
export async function answerPage(
  incoming: IncomingRequest,
  arrival: Arrival,
  parts: ConsolePagesParts,
): Promise<Response> {
  try {
    const name = incoming.rawPath.slice(CONSOLE_ROOT.length + 1);
    const isFile = incoming.method === "GET";
    const file = isFile ? await asset(name === "" ? "index.html" : name) : undefined;
    if (file) return file;
    const page = pageFor(incoming.method, name);
    if (arrival !== "direct") throw new ControlError(403, "Pages of other sites may not ask.");
    const found = await page(incoming, parts);
    const headers = { "cache-control": "no-store", "x-content-type-options": "nosniff" };
    return found instanceof Response ? found : Response.json(found, { headers });
  } catch (error) {
    const { request } = incoming;
    if (request.body && !request.bodyUsed) await request.body.cancel().catch(() => {});
    if (error instanceof ControlError) return errorAnswer(error);
    if (error instanceof AwsError) {
      return errorAnswer(new ControlError(error.status, error.message));
    }
    parts.onInternalError(error, "a page of the console");
    return errorAnswer(new ControlError(500, "The console failed; the sandbox's log says why."));
  }
}

/** Throws a {@linkcode ControlError} for a page that is not there, and for another method than its own. */
function pageFor(method: string, name: string): Data {
  const [isData, isCode] = [DATA, CODE_PAGES].map((pages) => Object.hasOwn(pages, name));
  if (!isData && !isCode) throw new ControlError(404, `The console has no page ${name}.`);
  const own = isData ? "GET" : "POST";
  if (method !== own) throw new ControlError(405, `This page answers ${own}, not ${method}.`);
  return isData ? forOwner(DATA[name]) : withBody(CODE_PAGES[name]);
}

const NO_BODY = new Uint8Array();

const forOwner = (data: Data): Data => (incoming, parts) => {
  parts.checkAuthority(incoming, NO_BODY);
  return data(incoming, parts);
};

const withBody = (page: CodePage): Data => async (incoming, parts) =>
  page(incoming, await readBody(incoming.request), parts);

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
  failed: ({ query }, { regions, clock }) => {
    const region = regionOf(query, regions());
    const name = wanted(query, "stream");
    const stream = region.firehose.streams().find((one) => one.name === name);
    if (!stream) throw new ControlError(404, "This stream does not exist any more.");
    return failedPage(stream, region, clock.nowMs());
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
