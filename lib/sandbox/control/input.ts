/**
 * The body of a request to a control page: a JSON object with members that the page knows.
 * @module
 */

import { AwsError } from "../errors.ts";
import { readRequest } from "../http/body.ts";
import { ControlError } from "./control_error.ts";

/** Bytes of a body. */
const BODY_BYTES_MAX = 64 * 1024;

/** Reads a request's body. Throws an {@linkcode AwsError} if it is too long or incomplete. */
export async function readBody(request: Request): Promise<Uint8Array> {
  return await readRequest(
    request,
    BODY_BYTES_MAX,
    () => new AwsError("RequestTooLarge", 413, `A body may have ${BODY_BYTES_MAX} bytes here.`),
  );
}

/** The members of a JSON object. */
export type Members = Readonly<Record<string, unknown>>;

/**
 * The members of `body`, which may be empty. Throws a {@linkcode ControlError} for what is no JSON
 * object, and for a member that is not one of `known`.
 */
export function membersOf(body: Uint8Array, known: readonly string[]): Members {
  const text = new TextDecoder().decode(body).trim();
  return text === "" ? {} : checkedMembers(parsed(text), known, "The body");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ControlError(400, "The body is no JSON.");
  }
}

/** The members of `value`. `what` begins the sentence of an error. */
export function checkedMembers(value: unknown, known: readonly string[], what: string): Members {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new ControlError(400, `${what} must be a JSON object.`);
  }
  const unknown = Object.keys(value).filter((name) => !known.includes(name));
  if (unknown.length === 0) return { ...value };
  const those = known.length === 0 ? "none" : known.join(", ");
  throw new ControlError(400, `${what} has ${unknown.join(", ")}; it may have: ${those}.`);
}

/** A member that is a text, if it is there. Throws a {@linkcode ControlError} otherwise. */
export function textIn(members: Members, name: string): string | undefined {
  const value = members[name];
  if (value === undefined) return undefined;
  if (typeof value === "string" && value !== "") return value;
  throw new ControlError(400, `${name} must be a text.`);
}

/** A member that is a number in a range, if it is there. Throws a {@linkcode ControlError} otherwise. */
export function numberIn(
  members: Members,
  name: string,
  { min, max, isWhole = false }: {
    readonly min: number;
    readonly max: number;
    readonly isWhole?: boolean;
  },
): number | undefined {
  const value = members[name];
  if (value === undefined) return undefined;
  const isGood = typeof value === "number" && value >= min && value <= max &&
    (!isWhole || Number.isInteger(value));
  if (isGood) return value;
  const kind = isWhole ? "a whole number" : "a number";
  throw new ControlError(400, `${name} must be ${kind} from ${min} to ${max}.`);
}
