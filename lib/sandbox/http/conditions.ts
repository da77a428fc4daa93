/**
 * All condition keys of a call: those of every request, its tags, the service's own, and those that
 * the operation states.
 * @module
 */

import type { AccessRequest, ConditionContext } from "../access/caller.ts";
import { callConditions, requestTagConditions } from "../access/call_conditions.ts";
import type { Clock } from "../clock.ts";
import type { Service, ServiceCall, SignatureFacts } from "../operation.ts";
import type { SignatureClaim } from "./claim.ts";
import { amzDateMs } from "./signature.ts";

/** The condition keys of one action of a call. */
export function conditionsOf(
  { signingName, conditions }: Service,
  request: AccessRequest,
  call: ServiceCall,
): ConditionContext {
  // S3 has its own condition keys for the tags of objects.
  const isTagged = signingName !== "s3" && request.action.startsWith(`${signingName}:`);
  return {
    ...callConditions(call.context),
    ...(isTagged ? requestTagConditions(call.input) : {}),
    ...conditions?.(request, call),
    ...request.conditions,
  };
}

/** What a policy can ask about a signature. */
export function signatureFacts(
  { version, expiresSeconds, amzDate }: SignatureClaim,
  clock: Pick<Clock, "momentOf">,
): SignatureFacts {
  return {
    version: version ?? 4,
    place: expiresSeconds === undefined ? "header" : "query",
    // Version 2 in a query states only when it ends.
    signedMs: version === 2 ? undefined : clock.momentOf(amzDateMs(amzDate)),
  };
}
