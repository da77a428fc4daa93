/**
 * STS: GetCallerIdentity, AssumeRole and GetSessionToken.
 * @module
 */

import type {
  AssumeRoleRequest,
  AssumeRoleResponse,
  GetCallerIdentityRequest,
  GetCallerIdentityResponse,
} from "@aws-sdk/client-sts";
import { AssumeRole$, GetCallerIdentity$ } from "../../schemas/sts.ts";
import { callConditions } from "../../access/call_conditions.ts";
import type { Caller, ConditionContext, DenialKind } from "../../access/caller.ts";
import { AwsError } from "../../errors.ts";
import {
  bind,
  type Given,
  type OperationDefinition,
  operationTable,
  type Service,
} from "../../operation.ts";
import type { AccountRoles, AssumableRole } from "../../ports/account_roles.ts";
import { credentialsShape } from "./credentials.ts";
import { GetSessionToken } from "./get_session_token.ts";

/** STS's table of operations, on IAM's state. */
export function stsService(state: AccountRoles): Service {
  return {
    signingName: "sts",
    protocol: {
      kind: "query",
      version: "2011-06-15",
      xmlNamespace: "https://sts.amazonaws.com/doc/2011-06-15/",
    },
    operations: operationTable([
      bind(GetCallerIdentity, state),
      bind(AssumeRole, state),
      bind(GetSessionToken, state),
    ]),
  };
}

export const GetCallerIdentity: OperationDefinition<
  GetCallerIdentityRequest,
  GetCallerIdentityResponse,
  AccountRoles
> = {
  schema: GetCallerIdentity$,
  constraints: {},
  // No permission is needed, and not even an explicit deny stops it.
  access: () => [],
  run: (_, { caller }) => ({
    UserId: caller.userId,
    Account: caller.accountId,
    Arn: caller.arn,
  }),
};

const SESSION_SECONDS_DEFAULT = 3_600;
/** The maximum for a session that assumes another role (role chaining): an hour. */
const CHAINED_SECONDS_MAX = 3_600;

type AssumeRoleInput = Given<AssumeRoleRequest, "RoleArn" | "RoleSessionName">;

export const AssumeRole: OperationDefinition<AssumeRoleInput, AssumeRoleResponse, AccountRoles> = {
  schema: AssumeRole$,
  constraints: {
    RoleArn: { required: true, length: [20, 2048] },
    RoleSessionName: { required: true, length: [2, 64], pattern: "[\\w+=,.@-]*" },
    DurationSeconds: { range: [900, 43_200] },
    ExternalId: { length: [2, 1_224], pattern: "[\\w+=,.@:\\/-]*" },
    Policy: { length: [1, 2_048] },
  },
  // Decided in `run`: a trust policy that names the caller makes an identity policy unnecessary.
  access: () => [],
  run: (input, { state, caller, region, headers, sender }) => {
    refuseUnsupported(input);
    const conditions = { ...callConditions({ region, headers, sender }), ...conditionsOf(input) };
    const role = admittedRole(input, caller, conditions, state);
    const seconds = input.DurationSeconds ?? SESSION_SECONDS_DEFAULT;
    if (seconds > role.maxSessionSeconds) {
      throw validationError(
        "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
      );
    }
    if (caller.kind === "session" && seconds > CHAINED_SECONDS_MAX) {
      throw validationError(
        "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by " +
          "role chaining",
      );
    }
    if (input.Policy !== undefined) state.checkSessionPolicy(input.Policy);
    const policies = input.Policy === undefined ? [] : [input.Policy];
    const session = role.session(input.RoleSessionName, policies);
    const keys = state.issueKeys(session, seconds);
    return {
      Credentials: credentialsShape(keys),
      AssumedRoleUser: { AssumedRoleId: session.userId, Arn: session.arn },
      ...(policies.length === 0
        ? {}
        : { PackedPolicySize: Math.ceil(policies.join("").length / 2_048 * 100) }),
    };
  },
};

function refuseUnsupported(input: AssumeRoleInput): void {
  const stranger = UNSUPPORTED.find((name) => input[name] !== undefined);
  if (stranger) throw validationError(`The sandbox does not support ${stranger} in AssumeRole.`);
}

const UNSUPPORTED = [
  "PolicyArns",
  "Tags",
  "TransitiveTagKeys",
  "SerialNumber",
  "TokenCode",
  "SourceIdentity",
  "ProvidedContexts",
  "MinimumSessionTokenSize",
] as const;

function conditionsOf(input: AssumeRoleInput): ConditionContext {
  return {
    "sts:RoleSessionName": input.RoleSessionName,
    ...(input.ExternalId === undefined ? {} : { "sts:ExternalId": input.ExternalId }),
  };
}

function admittedRole(
  input: AssumeRoleInput,
  caller: Caller,
  conditions: ConditionContext,
  state: AccountRoles,
): AssumableRole {
  if (!/^arn:aws[\w-]*:iam::\d{12}:role\/.+/.test(input.RoleArn)) {
    throw validationError(`${input.RoleArn} is invalid`);
  }
  if (caller.kind === "root") {
    throw new AwsError("AccessDenied", 403, "Roles may not be assumed by root accounts.");
  }
  const role = state.assumableRole(input.RoleArn);
  const trust = role?.trusts(caller, conditions) ?? "no";
  const request = { action: "sts:AssumeRole", resource: input.RoleArn, conditions };
  const decision = state.decide(caller, request);
  if (role && (decision.allowed ? trust !== "no" : overcomes(trust, decision.kind))) return role;
  // A role that does not exist and a missing permission get the same text, without a "because":
  // either side may be at fault.
  throw new AwsError(
    "AccessDenied",
    403,
    `User: ${caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${input.RoleArn}`,
  );
}

/** Whether a trust policy lets a caller in whose own policies refuse it. */
function overcomes(trust: ReturnType<AssumableRole["trusts"]>, denial: DenialKind): boolean {
  if (denial === "implicitDeny") return trust === "direct" || trust === "session";
  return denial === "sessionPolicy" && trust === "session";
}

const validationError = (message: string) => new AwsError("ValidationError", 400, message);
