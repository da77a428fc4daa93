/**
 * DeleteFunction: the function with all that belongs to it, or one of its published versions.
 * @module
 */

import type { DeleteFunctionRequest, DeleteFunctionResponse } from "@aws-sdk/client-lambda";
import { DeleteFunction$ } from "../../../schemas/lambda.ts";
import type { Given, OperationDefinition } from "../../../operation.ts";
import { invalidParameterValue, resourceConflict } from "../errors.ts";
import { onVersion } from "../function_access.ts";
import { NAMESPACED_FUNCTION_NAME, QUALIFIER } from "../names.ts";
import type { LambdaState } from "../state.ts";

export const DeleteFunction: OperationDefinition<
  Given<DeleteFunctionRequest, "FunctionName">,
  DeleteFunctionResponse,
  LambdaState
> = {
  schema: DeleteFunction$,
  constraints: { FunctionName: NAMESPACED_FUNCTION_NAME, Qualifier: QUALIFIER },
  // The model says 200; AWS answers 204 (captured).
  status: 204,
  access: onVersion("lambda:DeleteFunction"),
  run: async ({ FunctionName, Qualifier }, { state }) => {
    const { name, qualifier } = state.reference(FunctionName, Qualifier);
    if (qualifier === undefined) await state.delete({ name });
    else await deleteVersion(state, name, qualifier);
    return { StatusCode: 204 };
  },
};

async function deleteVersion(state: LambdaState, name: string, version: string): Promise<void> {
  if (version === "$LATEST") {
    throw invalidParameterValue(
      "$LATEST version cannot be deleted without deleting the function.",
    );
  }
  if (!/^\d+$/.test(version)) {
    // A function that is not there comes first; both texts were recorded on AWS (2025-11, 2024-08).
    state.function({ name });
    throw invalidParameterValue("Deletion of aliases is not currently supported.");
  }
  await state.update({ name }, (fn) => {
    const aliases = fn.aliases.filter(({ functionVersion, weights = {} }) =>
      functionVersion === version || Object.hasOwn(weights, version)
    );
    if (aliases.length > 0) {
      // The text that programs which delete versions match, in 2024 and later.
      throw resourceConflict(
        "Unable to delete version because the following aliases reference it: " +
          `[${aliases.map(({ name }) => name).join(", ")}]`,
      );
    }
    // A version that is not there is deleted already.
    const { [version]: _, ...policies } = fn.policies;
    const versions = fn.versions.filter((other) => other.version !== version);
    return { ...fn, policies, versions };
  });
}
