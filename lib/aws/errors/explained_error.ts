/**
 * Errors of AWS with what was being done and what to do about them.
 * @module
 */

import { isStopped } from "../../view/stop.ts";

/** Errors by their names in AWS's APIs, the SDK or Node, and what to do about each. */
const ADVICE: readonly (readonly [name: RegExp, text: RegExp, advice: string])[] = [
  [
    /^InvalidParameterValueException$/,
    /cannot be assumed by Lambda/,
    "The role is missing, or Lambda does not know it yet. Wait a minute and run this again: that " +
    "makes or corrects the role.",
  ],
  [
    /^(RequestEntityTooLargeException|RequestTooLargeException)$|InvalidParameterValueException/,
    /[Zz]ipped size|Request must be smaller/,
    "The package is too large: remove the imports that lambda/ does not need.",
  ],
  [
    /^ResourceNotFoundException$/,
    /^Firehose /,
    "There is no such delivery stream: create it first, or compare its name with the list of " +
    "`aws firehose list-delivery-streams`.",
  ],
  [
    /^CodeStorageExceededException$/,
    /./,
    "The account's storage for code is full: delete functions or old versions that nobody uses.",
  ],
  [
    /^AccessDenied(Exception)?$|^NotAuthorized/,
    /./,
    "Your user or role lacks a permission: let its administrator allow the action named here, or " +
    "choose another profile with --profile.",
  ],
  [
    /^(TooManyRequestsException|Throttling(Exception)?|RequestLimitExceeded|SlowDown)$/,
    /.?/,
    "AWS is throttling you. Wait a minute and run this again: finished work is not lost.",
  ],
  [
    /^ResourceConflictException$/,
    /./,
    "Somebody else is changing this function: wait until that is done and run this again.",
  ],
  [
    /^(ExpiredToken|ExpiredTokenException|CredentialsProviderError|TokenProviderError)$/,
    /./,
    "The profile has no valid credentials: renew them (`aws sso login --profile NAME`), or choose " +
    "another with --profile.",
  ],
  [
    /^(InvalidClientTokenId|UnrecognizedClientException|SignatureDoesNotMatch)$/,
    /./,
    "AWS does not know these credentials: compare the profile with the access keys of your user.",
  ],
  [
    /^(ConnectionRefused|ECONNREFUSED|Error|TypeError|AggregateError)$/,
    /ECONNREFUSED|[Cc]onnection refused/,
    "No program answers at this address. `deno task sandbox` starts the sandbox.",
  ],
  [
    /^TimeoutError$/,
    /./,
    "It took longer than five minutes: look at the function's state in the console, then run this " +
    "again.",
  ],
  [
    /^Service(Exception|Unavailable)|^InternalFailure$|^InternalError$/,
    /.?/,
    "The fault is AWS's. Wait a minute and run this again: finished work is not lost.",
  ],
];

/** Runs `act`. Its error is replaced by one that says what was being done and what to do. */
export async function explained<Result>(doing: string, act: () => Promise<Result>) {
  try {
    return await act();
  } catch (cause) {
    throw isStopped(cause) ? cause : explain(doing, cause);
  }
}

/** An `Error` that says what was being done, what happened and what to do. */
export function explain(doing: string, cause: unknown): Error {
  const { name, text } = nameAndText(cause);
  const advice = adviceFor(cause);
  const parts = [`Could not ${doing}: ${name}: ${text}`, ...(advice ? [advice] : [])];
  return new Error(parts.join("\n"), { cause });
}

/** What to do about an error of AWS, the SDK or Node; undefined if nothing is known about it. */
export function adviceFor(cause: unknown): string | undefined {
  const { name, text } = nameAndText(cause);
  return ADVICE.find(([names, texts]) => names.test(name) && texts.test(text))?.[2];
}

function nameAndText(cause: unknown): { name: string; text: string } {
  if (!(cause instanceof Error)) return { name: "Error", text: String(cause) };
  // After several attempts Node leaves the message empty and says in `code` what happened.
  const code = "code" in cause && typeof cause.code === "string" ? cause.code : "";
  return { name: cause.name, text: cause.message || code };
}
