/**
 * DeleteFunction: the function with all that belongs to it, or one of its published versions.
 * @module
 */

import type { DeleteFunctionRequest, DeleteFunctionResponse } from "@aws-sdk/client-lambda";
import { DeleteFunction$ } from "../../../schemas/lambda.ts";
import type { Given, OperationDefinition } from "../../../operation.ts";
import { invalidParameterValue, resourceConflict } from "../errors.ts";
import { onVersion } from "../function_access.ts";
import { FUNCTION_NAME, QUALIFIER } from "../names.ts";
import type { LambdaState } from "../state.ts";

export const DeleteFunction: OperationDefinition<
  Given<DeleteFunctionRequest, "FunctionName">,
  DeleteFunctionResponse,
  LambdaState
> = {
  schema: DeleteFunction$,
  constraints: { FunctionName: FUNCTION_NAME, Qualifier: QUALIFIER },
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
  await state.update({ name }, (fn) => {
    const alias = fn.aliases.find(({ functionVersion, weights = {} }) =>
      functionVersion === version || Object.hasOwn(weights, version)
    );
    if (alias) {
      // The text is ours: AWS's is not known.
      throw resourceConflict(`Version ${version} is used by the alias ${alias.name}.`);
    }
    // A version that is not there is deleted already.
    const { [version]: _, ...policies } = fn.policies;
    const versions = fn.versions.filter((other) => other.version !== version);
    return { ...fn, policies, versions };
  });
}
