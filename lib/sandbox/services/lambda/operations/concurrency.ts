/**
 * Reserved concurrency: PutFunctionConcurrency, GetFunctionConcurrency, DeleteFunctionConcurrency.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
 * @module
 */

import type {
  Concurrency,
  DeleteFunctionConcurrencyRequest,
  GetFunctionConcurrencyRequest,
  GetFunctionConcurrencyResponse,
  PutFunctionConcurrencyRequest,
} from "@aws-sdk/client-lambda";
import {
  DeleteFunctionConcurrency$,
  GetFunctionConcurrency$,
  PutFunctionConcurrency$,
} from "../../../schemas/lambda.ts";
import type { Given, OperationDefinition } from "../../../operation.ts";
import { CONCURRENCY_MAX } from "../execution/concurrency_limit.ts";
import { functionNotFound, functionsOnly, invalidParameterValue } from "../errors.ts";
import { onFunction } from "../function_access.ts";
import type { LambdaFunction } from "../function.ts";
import { FUNCTION_NAME } from "../names.ts";
import type { LambdaState } from "../state.ts";

/** Concurrency that must remain for functions without a reservation. */
const UNRESERVED_MIN = 100;

type Defined<Input, Output> = OperationDefinition<Input, Output, LambdaState>;
type PutInput = Given<
  PutFunctionConcurrencyRequest,
  "FunctionName" | "ReservedConcurrentExecutions"
>;

export const PutFunctionConcurrency: Defined<PutInput, Concurrency> = {
  schema: PutFunctionConcurrency$,
  constraints: {
    FunctionName: FUNCTION_NAME,
    ReservedConcurrentExecutions: { required: true, range: [0, Infinity] },
  },
  access: onFunction("lambda:PutFunctionConcurrency"),
  run: async ({ FunctionName, ReservedConcurrentExecutions }, { state }) => {
    const name = unqualified(FunctionName, state);
    await state.update({ name }, (fn) => {
      checkUnreserved(fn, ReservedConcurrentExecutions, state);
      return { ...fn, reservedConcurrency: ReservedConcurrentExecutions };
    });
    return { ReservedConcurrentExecutions };
  },
};

export const GetFunctionConcurrency: Defined<
  Given<GetFunctionConcurrencyRequest, "FunctionName">,
  GetFunctionConcurrencyResponse
> = {
  schema: GetFunctionConcurrency$,
  constraints: { FunctionName: FUNCTION_NAME },
  access: onFunction("lambda:GetFunctionConcurrency"),
  run: ({ FunctionName }, { state }) => {
    const { reservedConcurrency } = state.function({ name: nameOnly(FunctionName, state) });
    return reservedConcurrency === undefined
      ? {}
      : { ReservedConcurrentExecutions: reservedConcurrency };
  },
};

export const DeleteFunctionConcurrency: Defined<
  Given<DeleteFunctionConcurrencyRequest, "FunctionName">,
  void
> = {
  schema: DeleteFunctionConcurrency$,
  constraints: { FunctionName: FUNCTION_NAME },
  access: onFunction("lambda:DeleteFunctionConcurrency"),
  run: async ({ FunctionName }, { state }) => {
    const name = unqualified(FunctionName, state);
    await state.update({ name }, ({ reservedConcurrency: _, ...fn }) => fn);
  },
};

/** The function's name. Throws where a version or an alias is named. */
function nameOnly(functionName: string, state: LambdaState): string {
  const { name, qualifier } = state.reference(functionName);
  if (qualifier !== undefined) throw functionsOnly();
  return name;
}

/**
 * The name of a function that is there. AWS names `$LATEST` if it is not, other than
 * GetFunctionConcurrency (both recorded 2025-11).
 */
function unqualified(functionName: string, state: LambdaState): string {
  const name = nameOnly(functionName, state);
  if (!state.find(name)) throw functionNotFound(state.arn({ name, qualifier: "$LATEST" }));
  return name;
}

function checkUnreserved(fn: LambdaFunction, reserved: number, state: LambdaState): void {
  const others = state.functions().filter(({ id }) => id !== fn.id)
    .reduce((sum, { reservedConcurrency = 0 }) => sum + reservedConcurrency, 0);
  if (CONCURRENCY_MAX - others - reserved >= UNRESERVED_MIN) return;
  throw invalidParameterValue(
    "Specified ReservedConcurrentExecutions for function decreases account's " +
      `UnreservedConcurrentExecution below its minimum value of [${UNRESERVED_MIN}].`,
  );
}
