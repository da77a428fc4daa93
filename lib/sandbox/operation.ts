/**
 * What a service is to the rest of the sandbox: a table of operations. Protocol, signature,
 * constraints and permission are settled, in this order, before `run` is called.
 * @module
 */

import type { StaticOperationSchema } from "@smithy/types";
import type { Sender } from "./access/call_conditions.ts";
import type { AccessRequest, Caller, ConditionContext } from "./access/caller.ts";
import type { Constraints } from "./constraints.ts";

/** What every operation gets besides its input. `State` belongs to the service. */
export interface Context<State> {
  readonly state: State;
  readonly caller: Caller;
  readonly region: string;
  readonly requestId: string;
  /** When the request came, in true milliseconds since the epoch. */
  readonly nowMs: number;
  /** The request's HTTP headers, for the few things that are not in the input. */
  readonly headers: Headers;
  /** Absent for a call of the sandbox itself. */
  readonly sender?: Sender | undefined;
  readonly signature: SignatureFacts;
  /** Records of a batch that a fault on demand refuses, by their place; absent means none. */
  readonly failRecords?: readonly number[] | undefined;
}

/** The rule of one operation: typed input to typed output; refusals are thrown `AwsError`s. */
export type Operation<Input, Output, State> = (
  input: Input,
  context: Context<State>,
) => Output | Promise<Output>;

/** One row of a service's table. */
export interface OperationDefinition<Input, Output, State> {
  /** The SDK's own schema of the operation, such as `PutRecord$`. */
  readonly schema: StaticOperationSchema;
  /** Constraints of the model (length, range, pattern, enum, required), checked before permission. */
  readonly constraints: Constraints;
  /**
   * The permissions that the caller needs, all of them. An empty list means that none is needed
   * (GetCallerIdentity). Conditions that depend on state may be read from `context.state`.
   */
  readonly access: (
    input: Input,
    context: Context<State>,
  ) => readonly AccessRequest[];
  /** Overrides the HTTP status of the schema, where AWS differs from its model. */
  readonly status?: number;
  /** What `x-amz-checksum-*` headers sum up: the request's body (the default), or the object. */
  readonly checksumsOf?: "body" | "object";
  readonly run: Operation<Input, Output, State>;
}

/** An operation with its input type hidden: a row of a service's table. */
export interface BoundOperation {
  readonly schema: StaticOperationSchema;
  readonly constraints: Constraints;
  readonly status?: number;
  readonly checksumsOf?: "body" | "object";
  /** `input` is what the protocol decoded by `schema`. */
  access(input: unknown, request: RequestContext): readonly AccessRequest[];
  run(input: unknown, request: RequestContext): Promise<unknown>;
}

/** A request's context before a service adds its state. */
export type RequestContext = Omit<Context<unknown>, "state">;

/** How a service speaks. */
export type Protocol =
  | {
    readonly kind: "awsJson";
    readonly version: "1.0" | "1.1";
    readonly targetPrefix: string;
    /** What the service calls a violation of its model; `ValidationException` when absent. */
    readonly validationCode?: string;
    readonly errorNames?: ErrorNames;
  }
  | {
    readonly kind: "query";
    readonly version: string;
    readonly xmlNamespace: string;
    /** Whether a refusal by the model leaves the value out: IAM's does (captured). */
    readonly hidesValues?: boolean;
    /** EC2's errors have their own form. */
    readonly isEc2?: boolean;
    readonly errorNames?: ErrorNames;
  }
  | {
    readonly kind: "rpcV2Cbor";
    /** The service in the path: `/service/GraniteServiceVersion20100801/operation/…`. */
    readonly serviceName: string;
    readonly errorNames: ErrorNames;
  }
  | { readonly kind: "restJson" }
  | { readonly kind: "restXml"; readonly xmlNamespace: string };

/** Errors of a service that once spoke query only, and whose old codes clients still match on. */
export interface ErrorNames {
  /** Stands before the type on the wire: `com.amazonaws.cloudwatch.v2010_08_01`. */
  readonly namespace: string;
  /** The query protocol's code by type: `InvalidParameterValue` of `InvalidParameterValueException`. */
  readonly queryCodes: ReadonlyMap<string, string>;
}

/** A call, once its input is decoded. */
export interface ServiceCall {
  /** `PutObject`. */
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly context: RequestContext;
}

/** What a policy can ask about a request's signature. */
export interface SignatureFacts {
  readonly version: 2 | 4;
  readonly place: "header" | "query";
  /** Milliseconds since the epoch; undefined if the signature does not state it. */
  readonly signedMs: number | undefined;
}

/** A service as the server sees it. */
export interface Service {
  /** The service in the credential scope: `firehose`, `s3`, `iam`, `sts`, `lambda`, `logs`. */
  readonly signingName: string;
  readonly protocol: Protocol;
  /** Further protocols in which the service answers those who ask in them. */
  readonly otherProtocols?: readonly Protocol[];
  /** Whether request bodies may come with `content-encoding: gzip`. */
  readonly takesGzip?: boolean;
  /**
   * The service's own condition keys for one thing that a call wants to do, besides those that the
   * operation states itself.
   */
  readonly conditions?: (request: AccessRequest, call: ServiceCall) => ConditionContext;
  /** By operation name as AWS spells it. */
  readonly operations: ReadonlyMap<string, BoundOperation>;
  /** The region of a bucket of S3; undefined if there is none. */
  readonly regionOfBucket?: (name: string) => string | undefined;
  /** The schemas of all operations on AWS, of a REST service: they name those that are not here. */
  readonly allSchemas?: () => readonly StaticOperationSchema[];
}

/**
 * Seals an operation's types together with its service's state.
 *
 * The protocol layer decodes by `schema`, and Input is the SDK's own type of the same shape: that
 * the two agree is the one thing the compiler cannot see, so it is asserted here and only here.
 */
export function bind<Input, Output, State>(
  definition: OperationDefinition<Input, Output, State>,
  state: State,
): BoundOperation {
  return {
    schema: definition.schema,
    constraints: definition.constraints,
    status: definition.status,
    checksumsOf: definition.checksumsOf,
    access: (input, request) => definition.access(input as Input, { ...request, state }),
    run: async (input, request) => await definition.run(input as Input, { ...request, state }),
  };
}

/**
 * `Input` with the members `Names` present: the SDK types them as possibly undefined even where
 * the model requires them, and an operation runs only after its `required` constraints were met.
 */
export type Given<Input, Names extends keyof Input> =
  & Input
  & { readonly [Name in Names]-?: NonNullable<Input[Name]> };

/** A service's table, from its operations. */
export function operationTable(
  operations: readonly BoundOperation[],
): ReadonlyMap<string, BoundOperation> {
  return new Map(operations.map((operation) => [operation.schema[2], operation]));
}
