/**
 * Members of JSON that somebody else wrote, looked at one by one.
 * @module
 */

/** Any object's members; none for what is not an object. */
export function objectIn(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : {};
}

/** A member as it is. */
export function memberOf(value: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(value, name) ? value[name] : undefined;
}

/** A member that is text. */
export function textIn(
  value: Readonly<Record<string, unknown>>,
  name: string,
): string | undefined {
  const member = memberOf(value, name);
  return typeof member === "string" ? member : undefined;
}

/** A member that is a number. */
export function numberIn(
  value: Readonly<Record<string, unknown>>,
  name: string,
): number | undefined {
  const member = memberOf(value, name);
  return typeof member === "number" ? member : undefined;
}
