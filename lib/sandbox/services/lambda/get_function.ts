/**
 * GetFunction and GetFunctionConfiguration.
 * @module
 */

import {
  GetFunction$,
  GetFunctionConfiguration$,
  type GetFunctionConfigurationRequest,
  type GetFunctionRequest,
  type GetFunctionResponse,
} from "@aws-sdk/client-lambda";
import type { Given, OperationDefinition } from "../../operation.ts";
import { configurationOf, type ShownConfiguration } from "./configuration.ts";
import { functionNotFound } from "./errors.ts";
import type { FunctionVersion, LambdaFunction } from "./function.ts";
import { NAMESPACED_FUNCTION_NAME, QUALIFIER } from "./names.ts";
import type { LambdaState } from "./state.ts";

type Named<Input extends { FunctionName: string | undefined }> = Given<Input, "FunctionName">;

const constraints = { FunctionName: NAMESPACED_FUNCTION_NAME, Qualifier: QUALIFIER };

export const GetFunction: OperationDefinition<
  Named<GetFunctionRequest>,
  Omit<GetFunctionResponse, "Configuration"> & { readonly Configuration: ShownConfiguration },
  LambdaState
> = {
  schema: GetFunction$,
  constraints,
  access: ({ FunctionName, Qualifier }, { state }) => [
    { action: "lambda:GetFunction", resource: state.arn(state.reference(FunctionName, Qualifier)) },
  ],
  run: async ({ FunctionName, Qualifier }, { state, region }) => {
    const reference = state.reference(FunctionName, Qualifier);
    const { one, version } = shownVersion(state, reference);
    const arn = reference.qualifier === undefined ? "unqualified" : "qualified";
    const { reservedConcurrency: ReservedConcurrentExecutions, tags } = one;
    return {
      Configuration: configurationOf(one, version, { arn, region }),
      Code: { RepositoryType: "S3", Location: await state.codeLinks.make(version.code) },
      ...(Object.keys(tags).length > 0 ? { Tags: { ...tags } } : {}),
      ...(ReservedConcurrentExecutions === undefined
        ? {}
        : { Concurrency: { ReservedConcurrentExecutions } }),
    };
  },
};

export const GetFunctionConfiguration: OperationDefinition<
  Named<GetFunctionConfigurationRequest>,
  ShownConfiguration,
  LambdaState
> = {
  schema: GetFunctionConfiguration$,
  constraints,
  access: ({ FunctionName, Qualifier }, { state }) => [{
    action: "lambda:GetFunctionConfiguration",
    resource: state.arn(state.reference(FunctionName, Qualifier)),
  }],
  run: ({ FunctionName, Qualifier }, { state, region }) => {
    const reference = state.reference(FunctionName, Qualifier);
    const { one, version } = shownVersion(state, reference);
    const arn = reference.qualifier === undefined ? "unqualified" : "qualified";
    return configurationOf(one, version, { arn, region });
  },
};

/** The version that a reference shows: an alias shows its main one. Throws ResourceNotFoundException. */
export function shownVersion(
  state: LambdaState,
  reference: ReturnType<LambdaState["reference"]>,
): { readonly one: LambdaFunction; readonly version: FunctionVersion } {
  const one = state.function(reference);
  const { qualifier = "$LATEST" } = reference;
  if (qualifier === "$LATEST") return { one, version: one.latest };
  const alias = one.aliases.find(({ name }) => name === qualifier);
  const wanted = alias?.functionVersion ?? qualifier;
  const version = one.versions.find((other) => other.version === wanted);
  if (!version) throw functionNotFound(state.arn(reference));
  return { one, version };
}
