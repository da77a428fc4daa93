/**
 * A plain seed: lists of inputs, each under the name of its operation. They are made in a fixed order,
 * whatever the order in the file, so that a role is there before the stream that needs it.
 * @module
 */

import { SEED_OPERATIONS } from "./operations.ts";
import type { SeedStep } from "./steps.ts";
import { listAt, mapAt, SeedMistake, textAt, type Value } from "./value.ts";

/** What a plain seed says. */
export interface PlainSeed {
  /** Undefined if the file does not name one. */
  readonly region: string | undefined;
  readonly steps: readonly SeedStep[];
}

/** Reads a plain seed. Throws an `AggregateError` of {@linkcode SeedMistake}s. */
export function compilePlain(seed: Value): PlainSeed {
  const { Region, ...lists } = mapAt(seed, []);
  const names = [...SEED_OPERATIONS.keys()];
  const unknown = Object.keys(lists).filter((name) => !SEED_OPERATIONS.has(name));
  if (unknown.length > 0) {
    throw new AggregateError(
      unknown.map((name) =>
        new SeedMistake(`a seed has no ${name}, only Region, ${names.join(", ")}`, [name])
      ),
    );
  }
  const steps = names.flatMap((operation) =>
    listAt(lists[operation], [operation]).map((input, index) => ({
      resource: `${operation} ${index + 1}`,
      operation,
      input: mapAt(input, [operation, index]),
      path: [operation, index],
    }))
  );
  return { region: Region === undefined ? undefined : textAt(Region, ["Region"]), steps };
}
