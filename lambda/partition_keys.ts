/**
 * The partition keys of one document. They say where its record goes in S3:
 * `<database>/<table>/<year>/<month>/<day>/<hour>/`. After the document is read.
 * @module
 */

import type { JsonObject } from "./document.ts";
import { utcHourOf } from "./event_time.ts";
import { escapeKeyValue, KEY_VALUE_BYTES_MAX } from "./key_value.ts";
import type { Outcome } from "./outcome.ts";

/** The keys of {@linkcode partitionKeysOf}, in the order of the prefix. */
export const PARTITION_KEYS = ["database", "table", "year", "month", "day", "hour"] as const;

/**
 * `database` and `table` are members of the document, escaped for S3 keys. The rest is its `time`, in
 * UTC. A value that is missing, not text, empty, or longer than {@linkcode KEY_VALUE_BYTES_MAX} bytes
 * once escaped is a failure. It is not shortened: two tables could become one.
 */
export function partitionKeysOf(
  document: JsonObject,
): Outcome<Readonly<Record<typeof PARTITION_KEYS[number], string>>> {
  const database = keyValueOf(document, "database");
  if (database.reason !== undefined) return database;
  const table = keyValueOf(document, "table");
  if (table.reason !== undefined) return table;
  const time = textOf(document, "time");
  if (time.reason !== undefined) return time;
  const hour = utcHourOf(time.value);
  if (!hour) return { reason: 'the member "time" is not an RFC 3339 time with an offset' };
  return { value: { database: database.value, table: table.value, ...hour } };
}

/** The document's member as a partition key value, escaped. */
function keyValueOf(document: JsonObject, member: string): Outcome<string> {
  const text = textOf(document, member);
  if (text.reason !== undefined) return text;
  if (!text.value.isWellFormed()) {
    return { reason: `the member "${member}" has half of a surrogate pair` };
  }
  // Escaping makes no text shorter, so a megabyte is refused before it is escaped.
  const isTooLong = text.value.length > KEY_VALUE_BYTES_MAX;
  const value = isTooLong ? "" : escapeKeyValue(text.value);
  if (isTooLong || value.length > KEY_VALUE_BYTES_MAX) {
    return {
      reason: `the member "${member}" takes more than ${KEY_VALUE_BYTES_MAX} bytes as a key`,
    };
  }
  return { value };
}

function textOf(document: JsonObject, member: string): Outcome<string> {
  if (!Object.hasOwn(document, member)) return { reason: `the member "${member}" is missing` };
  const value = document[member];
  if (typeof value !== "string") return { reason: `the member "${member}" is not text` };
  if (value === "") return { reason: `the member "${member}" is empty` };
  return { value };
}
