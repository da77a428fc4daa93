/**
 * A function's resource policy, statement by statement: AddPermission, GetPolicy, RemovePermission.
 * @module
 */

import type {
  AddPermissionRequest,
  AddPermissionResponse,
  GetPolicyRequest,
  GetPolicyResponse,
  RemovePermissionRequest,
} from "@aws-sdk/client-lambda";
import { AddPermission$, GetPolicy$, RemovePermission$ } from "../../../schemas/lambda.ts";
import type { MemberConstraint } from "../../../constraints.ts";
import { AwsError } from "../../../errors.ts";
import type { Given, OperationDefinition } from "../../../operation.ts";
import {
  aliasNotFound,
  functionNotFound,
  invalidParameterValue,
  notSupported,
  policyRevisionMismatch,
  resourceConflict,
  resourceNotFound,
} from "../errors.ts";
import type { AccessRequest } from "../../../access/caller.ts";
import { onVersion } from "../function_access.ts";
import type { LambdaFunction, PolicyStatement } from "../function.ts";
import { type FunctionReference, NAMESPACED_FUNCTION_NAME, QUALIFIER } from "../names.ts";
import { revisionOf, withRevision } from "../revisions.ts";
import type { LambdaState } from "../state.ts";

type Defined<Input, Output> = OperationDefinition<Input, Output, LambdaState>;
type AddInput = Given<
  AddPermissionRequest,
  "FunctionName" | "StatementId" | "Action" | "Principal"
>;

/** Bytes of a policy. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const POLICY_BYTES_MAX = 20_480;

const STATEMENT_ID: MemberConstraint = {
  required: true,
  length: [1, 100],
  pattern: "([a-zA-Z0-9-_]+)",
};

export const AddPermission: Defined<AddInput, AddPermissionResponse> = {
  schema: AddPermission$,
  constraints: {
    FunctionName: NAMESPACED_FUNCTION_NAME,
    Qualifier: QUALIFIER,
    StatementId: STATEMENT_ID,
    Action: { required: true, pattern: "(lambda:[*]|lambda:[a-zA-Z]+|[*])" },
    Principal: { required: true, pattern: "[^\\s]+" },
    SourceArn: {
      pattern: "arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9\\-])+:" +
        "((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1})?:(\\d{12})?:(.*)",
    },
    SourceAccount: { length: [0, 12], pattern: "\\d{12}" },
    PrincipalOrgID: { length: [12, 34], pattern: "o-[a-z0-9]{10,32}" },
  },
  access: (input, context) =>
    withPrincipal(onVersion("lambda:AddPermission")(input, context), input.Principal),
  run: async (input, { state }) => {
    refuseUnsupported(input);
    const reference = policyReference(state.reference(input.FunctionName, input.Qualifier));
    const { qualifier = "" } = reference;
    const statement = statementOf(input, state.arn(reference));
    const revisionId = state.options.random.uuid();
    await state.update(reference, (fn) => {
      checkQualifier(fn, reference, state);
      checkRevision(policyRevision(fn, qualifier), input.RevisionId);
      const others = fn.policies[qualifier]?.statements ?? [];
      if (others.some(({ Sid }) => Sid === statement.Sid)) {
        throw resourceConflict(
          `The statement id (${statement.Sid}) provided already exists. Please provide a new ` +
            "statement id, or remove the existing statement.",
        );
      }
      const statements = [...others, statement];
      checkSize(statements);
      const policies = { ...fn.policies, [qualifier]: { statements, revisionId } };
      return withRevision({ ...fn, policies }, qualifier, revisionId);
    });
    return { Statement: JSON.stringify(statement) };
  },
};

export const GetPolicy: Defined<Given<GetPolicyRequest, "FunctionName">, GetPolicyResponse> = {
  schema: GetPolicy$,
  constraints: { FunctionName: NAMESPACED_FUNCTION_NAME, Qualifier: QUALIFIER },
  access: onVersion("lambda:GetPolicy"),
  run: ({ FunctionName, Qualifier }, { state }) => {
    const { name, qualifier = "" } = state.reference(FunctionName, Qualifier);
    const fn = state.find(name);
    const policy = fn?.policies[qualifier];
    if (!policy) throw resourceNotFound("The resource you requested does not exist.");
    return { Policy: policyText(policy.statements), RevisionId: policyRevision(fn, qualifier) };
  },
};

export const RemovePermission: Defined<
  Given<RemovePermissionRequest, "FunctionName" | "StatementId">,
  void
> = {
  schema: RemovePermission$,
  constraints: {
    FunctionName: NAMESPACED_FUNCTION_NAME,
    Qualifier: QUALIFIER,
    StatementId: STATEMENT_ID,
  },
  access: (input, context) => {
    const { name, qualifier = "" } = context.state.reference(input.FunctionName, input.Qualifier);
    const { statements = [] } = context.state.find(name)?.policies[qualifier] ?? {};
    const principal = statements.find(({ Sid }) => Sid === input.StatementId)?.Principal;
    return withPrincipal(
      onVersion("lambda:RemovePermission")(input, context),
      typeof principal === "object" ? Object.values(principal)[0] : principal,
    );
  },
  run: async ({ FunctionName, Qualifier, StatementId, RevisionId }, { state }) => {
    const reference = state.reference(FunctionName, Qualifier);
    const { name, qualifier = "" } = reference;
    if (!state.find(name)) throw resourceNotFound(`No policy found for: ${state.arn(reference)}`);
    const revisionId = state.options.random.uuid();
    await state.update(reference, (fn) => {
      checkQualifier(fn, reference, state);
      const { [qualifier]: policy, ...others } = fn.policies;
      if (!policy) {
        throw resourceNotFound("No policy is associated with the given resource.");
      }
      checkRevision(policyRevision(fn, qualifier), RevisionId);
      const statements = policy.statements.filter(({ Sid }) => Sid !== StatementId);
      if (statements.length === policy.statements.length) {
        throw resourceNotFound(`Statement ${StatementId} is not found in resource policy.`);
      }
      const left = statements.length === 0 ? {} : { [qualifier]: { statements, revisionId } };
      return withRevision({ ...fn, policies: { ...others, ...left } }, qualifier, revisionId);
    });
  },
};

/** Adds the condition key `lambda:Principal`: the principal that the statement allows. */
function withPrincipal(
  requests: readonly AccessRequest[],
  principal: string | undefined,
): readonly AccessRequest[] {
  if (principal === undefined) return requests;
  return requests.map((request) => ({ ...request, conditions: { "lambda:Principal": principal } }));
}

function refuseUnsupported(input: AddInput): void {
  for (const name of ["FunctionUrlAuthType", "InvokedViaFunctionUrl"] as const) {
    if (input[name] !== undefined) throw notSupported(name);
  }
}

function policyReference(reference: FunctionReference): FunctionReference {
  if (reference.qualifier !== "$LATEST") return reference;
  throw invalidParameterValue("We currently do not support adding policies for $LATEST.");
}

function checkQualifier(
  { aliases, versions }: LambdaFunction,
  reference: FunctionReference,
  state: LambdaState,
): void {
  const { qualifier } = reference;
  const exists = qualifier === undefined || aliases.some(({ name }) => name === qualifier) ||
    versions.some(({ version }) => version === qualifier);
  if (exists) return;
  const arn = state.arn(reference);
  throw isAliasName(qualifier) ? aliasNotFound(arn) : functionNotFound(arn);
}

/** Texts for what is not there: recorded on AWS for `alias-doesnotexist`, `42` and a name with `$` (2025-11). */
const isAliasName = (qualifier: string) => /^(?!\d+$)[\w-]+$/.test(qualifier);

/**
 * The revision of a policy: it stays when the function gets another one, by a published version for
 * example (LocalStack's test_lambda_permission_fn_versioning, recorded on AWS 2025-11). Before the
 * first statement it is that of the function, version or alias.
 */
function policyRevision(fn: LambdaFunction | undefined, qualifier: string): string | undefined {
  return fn && (fn.policies[qualifier]?.revisionId ?? revisionOf(fn, qualifier));
}

function checkRevision(current: string | undefined, given: string | undefined): void {
  if (given !== undefined && given !== current) throw policyRevisionMismatch();
}

function statementOf(input: AddInput, Resource: string): PolicyStatement {
  const { SourceArn, SourceAccount, PrincipalOrgID, EventSourceToken } = input;
  const equal = {
    ...(SourceAccount === undefined ? {} : { "AWS:SourceAccount": SourceAccount }),
    ...(PrincipalOrgID === undefined ? {} : { "aws:PrincipalOrgID": PrincipalOrgID }),
    ...(EventSourceToken === undefined ? {} : { "lambda:EventSourceToken": EventSourceToken }),
  };
  const Condition = {
    ...(Object.keys(equal).length === 0 ? {} : { StringEquals: equal }),
    ...(SourceArn === undefined ? {} : { ArnLike: { "AWS:SourceArn": SourceArn } }),
  };
  return {
    Sid: input.StatementId,
    Effect: "Allow",
    Principal: principalOf(input.Principal),
    Action: input.Action,
    Resource,
    ...(Object.keys(Condition).length === 0 ? {} : { Condition }),
  };
}

function principalOf(text: string): PolicyStatement["Principal"] {
  if (text === "*") return "*";
  if (/^\d{12}$/.test(text)) return { AWS: `arn:aws:iam::${text}:root` };
  if (/^arn:aws[\w-]*:(iam::\d{12}:(root|(user|role)\/.+)|sts::\d{12}:.+)$/.test(text)) {
    return { AWS: text };
  }
  if (/^[a-z0-9.-]+\.amazonaws\.com$/.test(text)) return { Service: text };
  throw invalidParameterValue(
    "The provided principal was invalid. Please check the principal and try again.",
  );
}

function policyText(statements: readonly PolicyStatement[]): string {
  return JSON.stringify({ Version: "2012-10-17", Id: "default", Statement: statements });
}

function checkSize(statements: readonly PolicyStatement[]): void {
  const bytes = new TextEncoder().encode(policyText(statements)).length;
  if (bytes <= POLICY_BYTES_MAX) return;
  throw new AwsError(
    "PolicyLengthExceededException",
    400,
    `The final policy size (${bytes}) is bigger than the limit (${POLICY_BYTES_MAX}).`,
  );
}
