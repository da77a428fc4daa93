/**
 * The role with which Firehose delivers, invokes and logs.
 * @module
 */

import type { AccessControl, Caller } from "../../access/caller.ts";

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
