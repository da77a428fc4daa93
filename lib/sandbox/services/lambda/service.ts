/**
 * Lambda, as far as a Firehose pipeline needs it: Node.js functions from zips.
 * @module
 */

import { bind, operationTable, type Service } from "../../operation.ts";
import { CreateAlias, DeleteAlias, GetAlias, ListAliases, UpdateAlias } from "./aliases.ts";
import {
  DeleteFunctionConcurrency,
  GetFunctionConcurrency,
  PutFunctionConcurrency,
} from "./concurrency.ts";
import { CreateFunction } from "./create_function.ts";
import { DeleteFunction } from "./delete_function.ts";
import { GetFunction, GetFunctionConfiguration } from "./get_function.ts";
import { Invoke } from "./invoke.ts";
import { ListFunctions, ListVersionsByFunction } from "./list_functions.ts";
import { AddPermission, GetPolicy, RemovePermission } from "./permissions.ts";
import type { LambdaState } from "./state.ts";
import { ListTags, TagResource, UntagResource } from "./tags.ts";
import { UpdateFunctionCode } from "./update_function_code.ts";
import { UpdateFunctionConfiguration } from "./update_function_configuration.ts";
import { PublishVersion } from "./versions.ts";

/** Lambda's table of operations on `state`. */
export function lambdaService(state: LambdaState): Service {
  return {
    signingName: "lambda",
    protocol: { kind: "restJson" },
    operations: operationTable([
      bind(CreateFunction, state),
      bind(GetFunction, state),
      bind(GetFunctionConfiguration, state),
      bind(UpdateFunctionCode, state),
      bind(UpdateFunctionConfiguration, state),
      bind(DeleteFunction, state),
      bind(ListFunctions, state),
      bind(Invoke, state),
      bind(PublishVersion, state),
      bind(ListVersionsByFunction, state),
      bind(CreateAlias, state),
      bind(GetAlias, state),
      bind(UpdateAlias, state),
      bind(DeleteAlias, state),
      bind(ListAliases, state),
      bind(AddPermission, state),
      bind(GetPolicy, state),
      bind(RemovePermission, state),
      bind(PutFunctionConcurrency, state),
      bind(GetFunctionConcurrency, state),
      bind(DeleteFunctionConcurrency, state),
      bind(TagResource, state),
      bind(UntagResource, state),
      bind(ListTags, state),
    ]),
  };
}
