/**
 * Pages of the sandbox itself: `/_sandbox/health`, the links that services give, and
 * `/_localstack/health` in the form that start scripts written for LocalStack poll.
 * @module
 */

import type { IncomingRequest } from "./http/incoming.ts";
import { VERSION } from "./version.ts";

/** LocalStack's names of services, if they differ from the signing name. */
const LOCALSTACK_NAMES: Readonly<Record<string, string>> = { monitoring: "cloudwatch" };

/** A page's answer; undefined for a path that is not its own. */
export type Page = (path: string, query: URLSearchParams) => Promise<Response> | undefined;

/**
 * The pages of a sandbox with `services` (signing names). `details` resolves once everything is
 * ready, with the other members of `/_sandbox/health`; `linked` answers the links that services give.
 */
export function ownPages(
  services: readonly string[],
  details: (query: URLSearchParams) => Promise<Readonly<Record<string, unknown>>>,
  linked: Page,
): (incoming: IncomingRequest) => Promise<Response> | undefined {
  const pages: Readonly<Record<string, (query: URLSearchParams) => Promise<Response>>> = {
    "/_sandbox/health": async (query) => {
      const more = await details(query);
      return Response.json({
        sandbox: "firehose-lab",
        ready: true,
        version: VERSION,
        services,
        ...more,
      });
    },
    "/_localstack/health": async (query) => {
      await details(query);
      const states = services.map((name) => [LOCALSTACK_NAMES[name] ?? name, "running"]);
      const body = {
        services: Object.fromEntries(states),
        edition: "firehose-lab",
        version: VERSION,
      };
      // Scripts search for `"s3": "running"`, with the space that Python's json writes.
      const text = JSON.stringify(body, undefined, 1).replace(/\n */g, " ");
      return new Response(text, { headers: { "content-type": "application/json" } });
    },
  };
  return ({ method, rawPath, query }) => {
    if (method !== "GET" && method !== "HEAD") return undefined;
    return Object.hasOwn(pages, rawPath) ? pages[rawPath](query) : linked(rawPath, query);
  };
}
