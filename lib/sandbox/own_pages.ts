/**
 * Pages of the sandbox itself: `/_sandbox/health`, what services have links to, and
 * `/_localstack/health` in the form that start scripts made for LocalStack poll.
 * @module
 */

import { VERSION } from "./version.ts";

/** LocalStack's names of services, where they are not the signing name. */
const LOCALSTACK_NAMES: Readonly<Record<string, string>> = { monitoring: "cloudwatch" };

/** A page, or undefined where the path is not its own. */
export type Page = (path: string, query: URLSearchParams) => Promise<Response> | undefined;

/**
 * Answers for `services` (signing names). `details` resolves when all is ready, with what
 * `/_sandbox/health` says besides; `linked` has what services give links to.
 */
export function ownPages(
  services: readonly string[],
  details: () => Promise<Readonly<Record<string, unknown>>>,
  linked: Page,
): (method: string, path: string, query: URLSearchParams) => Promise<Response> | undefined {
  const pages: Readonly<Record<string, () => Promise<Response>>> = {
    "/_sandbox/health": async () => {
      const more = await details();
      return Response.json({
        sandbox: "firehose-lab",
        ready: true,
        version: VERSION,
        services,
        ...more,
      });
    },
    "/_localstack/health": async () => {
      await details();
      const states = services.map((name) => [LOCALSTACK_NAMES[name] ?? name, "running"]);
      const body = {
        services: Object.fromEntries(states),
        edition: "firehose-lab",
        version: VERSION,
      };
      // Scripts look for `"s3": "running"`, with the blank that Python's json puts there.
      const text = JSON.stringify(body, undefined, 1).replace(/\n */g, " ");
      return new Response(text, { headers: { "content-type": "application/json" } });
    },
  };
  return (method, path, query) => {
    if (method !== "GET" && method !== "HEAD") return undefined;
    return Object.hasOwn(pages, path) ? pages[path]() : linked(path, query);
  };
}
