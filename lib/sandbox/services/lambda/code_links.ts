/**
 * Links to function packages, as GetFunction gives them. A link is valid for ten minutes, for anyone who
 * has it. On AWS it leads to a bucket of Lambda's; here it leads to the sandbox itself.
 * @module
 */

import { createHmac, timingSafeEqual } from "node:crypto";
import type { FunctionCode } from "./function.ts";
import type { Packages } from "./packages.ts";
import type { LambdaOptions } from "./options.ts";

const VALID_MS = 600_000;

/** Where the links lead, before the account, the region and the name of a zip. */
const CODE_PATH = "/_sandbox/lambda/code/";

/** The page that links lead to, for the accounts and regions that `linksIn` finds. */
export function codePage(
  linksIn: (accountId: string, region: string) => CodeLinks | undefined,
): (path: string, query: URLSearchParams) => Promise<Response> | undefined {
  const follow = async (
    [accountId = "", region = "", file = ""]: readonly string[],
    query: URLSearchParams,
  ) => {
    const links = linksIn(accountId, region);
    return links
      ? await links.follow(file, query)
      : new Response("No such region\n", { status: 404 });
  };
  return (path, query) => {
    if (!path.startsWith(CODE_PATH)) return undefined;
    return follow(path.slice(CODE_PATH.length).split("/"), query);
  };
}

/** Makes links and resolves them. A link works only as long as its sandbox runs. */
export class CodeLinks {
  readonly #packages: Packages;
  readonly #options: LambdaOptions;
  readonly #secret: Uint8Array;

  constructor(packages: Packages, options: LambdaOptions) {
    this.#packages = packages;
    this.#options = options;
    this.#secret = options.random.bytes(32);
  }

  /** A link to the zip of `code`. */
  async make({ file, sizeBytes }: FunctionCode): Promise<string> {
    const expires = String(this.#options.clock.nowMs() + VALID_MS);
    const size = String(sizeBytes);
    const signature = this.#sign(file, size, expires);
    const query = new URLSearchParams({ size, expires, signature });
    const { endpoint, accountId, region } = this.#options;
    return `${await endpoint}${CODE_PATH}${accountId}/${region}/${file}?${query}`;
  }

  /** What a link leads to: 403 for one that is not ours or has ended, 404 if the zip is gone. */
  async follow(file: string, query: URLSearchParams): Promise<Response> {
    const [size = "", expires = "", signature = ""] = ["size", "expires", "signature"]
      .map((name) => query.get(name) ?? undefined);
    const wanted = new TextEncoder().encode(this.#sign(file, size, expires));
    const given = new TextEncoder().encode(signature);
    const isOurs = given.length === wanted.length && timingSafeEqual(given, wanted);
    if (!isOurs || this.#options.clock.nowMs() > Number(expires)) {
      return new Response("Request has expired\n", { status: 403 });
    }
    try {
      const zip = await this.#packages.read({ file, sizeBytes: Number(size) });
      return new Response(zip, { headers: { "content-type": "application/zip" } });
    } catch {
      return new Response("The function's code was replaced\n", { status: 404 });
    }
  }

  #sign(file: string, size: string, expires: string): string {
    return createHmac("sha256", this.#secret).update([file, size, expires].join("\n"))
      .digest("hex");
  }
}
