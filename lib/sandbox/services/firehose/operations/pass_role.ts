/**
 * Roles that a configuration names: the caller must be allowed to pass each to Firehose.
 * https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html
 * @module
 */

import type {
  ProcessingConfiguration,
  S3DestinationConfiguration,
  S3DestinationUpdate,
} from "@aws-sdk/client-firehose";
import type { AccessRequest } from "../../../access/caller.ts";

/** What configurations and updates of S3 destinations have in common. */
interface NamesRoles {
  readonly RoleARN?: string;
  readonly ProcessingConfiguration?: ProcessingConfiguration;
  readonly S3BackupConfiguration?: S3DestinationConfiguration;
  readonly S3BackupUpdate?: S3DestinationUpdate;
}

/** `iam:PassRole` of a role that Firehose is to assume. */
export const passRole = (roleArn: string): AccessRequest => ({
  action: "iam:PassRole",
  resource: roleArn,
  conditions: { "iam:PassedToService": "firehose.amazonaws.com" },
});

/** The roles that configurations name, each once, before anything in them was checked. */
export function rolesNamed(...configurations: readonly (NamesRoles | undefined)[]): string[] {
  const roles = configurations.flatMap((configuration) => [
    configuration?.RoleARN,
    configuration?.S3BackupConfiguration?.RoleARN,
    configuration?.S3BackupUpdate?.RoleARN,
    ...(configuration?.ProcessingConfiguration?.Processors ?? []).flatMap(({ Parameters = [] }) =>
      Parameters.filter(({ ParameterName }) => ParameterName === "RoleArn")
        .map(({ ParameterValue }) => ParameterValue)
    ),
  ]);
  return [...new Set(roles.flatMap((role) => role ?? []))];
}
