/**
 * GetSessionToken: temporary credentials of a user or of the root user, with the same permissions.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html
 * @module
 */

import type { GetSessionTokenRequest, GetSessionTokenResponse } from "@aws-sdk/client-sts";
import { GetSessionToken$ } from "../../schemas/sts.ts";
import { AwsError } from "../../errors.ts";
import type { OperationDefinition } from "../../operation.ts";
import type { AccountRoles } from "../../ports/account_roles.ts";
import { credentialsShape } from "./credentials.ts";

const SESSION_SECONDS_DEFAULT = 43_200;
/** Credentials of the root user last an hour at most, also if a longer time is requested. */
const ROOT_SECONDS_MAX = 3_600;

export const GetSessionToken: OperationDefinition<
  GetSessionTokenRequest,
  GetSessionTokenResponse,
  AccountRoles
> = {
  schema: GetSessionToken$,
  constraints: {
    DurationSeconds: { range: [900, 129_600] },
    SerialNumber: { length: [9, 256], pattern: "[\\w+=/:,.@-]*" },
    TokenCode: { length: [6, 6], pattern: "[\\d]*" },
  },
  // Documented: no permission is needed, and no policy controls it.
  access: () => [],
  run: (input, { state, caller, nowMs }) => {
    if (caller.kind === "session" || caller.issuedMs !== undefined) {
      throw new AwsError(
        "AccessDenied",
        403,
        "Cannot call GetSessionToken with session credentials",
      );
    }
    if (input.SerialNumber !== undefined || input.TokenCode !== undefined) {
      // There are no MFA devices; AWS answers this for one that does not exist (assumed).
      throw new AwsError(
        "AccessDenied",
        403,
        "MultiFactorAuthentication failed with invalid MFA one time pass code. ",
      );
    }
    if (input.MinimumSessionTokenSize !== undefined) {
      throw new AwsError(
        "ValidationError",
        400,
        "The sandbox does not support MinimumSessionTokenSize in GetSessionToken.",
      );
    }
    const asked = input.DurationSeconds ?? SESSION_SECONDS_DEFAULT;
    const seconds = caller.kind === "root" ? Math.min(asked, ROOT_SECONDS_MAX) : asked;
    const keys = state.issueKeys({ ...caller, issuedMs: nowMs }, seconds);
    return { Credentials: credentialsShape(keys) };
  },
};
