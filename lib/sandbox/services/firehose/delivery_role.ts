/**
 * The role with which Firehose delivers, invokes and logs.
 * @module
 */

import type { AccessControl, Caller } from "../../access/caller.ts";
import type { FaultSource } from "../../ports/fault_source.ts";

/** What assuming a role needs. */
export interface RoleParts {
  readonly access: AccessControl;
  readonly accountId: string;
}

/** The session that acts for a role; undefined if Firehose may not assume it. */
export function assumeDeliveryRole(
  roleArn: string,
  { access, accountId }: RoleParts,
): Caller | undefined {
  return access.assumeRoleForService({
    roleArn,
    service: "firehose.amazonaws.com",
    sessionName: "AWSFirehoseToS3",
    conditions: { "sts:ExternalId": accountId },
  });
}

/** What calling another service on behalf of a stream needs. */
export interface DeliveryCallParts extends RoleParts {
  readonly faults: FaultSource;
}

/**
 * The same when a stream is at work: a fault on `sts:AssumeRole` that answers with an error, or whose
 * answer is lost, counts as a refusal.
 */
export async function assumeRoleFor(
  stream: string,
  roleArn: string,
  parts: DeliveryCallParts,
  signal?: AbortSignal,
): Promise<Caller | undefined> {
  const session = assumeDeliveryRole(roleArn, parts);
  if (!session || parts.faults.isQuiet) return session;
  const effect = await parts.faults.strike({
    ...{ service: "sts", operation: "AssumeRole", stream },
    caller: { arn: FIREHOSE },
    access: { action: "sts:AssumeRole", resource: roleArn },
  }, signal);
  return effect ? undefined : session;
}

/** Who assumes the role: no user and no role, but the service. */
const FIREHOSE = "firehose.amazonaws.com";
