/**
 * The `context` of an invocation.
 * @module
 */

/** The object for an invocation with these headers; nodejs24.x has other members, in another order. */
export function contextOf(headers, { variables, isModern }) {
  const parsed = (name) => headers[name] === undefined ? undefined : JSON.parse(headers[name]);
  const deadlineMs = Number(headers["lambda-runtime-deadline-ms"]);
  const identity = {
    clientContext: parsed("lambda-runtime-client-context"),
    identity: parsed("lambda-runtime-cognito-identity"),
    invokedFunctionArn: headers["lambda-runtime-invoked-function-arn"],
    awsRequestId: headers["lambda-runtime-aws-request-id"],
    tenantId: headers["lambda-runtime-aws-tenant-id"],
  };
  const names = {
    functionName: variables.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: variables.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: variables.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: variables.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: variables.AWS_LAMBDA_LOG_STREAM_NAME,
  };
  const getRemainingTimeInMillis = () => deadlineMs - Date.now();
  if (!isModern) return { ...names, ...identity, getRemainingTimeInMillis };
  const xRayTraceId = headers["lambda-runtime-trace-id"];
  return { ...identity, xRayTraceId, getRemainingTimeInMillis, ...names };
}
