/**
 * Counting what arrived against what was sent, by id: Firehose delivers at least once and in any
 * order.
 * @module
 */

/** The `id` of a value that was read back; undefined where it has none. */
export function idOf(value: unknown): unknown {
  return typeof value === "object" && value !== null && "id" in value ? value.id : undefined;
}

/** What of `sent` is not among `found`, by id. */
export function missingOf<Sent extends { readonly id: unknown }>(
  sent: readonly Sent[],
  found: readonly unknown[],
): Sent[] {
  const ids = new Set(found.map(idOf));
  return sent.filter(({ id }) => !ids.has(id));
}
