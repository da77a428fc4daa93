/**
 * AWS's text for a refused request. Services and the front door share it.
 * @module
 */

import type { AccessRequest, Caller } from "./caller.ts";

/**
 * AWS's AccessDenied text: who, what, on which resource, and why not. `reason` is that of a
 * {@linkcode Denial}; S3 puts the resource in quotes.
 */
export function accessDeniedText(
  caller: Pick<Caller, "arn">,
  { action, resource, shownAs = resource }: AccessRequest,
  reason: string,
): string {
  const target = action.startsWith("s3:") ? `"${shownAs}"` : shownAs;
  const on = shownAs === "" ? "" : ` on resource: ${target}`;
  // STS says no "because": either side, trust or identity policy, may be at fault.
  const because = action === "sts:AssumeRole" ? "" : ` ${reason}`;
  return `User: ${caller.arn} is not authorized to perform: ${action}${on}${because}`;
}
