/**
 * UpdateFunctionConfiguration: new settings for `$LATEST`. Members that are not given stay the same.
 * @module
 */

import type { UpdateFunctionConfigurationRequest } from "@aws-sdk/client-lambda";
import { UpdateFunctionConfiguration$ } from "../../../schemas/lambda.ts";
import type { Given, OperationDefinition } from "../../../operation.ts";
import { configurationOf, type ShownConfiguration } from "../configuration.ts";
import { onFunction } from "../function_access.ts";
import { FUNCTION_NAME } from "../names.ts";
import { checkEngine, checkRole, passRole, SETTINGS, settingsOf } from "../settings.ts";
import type { LambdaState } from "../state.ts";
import { beginUpdate, checkUpdatable } from "../updates.ts";

const access = onFunction("lambda:UpdateFunctionConfiguration");

export const UpdateFunctionConfiguration: OperationDefinition<
  Given<UpdateFunctionConfigurationRequest, "FunctionName">,
  ShownConfiguration,
  LambdaState
> = {
  schema: UpdateFunctionConfiguration$,
  constraints: { ...SETTINGS, FunctionName: FUNCTION_NAME },
  access: (input, context) => [
    ...access(input, context),
    ...(input.Role === undefined ? [] : [passRole(input.Role)]),
  ],
  run: async (input, { state, region, nowMs }) => {
    const name = state.changeable(input.FunctionName);
    const { random } = state.options;
    const before = state.function({ name });
    checkUpdatable(before, input.RevisionId);
    const settings = settingsOf(input);
    if (settings.roleArn !== undefined) checkRole(settings.roleArn, name, state.options);
    await checkEngine({ ...before.latest, ...settings }, state.options);
    const updated = await state.update({ name }, (fn) => {
      checkUpdatable(fn, input.RevisionId);
      return beginUpdate(fn, settings, { random, nowMs });
    });
    return configurationOf(updated, updated.latest, { region });
  },
};
