/**
 * GetFunction and GetFunctionConfiguration.
 * @module
 */

import type {
  GetFunctionConfigurationRequest,
  GetFunctionRequest,
  GetFunctionResponse,
} from "@aws-sdk/client-lambda";
import { GetFunction$, GetFunctionConfiguration$ } from "../../../schemas/lambda.ts";
import type { Given, OperationDefinition } from "../../../operation.ts";
import { configurationOf, type ShownConfiguration } from "../configuration.ts";
import { functionNotFound } from "../errors.ts";
import { onVersion } from "../function_access.ts";
import type { FunctionVersion, LambdaFunction } from "../function.ts";
import { NAMESPACED_FUNCTION_NAME, QUALIFIER } from "../names.ts";
import type { LambdaState } from "../state.ts";

type Named<Input extends { FunctionName: string | undefined }> = Given<Input, "FunctionName">;

const constraints = { FunctionName: NAMESPACED_FUNCTION_NAME, Qualifier: QUALIFIER };

export const GetFunction: OperationDefinition<
  Named<GetFunctionRequest>,
  Omit<GetFunctionResponse, "Configuration"> & { readonly Configuration: ShownConfiguration },
  LambdaState
> = {
  schema: GetFunction$,
  constraints,
  access: onVersion("lambda:GetFunction"),
  run: async ({ FunctionName, Qualifier }, { state, region }) => {
    const reference = state.reference(FunctionName, Qualifier);
    const { fn, version } = shownVersion(state, reference);
    const { reservedConcurrency: ReservedConcurrentExecutions, tags } = fn;
    return {
      Configuration: configurationOf(fn, version, { qualifier: reference.qualifier, region }),
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
  access: onVersion("lambda:GetFunctionConfiguration"),
  run: ({ FunctionName, Qualifier }, { state, region }) => {
    const reference = state.reference(FunctionName, Qualifier);
    const { fn, version } = shownVersion(state, reference);
    return configurationOf(fn, version, { qualifier: reference.qualifier, region });
  },
};

/** The version that a reference shows: an alias shows its main one. Throws ResourceNotFoundException. */
function shownVersion(
  state: LambdaState,
  reference: ReturnType<LambdaState["reference"]>,
): { readonly fn: LambdaFunction; readonly version: FunctionVersion } {
  const fn = state.function(reference);
  const { qualifier = "$LATEST" } = reference;
  const alias = fn.aliases.find(({ name }) => name === qualifier);
  const wanted = alias?.functionVersion ?? qualifier;
  if (wanted === "$LATEST") return { fn, version: fn.latest };
  const version = fn.versions.find((other) => other.version === wanted);
  if (!version) throw functionNotFound(state.arn(reference));
  return { fn, version };
}
