/**
 * CreateFunction: a function with its code, Pending at first.
 * https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
 * @module
 */

import type { CreateFunctionRequest } from "@aws-sdk/client-lambda";
import { CreateFunction$ } from "../../../schemas/lambda.ts";
import type { Given, OperationDefinition } from "../../../operation.ts";
import { packageOf } from "../code.ts";
import { configurationOf, type ShownConfiguration } from "../configuration.ts";
import { invalidParameterValue, notSupported, resourceConflict } from "../errors.ts";
import type { FunctionVersion, LambdaFunction } from "../function.ts";
import { checkNewName, FUNCTION_NAME } from "../names.ts";
import {
  checkEngine,
  checkRole,
  type CodelessSettings,
  defaultSettings,
  passRole,
  ROLE_PATTERN,
  SETTINGS,
  settingsOf,
} from "../settings.ts";
import type { LambdaState } from "../state.ts";
import { checkTags } from "./tags.ts";
import { publish } from "./versions.ts";

type Input = Given<CreateFunctionRequest, "FunctionName" | "Role" | "Code">;

export const CreateFunction: OperationDefinition<Input, ShownConfiguration, LambdaState> = {
  schema: CreateFunction$,
  constraints: {
    ...SETTINGS,
    FunctionName: FUNCTION_NAME,
    Role: { required: true, pattern: ROLE_PATTERN },
    Code: { required: true },
  },
  access: (input, { state }) => {
    const resource = state.arn({ name: state.reference(input.FunctionName).name });
    return [
      { action: "lambda:CreateFunction", resource },
      ...(input.Tags ? [{ action: "lambda:TagResource", resource }] : []),
      passRole(input.Role),
    ];
  },
  run: async (input, context) => {
    const { state, region, nowMs } = context;
    const { name, qualifier } = state.reference(input.FunctionName);
    checkNewName(name);
    if (qualifier !== undefined) {
      // The text is ours: AWS's is not known.
      throw invalidParameterValue("A function cannot be created with a version or an alias.");
    }
    if (state.find(name)) throw resourceConflict(`Function already exist: ${name}`);
    const settings = newSettings(input, name);
    const tags = checkTags(input.Tags ?? {});
    checkRole(settings.roleArn, name, state.options);
    await checkEngine(settings, state.options);
    const code = await packageOf(input.Code, context);
    const { random } = state.options;
    const latest: FunctionVersion = {
      ...settings,
      code,
      version: "$LATEST",
      buildId: random.uuid(),
      revisionId: random.uuid(),
      modifiedMs: nowMs,
    };
    const unpublished: Omit<LambdaFunction, "id"> = {
      name,
      arn: state.arn({ name }),
      status: "Pending",
      statusMs: nowMs,
      latest,
      versions: [],
      lastVersion: 0,
      aliases: [],
      policies: {},
      tags,
    };
    const draft = input.Publish ? publish(unpublished, {}, { random, nowMs }) : unpublished;
    const created = await state.taking(code, () => state.create(draft));
    // With Publish the answer is version 1, under the function's own ARN.
    return configurationOf(created, created.versions.at(0) ?? created.latest, { region });
  },
};

function newSettings(input: Input, name: string): CodelessSettings {
  const { Runtime: runtime, Handler: handler, Role: roleArn } = input;
  if (input.TenancyConfig) throw notSupported("TenancyConfig");
  if (input.PublishTo !== undefined) throw notSupported("PublishTo");
  const given = settingsOf(input);
  if (runtime === undefined || handler === undefined) {
    throw invalidParameterValue(
      "Runtime and Handler are mandatory parameters for functions created with deployment packages.",
    );
  }
  return { ...defaultSettings(name), ...given, roleArn, runtime, handler };
}
