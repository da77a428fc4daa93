/**
 * The names of `@std/assert` that this project uses, on `node:assert`. deno.json maps
 * `@std/assert` here because JSR is not reachable from every network; mapping it to
 * `jsr:@std/assert@1` is the whole change.
 * @module
 */

import assertion from "node:assert/strict";
import { inspect } from "node:util";

/** A class of errors, as `assertThrows` takes it. */
// deno-lint-ignore no-explicit-any -- constructor parameters are contravariant: only `any` admits every class
type ErrorClass<E extends Error> = abstract new (...args: any[]) => E;

export function assert(condition: unknown, message?: string): asserts condition {
  assertion.ok(condition, message);
}

export function assertEquals<T>(actual: T, expected: T, message?: string): void {
  assertion.deepStrictEqual(actual, expected, message);
}

export function assertNotEquals<T>(actual: T, expected: T, message?: string): void {
  assertion.notDeepStrictEqual(actual, expected, message);
}

export function assertStrictEquals<T>(actual: unknown, expected: T, message?: string): void {
  assertion.strictEqual(actual, expected, message);
}

export function assertExists<T>(actual: T, message?: string): asserts actual is NonNullable<T> {
  assertion.ok(actual !== undefined && actual !== null, message ?? "expected a value, found none");
}

export function assertMatch(actual: string, pattern: RegExp, message?: string): void {
  assertion.match(actual, pattern, message);
}

export function assertStringIncludes(actual: string, part: string, message?: string): void {
  if (!actual.includes(part)) {
    fail(message ?? `expected ${inspect(actual)} to include ${inspect(part)}`);
  }
}

export function assertGreater(actual: number, bound: number, message?: string): void {
  if (!(actual > bound)) fail(message ?? `expected ${actual} to be greater than ${bound}`);
}

export function assertLess(actual: number, bound: number, message?: string): void {
  if (!(actual < bound)) fail(message ?? `expected ${actual} to be less than ${bound}`);
}

export function assertThrows<E extends Error>(
  act: () => unknown,
  errorClass: ErrorClass<E>,
  messagePart = "",
): E {
  try {
    act();
  } catch (error) {
    return checked(error, errorClass, messagePart);
  }
  fail("expected an error, none was thrown");
}

export async function assertRejects<E extends Error>(
  act: () => Promise<unknown>,
  errorClass: ErrorClass<E>,
  messagePart = "",
): Promise<E> {
  try {
    await act();
  } catch (error) {
    return checked(error, errorClass, messagePart);
  }
  fail("expected a rejection, none came");
}

export function fail(message: string): never {
  throw new assertion.AssertionError({ message, stackStartFn: fail });
}

function checked<E extends Error>(error: unknown, errorClass: ErrorClass<E>, part: string): E {
  if (!(error instanceof errorClass)) {
    fail(`expected ${errorClass.name}, found ${inspect(error)}`);
  }
  assertStringIncludes(error.message, part);
  return error;
}
