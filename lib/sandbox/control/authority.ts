/**
 * Who may use the control pages: the owner of the sandbox. That is who signs as the root user of its
 * account, or has the token that the sandbox wrote to its files. With `--open` everybody.
 * @module
 */

import type { Gate } from "../http/gate.ts";
import type { IncomingRequest } from "../http/incoming.ts";
import { isSameText } from "../http/same_text.ts";
import { readClaim, sha256Hex } from "../http/signature.ts";
import { AwsError } from "../errors.ts";
import { ControlError } from "./control_error.ts";

/** What decides on authority. */
export interface AuthorityOptions {
  readonly isOpen: boolean;
  readonly token: string;
  /** Checks signatures; strict, as without `--open`. */
  readonly gate: Gate;
  /** The account whose root user is the owner. */
  readonly accountId: string;
}

/** How the gate answers for the control pages: errors are turned into sentences anyway. */
const DOOR = { signingName: "sandbox", protocol: { kind: "restJson" } } as const;

/** Throws a {@linkcode ControlError} with status 401 or 403 unless the request is its owner's. */
export function checkAuthority(
  incoming: IncomingRequest,
  body: Uint8Array,
  { isOpen, token, gate, accountId }: AuthorityOptions,
): void {
  if (isOpen) return;
  const authorization = incoming.headers.get("authorization") ?? "";
  const [, bearer] = /^Bearer +(\S+) *$/i.exec(authorization) ?? [];
  if (bearer !== undefined) {
    if (isSameText(bearer, token)) return;
    throw new ControlError(403, "The token is not this sandbox's: each start makes a new one.");
  }
  if (authorization === "") throw unsigned();
  const { kind, accountId: callers, arn } = signer(incoming, body, gate);
  if (kind === "root" && callers === accountId) return;
  throw new ControlError(403, `Only the root user may control the sandbox, not ${arn}.`);
}

function signer(incoming: IncomingRequest, body: Uint8Array, gate: Gate) {
  try {
    const identity = gate.identify(readClaim(incoming), DOOR, incoming.headers);
    gate.verify(identity, DOOR, incoming, sha256Hex(body));
    return identity.key.caller;
  } catch (error) {
    if (error instanceof AwsError) throw new ControlError(403, error.message);
    throw error;
  }
}

const unsigned = () =>
  new ControlError(
    401,
    "Send the header `Authorization: Bearer TOKEN`, with sandbox_token of the sandbox's AWS config " +
      "file, or sign the request with the root user's key.",
  );
