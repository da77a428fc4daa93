/**
 * Lambda, as far as a Firehose pipeline needs it: Node.js functions from zips.
 * @module
 */

import { bind, operationTable, type Service } from "../../operation.ts";
import { CreateFunction } from "./create_function.ts";
import { DeleteFunction } from "./delete_function.ts";
import { GetFunction, GetFunctionConfiguration } from "./get_function.ts";
import { Invoke } from "./invoke.ts";
import type { LambdaState } from "./state.ts";

/** Lambda's table of operations on `state`. */
export function lambdaService(state: LambdaState): Service {
  return {
    signingName: "lambda",
    protocol: { kind: "restJson" },
    operations: operationTable([
      bind(CreateFunction, state),
      bind(GetFunction, state),
      bind(GetFunctionConfiguration, state),
      bind(DeleteFunction, state),
      bind(Invoke, state),
    ]),
  };
}
