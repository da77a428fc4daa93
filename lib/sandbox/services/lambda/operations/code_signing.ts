/**
 * GetFunctionCodeSigningConfig. The sandbox has no code signing configurations, but tools ask for
 * them.
 * @module
 */

import type { GetFunctionCodeSigningConfigRequest } from "@aws-sdk/client-lambda";
import { GetFunctionCodeSigningConfig$ } from "../../../schemas/lambda.ts";
import type { Given, OperationDefinition } from "../../../operation.ts";
import { onFunction } from "../function_access.ts";
import { NAMESPACED_FUNCTION_NAME } from "../names.ts";
import type { LambdaState } from "../state.ts";

export const GetFunctionCodeSigningConfig: OperationDefinition<
  Given<GetFunctionCodeSigningConfigRequest, "FunctionName">,
  Readonly<Record<string, never>>,
  LambdaState
> = {
  schema: GetFunctionCodeSigningConfig$,
  constraints: { FunctionName: NAMESPACED_FUNCTION_NAME },
  access: onFunction("lambda:GetFunctionCodeSigningConfig"),
  run: ({ FunctionName }, { state }) => {
    state.function({ name: state.reference(FunctionName).name });
    // Captured 2025-11: nothing at all, not even the function's name.
    return {};
  },
};
