/**
 * Aliases: CreateAlias, GetAlias, UpdateAlias, DeleteAlias, ListAliases.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-aliases.html
 * @module
 */

import type {
  AliasConfiguration,
  AliasRoutingConfiguration,
  CreateAliasRequest,
  DeleteAliasRequest,
  GetAliasRequest,
  ListAliasesRequest,
  ListAliasesResponse,
  UpdateAliasRequest,
} from "@aws-sdk/client-lambda";
import {
  CreateAlias$,
  DeleteAlias$,
  GetAlias$,
  ListAliases$,
  UpdateAlias$,
} from "../../../schemas/lambda.ts";
import type { Constraints, MemberConstraint } from "../../../constraints.ts";
import type { Given, OperationDefinition } from "../../../operation.ts";
import {
  aliasNotFound,
  functionNotFound,
  invalidParameterValue,
  resourceConflict,
  resourceNotFound,
  revisionMismatch,
} from "../errors.ts";
import { onFunction } from "../function_access.ts";
import type { Alias, LambdaFunction } from "../function.ts";
import { FUNCTION_NAME } from "../names.ts";
import { MAX_ITEMS, pageOf } from "../pages.ts";
import { SETTINGS } from "../settings.ts";
import type { LambdaState } from "../state.ts";

type Named<Input extends { FunctionName: string | undefined; Name: string | undefined }> = Given<
  Input,
  "FunctionName" | "Name"
>;
type Defined<Input, Output> = OperationDefinition<Input, Output, LambdaState>;

const ALIAS_NAME: MemberConstraint = {
  required: true,
  length: [1, 128],
  pattern: "(?!^[0-9]+$)([a-zA-Z0-9-_]+)",
};
const VERSION: MemberConstraint = { length: [1, 1024], pattern: "(\\$LATEST|[0-9]+)" };
const ALIAS: Constraints = {
  FunctionName: FUNCTION_NAME,
  Name: ALIAS_NAME,
  FunctionVersion: VERSION,
  Description: SETTINGS.Description,
  RoutingConfig: {
    members: {
      AdditionalVersionWeights: {
        key: { length: [1, 1_024], pattern: "[0-9]+" },
        item: { range: [0, 1], isDouble: true },
      },
    },
  },
};

export const CreateAlias: Defined<
  Named<CreateAliasRequest> & { readonly FunctionVersion: string },
  AliasConfiguration
> = {
  schema: CreateAlias$,
  constraints: { ...ALIAS, FunctionVersion: { ...VERSION, required: true } },
  access: onFunction("lambda:CreateAlias"),
  run: async (input, { state }) => {
    const { name } = state.reference(input.FunctionName);
    const alias: Alias = {
      name: input.Name,
      functionVersion: input.FunctionVersion,
      description: input.Description ?? "",
      revisionId: state.options.random.uuid(),
      weights: weightsOf(input.RoutingConfig),
    };
    // A function that is not there is named with the version (recorded on AWS, 2025-11).
    const fn = await state.update({ name, qualifier: alias.functionVersion }, (fn) => {
      if (find(fn, alias.name)) {
        throw resourceConflict(`Alias already exists: ${fn.arn}:${alias.name}`);
      }
      checkVersions(fn, alias);
      return { ...fn, aliases: sorted([...fn.aliases, alias]) };
    });
    return shown(fn, alias);
  },
};

export const GetAlias: Defined<Named<GetAliasRequest>, AliasConfiguration> = {
  schema: GetAlias$,
  constraints: { FunctionName: FUNCTION_NAME, Name: ALIAS_NAME },
  access: onFunction("lambda:GetAlias"),
  run: ({ FunctionName, Name }, { state }) => {
    const fn = state.function({ name: state.reference(FunctionName).name });
    const alias = find(fn, Name);
    if (!alias) throw aliasNotFound(`${fn.arn}:${Name}`);
    return shown(fn, alias);
  },
};

export const UpdateAlias: Defined<Named<UpdateAliasRequest>, AliasConfiguration> = {
  schema: UpdateAlias$,
  constraints: ALIAS,
  access: onFunction("lambda:UpdateAlias"),
  run: async (input, { state }) => {
    const { name } = state.reference(input.FunctionName);
    const revisionId = state.options.random.uuid();
    const fn = await state.update({ name }, (fn) => {
      const before = find(fn, input.Name);
      if (!before) throw resourceNotFound(`Alias not found: ${fn.arn}:${input.Name}`);
      if (input.RevisionId !== undefined && input.RevisionId !== before.revisionId) {
        throw revisionMismatch();
      }
      const after: Alias = {
        ...before,
        functionVersion: input.FunctionVersion ?? before.functionVersion,
        description: input.Description ?? before.description,
        weights: input.RoutingConfig ? weightsOf(input.RoutingConfig) : before.weights,
        revisionId,
      };
      checkVersions(fn, after);
      return { ...fn, aliases: fn.aliases.map((alias) => alias === before ? after : alias) };
    });
    const alias = find(fn, input.Name);
    if (!alias) throw new Error("invariant broken: an alias is gone in its own update");
    return shown(fn, alias);
  },
};

export const DeleteAlias: Defined<Named<DeleteAliasRequest>, void> = {
  schema: DeleteAlias$,
  constraints: { FunctionName: FUNCTION_NAME, Name: ALIAS_NAME },
  access: onFunction("lambda:DeleteAlias"),
  run: async ({ FunctionName, Name }, { state }) => {
    const { name } = state.reference(FunctionName);
    await state.update({ name }, (fn) => {
      const { [Name]: _, ...policies } = fn.policies;
      return { ...fn, policies, aliases: fn.aliases.filter((alias) => alias.name !== Name) };
    });
  },
};

export const ListAliases: Defined<
  Given<ListAliasesRequest, "FunctionName">,
  ListAliasesResponse
> = {
  schema: ListAliases$,
  constraints: { FunctionName: FUNCTION_NAME, FunctionVersion: VERSION, MaxItems: MAX_ITEMS },
  access: onFunction("lambda:ListAliases"),
  run: (input, { state }) => {
    const fn = state.function({ name: state.reference(input.FunctionName).name });
    const wanted = fn.aliases.filter(({ functionVersion }) =>
      input.FunctionVersion === undefined || functionVersion === input.FunctionVersion
    );
    const { items, NextMarker } = pageOf(wanted, (alias) => alias.name, input);
    return { Aliases: items.map((alias) => shown(fn, alias)), NextMarker };
  },
};

const find = ({ aliases }: LambdaFunction, wanted: string) =>
  aliases.find(({ name }) => name === wanted);

const sorted = (aliases: readonly Alias[]) => aliases.toSorted((a, b) => a.name < b.name ? -1 : 1);

function weightsOf(
  { AdditionalVersionWeights = {} }: AliasRoutingConfiguration = {},
): Readonly<Record<string, number>> | undefined {
  return Object.keys(AdditionalVersionWeights).length === 0
    ? undefined
    : { ...AdditionalVersionWeights };
}

/**
 * Throws unless every version that the alias leads to exists and may be combined. Texts: recorded on
 * AWS (LocalStack's test_notfound_and_invalid_routingconfigs, 2025-11). Order: LocalStack's provider.
 */
function checkVersions(fn: LambdaFunction, { functionVersion, weights = {} }: Alias): void {
  const others = Object.keys(weights);
  if (others.length > 1) {
    throw invalidParameterValue(
      "Number of items in AdditionalVersionWeights cannot be greater than 1",
    );
  }
  if (others.includes(functionVersion)) {
    throw invalidParameterValue(
      `Invalid function version ${functionVersion}. Function version ${functionVersion} is ` +
        "already included in routing configuration.",
    );
  }
  for (const wanted of [functionVersion, ...others]) {
    const exists = wanted === "$LATEST" || fn.versions.some(({ version }) => version === wanted);
    if (!exists) throw functionNotFound(`${fn.arn}:${wanted}`);
  }
  if (others.length === 0) return;
  if (functionVersion === "$LATEST") {
    throw invalidParameterValue(
      "$LATEST is not supported for an alias pointing to more than 1 version",
    );
  }
}

function shown(fn: LambdaFunction, alias: Alias): AliasConfiguration {
  return {
    AliasArn: `${fn.arn}:${alias.name}`,
    Name: alias.name,
    FunctionVersion: alias.functionVersion,
    Description: alias.description,
    RevisionId: alias.revisionId,
    ...(alias.weights ? { RoutingConfig: { AdditionalVersionWeights: { ...alias.weights } } } : {}),
  };
}
