/**
 * The errors in the models of the SDK, for tests.
 * @module
 */

/** An error of a model: its code on the wire, and its status. */
export interface ModelError {
  readonly code: string;
  readonly status: number;
}

const ERROR_SCHEMA = -3;

/** The errors of each service, by signing name. */
export async function sdkErrors(): Promise<Readonly<Record<string, readonly ModelError[]>>> {
  return {
    firehose: errorsOf(await import("@aws-sdk/client-firehose")),
    s3: errorsOf(await import("@aws-sdk/client-s3")),
    lambda: errorsOf(await import("@aws-sdk/client-lambda")),
    logs: errorsOf(await import("@aws-sdk/client-cloudwatch-logs")),
    monitoring: errorsOf(await import("@aws-sdk/client-cloudwatch")),
  };
}

function errorsOf(client: object): ModelError[] {
  return Object.values(client).flatMap((exported) => {
    if (!Array.isArray(exported) || exported[0] !== ERROR_SCHEMA || exported[3] === 0) return [];
    const { httpError, error } = Object(exported[3]);
    return [{ code: String(exported[2]), status: httpError ?? (error === "server" ? 500 : 400) }];
  });
}
