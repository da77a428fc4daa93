/**
 * The pages behind the console's address: `POST codes` makes a one-time code for the owner, and
 * `POST token` exchanges a code for the token.
 * @module
 */

import { ControlError } from "../control/control_error.ts";
import { membersOf, textIn } from "../control/input.ts";
import type { IncomingRequest } from "../http/incoming.ts";
import { CODE_LIFE_MS, type Codes } from "./codes.ts";

/** What the pages need. */
export interface CodePagesParts {
  readonly codes: Codes;
  /** What a code is exchanged for. */
  readonly token: string;
  /** Throws a {@linkcode ControlError} unless the request is the owner's. */
  readonly checkAuthority: (incoming: IncomingRequest, body: Uint8Array) => void;
}

/** A page that is given the request's body, and answers JSON. */
export type CodePage = (
  incoming: IncomingRequest,
  body: Uint8Array,
  parts: CodePagesParts,
) => object;

/** By their name under `/_sandbox/console/`. All are asked with POST. */
export const CODE_PAGES: Readonly<Record<string, CodePage>> = {
  codes: (incoming, body, { codes, checkAuthority }) => {
    checkAuthority(incoming, body);
    membersOf(body, []);
    return { path: consolePath(codes), expiresInSeconds: CODE_LIFE_MS / 1000 };
  },
  token: (_, body, { codes, token }) => {
    const code = textIn(membersOf(body, ["code"]), "code");
    if (code === undefined) throw new ControlError(400, "The body must have a code.");
    if (codes.use(code)) return { token };
    throw new ControlError(
      403,
      "This address was used before, or it is too old: each opens the console once, within " +
        `${CODE_LIFE_MS / 60_000} minutes.`,
    );
  },
};

/** The path of the console's page; its other pages are under it. */
export const CONSOLE_ROOT = "/_sandbox/console";

/** The path of the console with a new code. */
export const consolePath = (codes: Codes): string => `${CONSOLE_ROOT}?code=${codes.make()}`;
