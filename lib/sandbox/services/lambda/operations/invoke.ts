/**
 * Invoke: runs a function and waits, queues the event, or only checks whether the call is allowed.
 * https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 * @module
 */

import type { InvocationRequest, InvocationResponse } from "@aws-sdk/client-lambda";
import { Invoke$ } from "../../../schemas/lambda.ts";
import { Buffer } from "node:buffer";
import { callConditions } from "../../../access/call_conditions.ts";
import { AwsError } from "../../../errors.ts";
import type { Given, OperationDefinition } from "../../../operation.ts";
import { PoolStopped } from "../execution/environment_pool.ts";
import { invalidRequestContent, notSupported } from "../errors.ts";
import {
  type InvokeRequest,
  type InvokeResult,
  REQUEST_BYTES_MAX,
} from "../execution/invocations.ts";
import { NAMESPACED_FUNCTION_NAME, QUALIFIER } from "../names.ts";
import type { LambdaState } from "../state.ts";

/** Bytes of `LogResult`, before base64: the end of the log. */
const TAIL_BYTES = 4_096;
/** Characters of the client context's base64. */
const CLIENT_CONTEXT_MAX = 3_583;

type Input = Given<InvocationRequest, "FunctionName">;

export const Invoke: OperationDefinition<Input, InvocationResponse, LambdaState> = {
  schema: Invoke$,
  constraints: {
    FunctionName: NAMESPACED_FUNCTION_NAME,
    Qualifier: QUALIFIER,
    InvocationType: { enum: ["Event", "RequestResponse", "DryRun"] },
    LogType: { enum: ["None", "Tail"] },
  },
  // Decided in `run`: the function's resource policy may allow what IAM's policies do not.
  access: () => [],
  run: async (input, { state, caller, region, headers, sender, requestId }) => {
    if (input.TenantId !== undefined) throw notSupported("TenantId");
    if (input.DurableExecutionName !== undefined) throw notSupported("DurableExecutionName");
    const { invocations } = state;
    const request: InvokeRequest = {
      caller,
      reference: state.reference(input.FunctionName, input.Qualifier),
      conditions: callConditions({ region, headers, sender }),
      payload: eventOf(input.Payload),
      requestId,
      clientContext: clientContextOf(input.ClientContext),
      origin: "client",
    };
    switch (input.InvocationType) {
      case "DryRun":
        invocations.admit(request, REQUEST_BYTES_MAX);
        return { StatusCode: 204 };
      case "Event":
        await invocations.enqueue(request);
        return { StatusCode: 202 };
      default:
        return answerOf(await invocations.run(request).catch(refuseStopped), input);
    }
  },
};

function refuseStopped(error: unknown): never {
  if (!(error instanceof PoolStopped)) throw error;
  throw new AwsError("ServiceException", 500, "The sandbox was stopped.", { cause: error });
}

function answerOf(invoked: InvokeResult, { LogType }: Input): InvocationResponse {
  return {
    StatusCode: 200,
    // "Unhandled" is all that AWS has answered for years, whatever the function did (captured).
    ...(invoked.errorType === undefined ? {} : { FunctionError: "Unhandled" }),
    ...(LogType === "Tail" ? { LogResult: tailOf(invoked.log) } : {}),
    ExecutedVersion: invoked.executedVersion,
    Payload: invoked.payload,
  };
}

function tailOf(log: string): string {
  return Buffer.from(log).subarray(-TAIL_BYTES).toString("base64");
}

/** A function gets `{}` if the payload is empty. */
function eventOf(payload: Uint8Array | undefined): Uint8Array {
  return payload === undefined || payload.length === 0 ? new TextEncoder().encode("{}") : payload;
}

/** The client context as the runtime gets it: decoded JSON text. Throws InvalidRequestContentException. */
function clientContextOf(encoded: string | undefined): string | undefined {
  if (encoded === undefined) return undefined;
  try {
    if (encoded.length > CLIENT_CONTEXT_MAX) throw new RangeError("the client context is too long");
    const text = new TextDecoder("utf-8", { fatal: true }).decode(Uint8Array.fromBase64(encoded));
    return headerSafe(JSON.stringify(JSON.parse(text)));
  } catch (cause) {
    const refusal = invalidRequestContent(
      "Client context must be a valid Base64-encoded JSON object.",
    );
    refusal.cause = cause;
    throw refusal;
  }
}

/** JSON text for a header: what is not ASCII is escaped. */
function headerSafe(json: string): string {
  return json.replace(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
