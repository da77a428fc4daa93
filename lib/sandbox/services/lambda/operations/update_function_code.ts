/**
 * UpdateFunctionCode: new code for `$LATEST`. Until the update ends, the old code runs.
 * @module
 */

import type { UpdateFunctionCodeRequest } from "@aws-sdk/client-lambda";
import { UpdateFunctionCode$ } from "../../../schemas/lambda.ts";
import type { Given, OperationDefinition } from "../../../operation.ts";
import { packageOf } from "../code.ts";
import { configurationOf, type ShownConfiguration } from "../configuration.ts";
import { notSupported } from "../errors.ts";
import { onFunction } from "../function_access.ts";
import type { FunctionVersion, LambdaFunction } from "../function.ts";
import { FUNCTION_NAME } from "../names.ts";
import { checkEngine, SETTINGS } from "../settings.ts";
import type { LambdaState } from "../state.ts";
import { beginUpdate, checkUpdatable } from "../updates.ts";
import { publish } from "./versions.ts";

export const UpdateFunctionCode: OperationDefinition<
  Given<UpdateFunctionCodeRequest, "FunctionName">,
  ShownConfiguration,
  LambdaState
> = {
  schema: UpdateFunctionCode$,
  constraints: { FunctionName: FUNCTION_NAME, Architectures: SETTINGS.Architectures },
  access: onFunction("lambda:UpdateFunctionCode"),
  run: async (input, context) => {
    const { state, region, nowMs } = context;
    if (input.PublishTo !== undefined) throw notSupported("PublishTo");
    const name = state.changeable(input.FunctionName);
    const { latest } = state.function({ name });
    checkUpdatable(state.function({ name }), input.RevisionId);
    const architecture = input.Architectures?.[0];
    if (architecture) await checkEngine({ ...latest, architecture }, state.options);
    const code = await packageOf(input, context);
    const changes: Partial<FunctionVersion> = { code, ...(architecture ? { architecture } : {}) };
    if (input.DryRun) {
      await state.discard(code);
      const fn = state.function({ name });
      return configurationOf(fn, { ...fn.latest, ...changes }, { region });
    }
    const change = (fn: LambdaFunction) => {
      checkUpdatable(fn, input.RevisionId);
      const begun = beginUpdate(fn, changes, { random: state.options.random, nowMs });
      return input.Publish ? publish(begun, {}, { random: state.options.random, nowMs }) : begun;
    };
    const updated = await state.taking(code, () => state.update({ name }, change));
    const published = input.Publish ? updated.versions.at(-1) : undefined;
    return configurationOf(updated, published ?? updated.latest, {
      qualifier: published?.version,
      region,
    });
  },
};
