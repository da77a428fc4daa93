/**
 * The user that a request without UserName is about: the caller. A role's session has no user.
 * @module
 */

import type { Caller } from "../../access/caller.ts";
import { AwsError } from "../../errors.ts";

/**
 * The name of the calling user; undefined for the root user. Throws ValidationError for a session,
 * before its permission is checked.
 */
export function callersUserName(caller: Caller): string | undefined {
  if (caller.kind === "user") return caller.userName;
  if (caller.kind === "root") return undefined;
  throw new AwsError(
    "ValidationError",
    400,
    "Must specify userName when calling with non-User credentials",
  );
}
