/**
 * How a function is shown: the configuration that most of Lambda's operations answer.
 * @module
 */

import type { FunctionConfiguration } from "@aws-sdk/client-lambda";
import type { FunctionVersion, LambdaFunction } from "./function.ts";
import { runtimeVersionArn } from "./platform_log.ts";

/** A configuration. "Creating" is not among the model's reasons of an update, and AWS gives it. */
export type ShownConfiguration = Omit<FunctionConfiguration, "LastUpdateStatusReasonCode"> & {
  readonly LastUpdateStatusReasonCode?: string;
};

/** Which ARN a configuration shows: as `$LATEST` only where that was asked for by name. */
export type ArnForm = "unqualified" | "qualified";

/** The configuration of a version in its state. */
export function configurationOf(
  one: LambdaFunction,
  version: FunctionVersion,
  { arn, region }: { readonly arn: ArnForm; readonly region: string },
): ShownConfiguration {
  return {
    ...listedConfiguration(one, version, arn),
    RuntimeVersionConfig: { RuntimeVersionArn: runtimeVersionArn(version.runtime, region) },
    ...stateOf(one, version),
  };
}

/** The configuration as ListFunctions has it: without its state. */
export function listedConfiguration(
  one: LambdaFunction,
  version: FunctionVersion,
  arn: ArnForm,
): ShownConfiguration {
  const { variables } = version;
  return {
    FunctionName: one.name,
    FunctionArn: arn === "qualified" ? `${one.arn}:${version.version}` : one.arn,
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
    EphemeralStorage: { Size: 512 },
    SnapStart: { ApplyOn: "None", OptimizationStatus: "Off" },
    LoggingConfig: { LogFormat: "Text", LogGroup: version.logGroupName },
  };
}

function stateOf({ status }: LambdaFunction, { version }: FunctionVersion): ShownConfiguration {
  // AWS says "created" of an update as well (captured).
  const reason = "The function is being created.";
  if (status === "Pending") {
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
