/**
 * ListFunctions and ListVersionsByFunction.
 * @module
 */

import type {
  ListFunctionsRequest,
  ListFunctionsResponse,
  ListVersionsByFunctionRequest,
  ListVersionsByFunctionResponse,
} from "@aws-sdk/client-lambda";
import { ListFunctions$, ListVersionsByFunction$ } from "../../../schemas/lambda.ts";
import type { Given, OperationDefinition } from "../../../operation.ts";
import { listedConfiguration, type ShownConfiguration } from "../configuration.ts";
import { notSupported } from "../errors.ts";
import { onFunction } from "../function_access.ts";
import { NAMESPACED_FUNCTION_NAME } from "../names.ts";
import { MAX_ITEMS, pageOf } from "../pages.ts";
import type { LambdaState } from "../state.ts";

type FunctionsResponse = Omit<ListFunctionsResponse, "Functions"> & {
  readonly Functions: ShownConfiguration[];
};

export const ListFunctions: OperationDefinition<
  ListFunctionsRequest,
  FunctionsResponse,
  LambdaState
> = {
  schema: ListFunctions$,
  constraints: { FunctionVersion: { enum: ["ALL"] }, MaxItems: MAX_ITEMS },
  access: () => [{ action: "lambda:ListFunctions", resource: "*" }],
  run: (input, { state }) => {
    if (input.MasterRegion !== undefined) throw notSupported("MasterRegion");
    const listed = state.functions().flatMap((fn) =>
      input.FunctionVersion === "ALL"
        ? [fn.latest, ...fn.versions].map((version) =>
          listedConfiguration(fn, version, version.version)
        )
        : [listedConfiguration(fn, fn.latest, undefined)]
    );
    const { items, NextMarker } = pageOf(listed, ({ FunctionArn = "" }) => FunctionArn, input);
    return { Functions: items, NextMarker };
  },
};

type VersionsResponse = Omit<ListVersionsByFunctionResponse, "Versions"> & {
  readonly Versions: ShownConfiguration[];
};

export const ListVersionsByFunction: OperationDefinition<
  Given<ListVersionsByFunctionRequest, "FunctionName">,
  VersionsResponse,
  LambdaState
> = {
  schema: ListVersionsByFunction$,
  constraints: { FunctionName: NAMESPACED_FUNCTION_NAME, MaxItems: MAX_ITEMS },
  access: onFunction("lambda:ListVersionsByFunction"),
  run: (input, { state }) => {
    const fn = state.function({ name: state.reference(input.FunctionName).name });
    const { items, NextMarker } = pageOf(
      [fn.latest, ...fn.versions],
      ({ version }) => version,
      input,
    );
    const Versions = items.map((version) => listedConfiguration(fn, version, version.version));
    return { Versions, NextMarker };
  },
};
