/**
 * The control pages, under `/_sandbox/`: one row for each. They are for the sandbox's owner
 * (`authority.ts`), and answer JSON; errors are `{"error": "a sentence"}` with a status of 4xx.
 * @module
 */

import type { Accounts } from "../accounts.ts";
import type { AdvancingClock } from "../clock.ts";
import { AwsError } from "../errors.ts";
import type { Answered } from "../http/answered.ts";
import type { IncomingRequest } from "../http/incoming.ts";
import type { Arrival } from "../http/strangers.ts";
import type { Service } from "../operation.ts";
import type { Random } from "../random.ts";
import type { Activity } from "./activity.ts";
import { type AuthorityOptions, checkAuthority } from "./authority.ts";
import { ControlError, errorAnswer } from "./control_error.ts";
import { advance } from "./clock_page.ts";
import { readFault } from "./fault.ts";
import type { Faults } from "./faults.ts";
import { flush } from "./flush.ts";
import { readBody } from "./input.ts";
import { otherEmulatorsPage } from "./other_emulators.ts";
import { reset, resetWhat } from "./reset.ts";
import { stateOf } from "./state.ts";

/** What the pages act on. */
export interface ControlParts extends AuthorityOptions {
  readonly accounts: Accounts;
  readonly activity: Activity;
  readonly faults: Faults;
  /** The services of the home region: what faults can be put on. */
  readonly services: readonly Service[];
  readonly clock: AdvancingClock;
  readonly speed: number;
  /** Ends the sandbox, soon. */
  readonly stop: () => void;
  /** Aborted when the sandbox begins to end: no answer may wait any longer. */
  readonly ending: AbortSignal;
  /** For the ids of requests in the log. */
  readonly random: Random;
  /** Receives every answer but those to GET, which change nothing. */
  readonly onAnswer?: (answer: Answered) => void;
  /** Receives the sandbox's own errors. */
  readonly onInternalError: (error: unknown, what: string) => void;
}

/** A request to a page, whose owner is known. */
export interface ControlRequest {
  readonly incoming: IncomingRequest;
  readonly body: Uint8Array;
}

type Answer = (request: ControlRequest, parts: ControlParts) => Promise<Response>;

/** By path, then by method. */
const PAGES: Readonly<Record<string, Readonly<Record<string, Answer>>>> = {
  "/_sandbox/state": {
    GET: (_, parts) => Promise.resolve(Response.json(stateOf(parts))),
  },
  "/_sandbox/flush": {
    POST: async ({ body }, parts) => Response.json(await flush(body, parts)),
  },
  "/_sandbox/reset": {
    POST: async ({ body }, parts) => {
      await reset(body, parts);
      return Response.json({});
    },
  },
  "/_sandbox/clock": {
    POST: ({ body }, { clock }) => Promise.resolve(Response.json(advance(body, clock))),
  },
  "/_sandbox/faults": {
    POST: ({ body }, { faults, services }) => {
      const id = faults.put(readFault(body, services));
      return Promise.resolve(Response.json({ id }, { status: 201 }));
    },
    GET: (_, { faults }) => Promise.resolve(Response.json({ faults: faults.list() })),
    DELETE: (_, { faults }) => {
      faults.clear();
      return Promise.resolve(Response.json({}));
    },
  },
  "/_sandbox/faults/ID": {
    DELETE: ({ incoming }, { faults }) => {
      faults.remove(lastSegment(incoming.rawPath));
      return Promise.resolve(Response.json({}));
    },
  },
  "/_sandbox/stop": {
    POST: (_, { stop }) => {
      stop();
      return Promise.resolve(Response.json({}));
    },
  },
};

/** Answers requests under `/_sandbox/`, and those to pages of other emulators. */
export function controlPages(
  parts: ControlParts,
): (incoming: IncomingRequest, arrival: Arrival) => Promise<Response> | undefined {
  return (incoming, arrival) => {
    if (incoming.rawPath.startsWith("/_sandbox/")) return logged(incoming, arrival, parts);
    // A link in a page of another site leads to none of these.
    if (arrival !== "direct") return undefined;
    return otherEmulatorsPage(incoming, {
      isOpen: parts.isOpen,
      reset: () => resetWhat({}, parts),
    });
  };
}

/** A bucket that is gone after a reset is a riddle, unless the log says who emptied the sandbox. */
async function logged(
  incoming: IncomingRequest,
  arrival: Arrival,
  parts: ControlParts,
): Promise<Response> {
  const { method, rawPath: path } = incoming;
  const { clock, random, onAnswer } = parts;
  const head = { method, path, requestId: random.uuid(), atMs: clock.nowMs() };
  const beganMs = performance.now();
  const answer = await answered(incoming, arrival, parts);
  const { status } = answer;
  if (method !== "GET") onAnswer?.({ ...head, status, durationMs: performance.now() - beganMs });
  return answer;
}

async function answered(
  incoming: IncomingRequest,
  arrival: Arrival,
  parts: ControlParts,
): Promise<Response> {
  const { request, method, rawPath } = incoming;
  try {
    if (arrival !== "direct") throw new ControlError(403, "Pages of other sites may not ask.");
    const body = await readBody(request);
    checkAuthority(incoming, body, parts);
    return await pageFor(method, rawPath)({ incoming, body }, parts);
  } catch (error) {
    if (request.body && !request.bodyUsed) await request.body.cancel().catch(() => {});
    if (error instanceof ControlError) return errorAnswer(error);
    if (error instanceof AwsError) {
      return errorAnswer(new ControlError(error.status, error.message));
    }
    parts.onInternalError(error, `${method} ${rawPath}`);
    return errorAnswer(new ControlError(500, "The sandbox failed; its own log says why."));
  }
}

const lastSegment = (path: string) => path.slice(path.lastIndexOf("/") + 1);

function pageFor(method: string, rawPath: string): Answer {
  const path = rawPath.replace(/^\/_sandbox\/faults\/[^/]+$/, "/_sandbox/faults/ID");
  if (!Object.hasOwn(PAGES, path)) {
    throw new ControlError(
      404,
      `There is no page ${path}; there are ${Object.keys(PAGES).join(", ")}.`,
    );
  }
  const methods = PAGES[path];
  if (Object.hasOwn(methods, method)) return methods[method];
  throw new ControlError(405, `${path} answers ${Object.keys(methods).join(", ")}, not ${method}.`);
}
