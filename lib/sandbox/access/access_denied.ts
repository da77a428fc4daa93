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
  caller: Caller,
  { action, resource, isResourceShown = true }: AccessRequest,
  reason: string,
): string {
  const target = action.startsWith("s3:") ? `"${resource}"` : resource;
  const on = isResourceShown ? ` on resource: ${target}` : "";
  // STS says no "because": either side, trust or identity policy, may be at fault.
  const because = action === "sts:AssumeRole" ? "" : ` ${reason}`;
  return `User: ${caller.arn} is not authorized to perform: ${action}${on}${because}`;
}
