/**
 * The names of `@std/assert` that this project uses, on `node:assert`. deno.json maps
 * `@std/assert` here because JSR is not reachable from every network; mapping it to
 * `jsr:@std/assert@1` is the whole change.
 * @module
 */

import assertion from "node:assert/strict";
import { inspect, isDeepStrictEqual } from "node:util";

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

export function assertGreaterOrEqual(actual: number, bound: number, message?: string): void {
  if (!(actual >= bound)) fail(message ?? `expected ${actual} to be at least ${bound}`);
}

export function assertLessOrEqual(actual: number, bound: number, message?: string): void {
  if (!(actual <= bound)) fail(message ?? `expected ${actual} to be at most ${bound}`);
}

export function assertInstanceOf<E>(
  actual: unknown,
  // deno-lint-ignore no-explicit-any -- as for ErrorClass
  expected: abstract new (...args: any[]) => E,
  message?: string,
): asserts actual is E {
  if (!(actual instanceof expected)) {
    fail(message ?? `expected ${expected.name}, found ${inspect(actual)}`);
  }
}

export function assertArrayIncludes<T>(
  actual: readonly T[],
  expected: readonly T[],
  message?: string,
): void {
  const missing = expected.filter((item) =>
    !actual.some((other) => isDeepStrictEqual(other, item))
  );
  if (missing.length > 0) {
    fail(message ?? `expected ${inspect(actual)} to include ${inspect(missing)}`);
  }
}

/** Every member that `expected` has must be equal in `actual`; `actual` may have more, at any depth. */
export function assertObjectMatch(actual: object, expected: object, message?: string): void {
  assertion.deepStrictEqual(picked(actual, expected), expected, message);
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

/** `actual`, reduced to the members that `shape` has. */
function picked(actual: unknown, shape: unknown): unknown {
  if (!isRecord(actual) || !isRecord(shape)) return actual;
  const members = Object.entries(shape)
    .filter(([key]) => Object.hasOwn(actual, key))
    .map(([key, member]) => [key, picked(actual[key], member)]);
  return Object.fromEntries(members);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null &&
    Object.getPrototypeOf(value) === Object.prototype;
}
