/**
 * A function's settings: their constraints, AWS's defaults, and what the sandbox does not have.
 * @module
 */

import type {
  CreateFunctionRequest,
  UpdateFunctionConfigurationRequest,
} from "@aws-sdk/client-lambda";
import type { AccessRequest } from "../../access/caller.ts";
import type { Constraints } from "../../constraints.ts";
import { invalidParameterValue, notSupported } from "./errors.ts";
import type { FunctionSettings } from "./function.ts";
import { functionArn } from "./names.ts";
import { checkRuntime } from "./runtimes.ts";
import type { LambdaOptions } from "./options.ts";
import { checkVariables } from "./execution/variables.ts";

/** The members that CreateFunction and UpdateFunctionConfiguration have in common. */
export type SettingsInput =
  & Omit<UpdateFunctionConfigurationRequest, "FunctionName" | "RevisionId">
  & Pick<CreateFunctionRequest, "Architectures" | "PackageType" | "CodeSigningConfigArn">;

/** Settings without the code. */
export type CodelessSettings = Omit<FunctionSettings, "code">;

export const ROLE_PATTERN = "arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+";

/** Constraints of {@linkcode SettingsInput}, from Lambda's model (2015-03-31) and its quotas. */
export const SETTINGS: Constraints = {
  Role: { pattern: ROLE_PATTERN },
  Handler: { length: [0, 128], pattern: "[^\\s]+" },
  Description: { length: [0, 256] },
  Timeout: { range: [1, 900] },
  MemorySize: { range: [128, 10_240] },
  Environment: { members: { Variables: { key: { pattern: "[a-zA-Z]([a-zA-Z0-9_])+" } } } },
  Architectures: { length: [1, 1], item: { enum: ["x86_64", "arm64"] } },
  EphemeralStorage: { members: { Size: { required: true, range: [512, 10_240] } } },
  PackageType: { enum: ["Zip", "Image"] },
  TracingConfig: { members: { Mode: { enum: ["Active", "PassThrough"] } } },
  LoggingConfig: {
    members: {
      LogFormat: { enum: ["JSON", "Text"] },
      LogGroup: { length: [1, 512], pattern: "[\\.\\-_/#A-Za-z0-9]+" },
    },
  },
};

/** AWS's defaults for a new function. */
export function defaultSettings(functionName: string): Omit<
  CodelessSettings,
  "roleArn" | "runtime" | "handler"
> {
  return {
    description: "",
    timeoutSeconds: 3,
    memorySizeMB: 128,
    architecture: "x86_64",
    logGroupName: `/aws/lambda/${functionName}`,
  };
}

/** The settings in `input`. Throws InvalidParameterValueException for invalid ones. */
export function settingsOf(input: SettingsInput): Partial<CodelessSettings> {
  refuseUnsupported(input);
  const { Runtime, Environment } = input;
  if (Runtime !== undefined) checkRuntime(Runtime);
  if (Environment?.Variables) checkVariables(Environment.Variables);
  const settings = {
    roleArn: input.Role,
    runtime: Runtime,
    handler: input.Handler,
    description: input.Description,
    timeoutSeconds: input.Timeout,
    memorySizeMB: input.MemorySize,
    ephemeralStorageMB: input.EphemeralStorage?.Size,
    variables: Environment && { ...Environment.Variables },
    architecture: input.Architectures?.[0],
    logGroupName: input.LoggingConfig?.LogGroup,
  };
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}

/** Members that have no effect here. An empty value is accepted. */
const UNSUPPORTED = [
  "KMSKeyArn",
  "Layers",
  "FileSystemConfigs",
  "CodeSigningConfigArn",
  "ImageConfig",
  "CapacityProviderConfig",
  "DurableConfig",
] as const;

function refuseUnsupported(input: SettingsInput): void {
  const stranger = UNSUPPORTED.find((name) => !isEmpty(input[name]));
  if (stranger) throw notSupported(stranger);
  const { VpcConfig, DeadLetterConfig, LoggingConfig } = input;
  if (!isEmpty(VpcConfig?.SubnetIds) || !isEmpty(VpcConfig?.SecurityGroupIds)) {
    throw notSupported("VpcConfig");
  }
  if (VpcConfig?.Ipv6AllowedForDualStack) throw notSupported("VpcConfig");
  if (!isEmpty(DeadLetterConfig?.TargetArn)) throw notSupported("DeadLetterConfig");
  if (input.PackageType === "Image") throw notSupported("PackageType Image");
  if (input.TracingConfig?.Mode === "Active") throw notSupported("TracingConfig Mode Active");
  if (input.SnapStart?.ApplyOn === "PublishedVersions") throw notSupported("SnapStart");
  if (LoggingConfig?.LogFormat === "JSON") throw notSupported("LoggingConfig LogFormat JSON");
  if (LoggingConfig?.ApplicationLogLevel ?? LoggingConfig?.SystemLogLevel) {
    throw invalidParameterValue(
      "ApplicationLogLevel and SystemLogLevel can be set with LogFormat JSON only, which the " +
        "sandbox does not support.",
    );
  }
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === "") return true;
  return Array.isArray(value) && value.length === 0;
}

/** `iam:PassRole` of a role that Lambda is to assume. */
export const passRole = (roleArn: string): AccessRequest => ({
  action: "iam:PassRole",
  resource: roleArn,
  conditions: { "iam:PassedToService": "lambda.amazonaws.com" },
});

/** Throws InvalidParameterValueException for a role that Lambda cannot assume. */
export function checkRole(roleArn: string, functionName: string, options: LambdaOptions): void {
  const session = options.access.assumeRoleForService({
    roleArn,
    service: "lambda.amazonaws.com",
    sessionName: functionName,
    conditions: { "aws:SourceArn": functionArn({ name: functionName }, options) },
  });
  if (session) return;
  throw invalidParameterValue("The role defined for the function cannot be assumed by Lambda.");
}

/** Throws InvalidParameterValueException for a runtime that lacks something on this machine. */
export async function checkEngine(
  { runtime, architecture }: Pick<CodelessSettings, "runtime" | "architecture">,
  { engines }: LambdaOptions,
): Promise<void> {
  try {
    await engines.check(runtime, architecture);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw invalidParameterValue(`The sandbox cannot run ${runtime}: ${reason}.`);
  }
}
