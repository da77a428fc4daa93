/**
 * Lambda, as far as a Firehose pipeline needs it: functions from zips.
 * @module
 */

import { bind, operationTable, type Service } from "../../operation.ts";
import { allSchemas } from "../../schemas/lambda.ts";
import {
  CreateAlias,
  DeleteAlias,
  GetAlias,
  ListAliases,
  UpdateAlias,
} from "./operations/aliases.ts";
import {
  DeleteFunctionConcurrency,
  GetFunctionConcurrency,
  PutFunctionConcurrency,
} from "./operations/concurrency.ts";
import { CreateFunction } from "./operations/create_function.ts";
import { DeleteFunction } from "./operations/delete_function.ts";
import { GetFunction, GetFunctionConfiguration } from "./operations/get_function.ts";
import { Invoke } from "./operations/invoke.ts";
import { ListFunctions, ListVersionsByFunction } from "./operations/list_functions.ts";
import { GetFunctionCodeSigningConfig } from "./operations/code_signing.ts";
import { AddPermission, GetPolicy, RemovePermission } from "./operations/permissions.ts";
import type { LambdaState } from "./state.ts";
import { ListTags, TagResource, UntagResource } from "./operations/tags.ts";
import { UpdateFunctionCode } from "./operations/update_function_code.ts";
import { UpdateFunctionConfiguration } from "./operations/update_function_configuration.ts";
import { PublishVersion } from "./operations/versions.ts";

/** Lambda's table of operations on `state`. */
export function lambdaService(state: LambdaState): Service {
  return {
    signingName: "lambda",
    protocol: { kind: "restJson" },
    allSchemas,
    operations: operationTable([
      bind(CreateFunction, state),
      bind(GetFunction, state),
      bind(GetFunctionConfiguration, state),
      bind(GetFunctionCodeSigningConfig, state),
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
