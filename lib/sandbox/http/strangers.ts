/**
 * Who may ask at all: programs on this machine. A foreign Host is DNS rebinding; a page in a browser
 * may open a signed address, and nothing else. Browsers say what a request is for in `Sec-Fetch-*`,
 * which no page can forge: https://www.w3.org/TR/fetch-metadata/.
 * @module
 */

import { AwsError } from "../errors.ts";
import type { IncomingRequest } from "./incoming.ts";

/** The hosts that a sandbox answers to. */
export interface OwnHosts {
  /** The port it listens on. */
  readonly port: number;
  /** Names besides its own, e.g. of a container; at any port. */
  readonly allowed: readonly string[];
}

/**
 * How a request came: `direct`, or `followed link`, which means that a page of another origin led
 * a person to a signed address. The signature must then be verified, also with `--open`.
 */
export type Arrival = "direct" | "followed link";

/** How a request came, or the error with which it is refused. */
export function arrivalOf(incoming: IncomingRequest, hosts: OwnHosts): Arrival | AwsError {
  const { headers } = incoming;
  const host = headers.get("host") ?? "";
  if (!isOwnHost(host, hosts)) return foreignHost(host, hosts.port);
  const origin = headers.get("origin");
  if (origin !== null && !isOwnPage(incoming, origin, host)) {
    return refused(`The sandbox does not answer pages of ${origin}.`);
  }
  const site = headers.get("sec-fetch-site");
  if (site === null && isSilentBrowser(incoming)) {
    return refused("The sandbox takes no call from the address bar or a page of a browser.");
  }
  if (site === null || site === "none" || site === "same-origin") return "direct";
  if (isFollowedLink(incoming) && carriesSignature(incoming)) return "followed link";
  return refused(
    "The sandbox does not answer pages of other sites: they may lead to a signed address only.",
  );
}

/** Whether a browser will show the answer as a page, in a window or a frame. */
export function isForDisplay(
  { method, headers }: Pick<IncomingRequest, "method" | "headers">,
): boolean {
  // A form that is posted has an Origin, and is refused.
  if (method !== "GET") return false;
  const destination = headers.get("sec-fetch-dest");
  // Browsers that do not say it ask for HTML by name, but not in an <embed> or an <object>.
  if (destination === null) {
    return isBrowser(headers) || (headers.get("accept")?.includes("text/html") ?? false);
  }
  return /^(document|i?frame|fencedframe|embed|object)$/.test(destination);
}

/**
 * Whether a page of the sandbox asks for another one: only its console does. Objects of S3 are shown
 * with an origin that is nobody's, so that no script in a bucket can be taken for it.
 */
function isOwnPage({ rawPath }: IncomingRequest, origin: string, host: string): boolean {
  return rawPath.startsWith("/_sandbox/") && /^https?:\/\//.test(origin) &&
    origin.replace(/^https?:\/\//, "") === host.toLowerCase();
}

/**
 * Whether a browser asks for an operation by an address alone, and does not say for which page. Browsers
 * leave `Sec-Fetch-*` out for plain HTTP to another name than this machine's (`--allow-host`,
 * `--listen`), and an image in a page sends no Origin. No other address changes anything by a GET.
 */
function isSilentBrowser({ headers, query }: IncomingRequest): boolean {
  return query.has("Action") && isBrowser(headers);
}

/** By the name that all browsers give themselves; no SDK and no command line does. */
const isBrowser = (headers: Headers) => /^Mozilla\//.test(headers.get("user-agent") ?? "");

const LOOPBACK_NAMES: readonly string[] = ["127.0.0.1", "localhost", "[::1]"];

function isOwnHost(host: string, { port, allowed }: OwnHosts): boolean {
  if (host === `127.0.0.1:${port}`) return true; // most requests
  const [, name = "", given] = /^(.*?)(?::(\d+))?$/.exec(host.toLowerCase()) ?? [];
  if (allowed.some((own) => name === own || name.endsWith(`.${own}`))) return true;
  const isLoopback = LOOPBACK_NAMES.includes(name) || name.endsWith(".localhost");
  return isLoopback && (given === undefined || given === `${port}`);
}

function foreignHost(host: string, port: number): AwsError {
  return refused(
    `The sandbox answers to 127.0.0.1:${port} and localhost:${port} only, not to "${host}". ` +
      "Start it with --allow-host NAME to let it answer to another name.",
  );
}

/** A person's click in a page: the answer replaces that page. No image, frame or script. */
function isFollowedLink({ method, headers }: IncomingRequest): boolean {
  return (method === "GET" || method === "HEAD") &&
    headers.get("sec-fetch-mode") === "navigate" && headers.get("sec-fetch-dest") === "document";
}

/**
 * Whether the address has a signature: of version 4, of version 2, or of the sandbox's own links. The
 * console's page needs none: it holds no data and asks for the token.
 */
function carriesSignature({ query, rawPath }: IncomingRequest): boolean {
  if (rawPath === "/_sandbox/console") return true;
  if (rawPath.startsWith("/_sandbox/")) return query.has("signature");
  return query.has("X-Amz-Signature") || query.has("Signature");
}

const refused = (message: string) => new AwsError("Forbidden", 403, message);
