/**
 * Compares what arrived with what was sent, by id: Firehose delivers at least once and in any order.
 * @module
 */

/** The `id` of a value; undefined if it has none. */
export function idOf(value: unknown): unknown {
  return typeof value === "object" && value !== null && "id" in value ? value.id : undefined;
}

/** The items of `sent` whose id is not in `found`. */
export function missingOf<Sent extends { readonly id: unknown }>(
  sent: readonly Sent[],
  found: readonly unknown[],
): Sent[] {
  const ids = new Set(found.map(idOf));
  return sent.filter(({ id }) => !ids.has(id));
}
