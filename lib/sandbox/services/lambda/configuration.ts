/**
 * A function's configuration, which most of Lambda's operations answer.
 * @module
 */

import type { FunctionConfiguration } from "@aws-sdk/client-lambda";
import { ephemeralStorageMB, type FunctionVersion, type LambdaFunction } from "./function.ts";
import { runtimeVersionArn } from "./execution/platform_log.ts";

/** A configuration. AWS gives an update the reason "Creating", which the model does not list. */
export type ShownConfiguration = Omit<FunctionConfiguration, "LastUpdateStatusReasonCode"> & {
  readonly LastUpdateStatusReasonCode?: string;
};

/** The configuration of a version in its state; its ARN ends in `qualifier`, if there is one. */
export function configurationOf(
  fn: LambdaFunction,
  version: FunctionVersion,
  { qualifier, region }: { readonly qualifier?: string; readonly region: string },
): ShownConfiguration {
  return {
    ...listedConfiguration(fn, version, qualifier),
    RuntimeVersionConfig: { RuntimeVersionArn: runtimeVersionArn(version.runtime, region) },
    ...stateOf(fn, version),
  };
}

/**
 * The configuration as ListFunctions and ListVersionsByFunction have it: without its state and the
 * runtime's version (recorded on AWS, 2025-11).
 */
export function listedConfiguration(
  fn: LambdaFunction,
  version: FunctionVersion,
  qualifier: string | undefined,
): ShownConfiguration {
  const { variables } = version;
  return {
    FunctionName: fn.name,
    FunctionArn: qualifier === undefined ? fn.arn : `${fn.arn}:${qualifier}`,
    Runtime: version.runtime,
    Role: version.roleArn,
    Handler: version.handler,
    CodeSize: version.code.sizeBytes,
    Description: version.description,
    Timeout: version.timeoutSeconds,
    MemorySize: version.memorySizeMB,
    LastModified: new Date(version.modifiedMs).toISOString().replace("Z", "+0000"),
    CodeSha256: version.code.sha256,
    Version: version.version,
    ...(variables ? { Environment: { Variables: { ...variables } } } : {}),
    TracingConfig: { Mode: "PassThrough" },
    RevisionId: version.revisionId,
    PackageType: "Zip",
    Architectures: [version.architecture],
    EphemeralStorage: { Size: ephemeralStorageMB(version) },
    SnapStart: { ApplyOn: "None", OptimizationStatus: "Off" },
    LoggingConfig: { LogFormat: "Text", LogGroup: version.logGroupName },
  };
}

function stateOf(
  { status, latest }: LambdaFunction,
  { version, publishedBuildId }: FunctionVersion,
): ShownConfiguration {
  // AWS says "created" of an update as well (captured).
  const reason = "The function is being created.";
  // What an update publishes is a new version: Pending while the update is in progress (recorded).
  const isNew = status === "Updating" && publishedBuildId === latest.buildId;
  if (status === "Pending" || isNew) {
    return { State: "Pending", StateReason: reason, StateReasonCode: "Creating" };
  }
  if (status === "Updating" && version === "$LATEST") {
    return {
      State: "Active",
      LastUpdateStatus: "InProgress",
      LastUpdateStatusReason: reason,
      LastUpdateStatusReasonCode: "Creating",
    };
  }
  return { State: "Active", LastUpdateStatus: "Successful" };
}
