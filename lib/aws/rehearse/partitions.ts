/**
 * The partitions that a function's keys lead to, by the sandbox's own rules for dynamic partitioning
 * (https://docs.aws.amazon.com/firehose/latest/dev/dynamic-partitioning.html).
 * @module
 */

import { systemRandom } from "../../sandbox/random.ts";
import { objectKey } from "../../sandbox/services/firehose/naming/object_name.ts";
import {
  ACTIVE_PARTITIONS_MAX,
  type Partitioning,
  type PartitionKeys,
  partitionOf,
  TOO_MANY_PARTITIONS,
} from "../../sandbox/services/firehose/naming/partition.ts";
import { isPartitionKey, parsePrefix } from "../../sandbox/services/firehose/naming/prefix.ts";
import type { KeyGroup, PrefixKeys } from "./key_groups.ts";
import type { CrowdedOut } from "./ledger.ts";
import { PATHS } from "../explain/objects/delivered_object.ts";
import { type PathTrait, pathTraits } from "../explain/objects/object_path.ts";

/** Records that go to the error output for their partition keys, such as those that a prefix refuses. */
interface Refused {
  readonly reason: string;
  readonly count: number;
  /** The keys of the first such record, as the function gave them. */
  readonly example: string;
}

/** What readers or people may trip over in a folder's name. */
interface Surprise {
  readonly what: string;
  readonly count: number;
  readonly example: string;
}

/** The partitions of all records that are Ok. */
export interface Partitions {
  readonly prefix: string;
  /** Whether the prefix was given; else it is one made from the names of the keys. */
  readonly isGiven: boolean;
  readonly count: number;
  /** Records of further partitions; these are not counted one by one, so there are more than `count`. */
  readonly furtherRecords: number;
  /** How many records each partition has. */
  readonly recordsOfEach: readonly number[];
  /** How many values each key has, by its name. */
  readonly values: Readonly<Record<string, number>>;
  readonly refused: readonly Refused[];
  readonly surprises: readonly Surprise[];
  /** Keys of objects, of the first partitions. */
  readonly examples: readonly string[];
}

/** A partition, with the names of the members of its first record. */
interface Found {
  readonly keys: PartitionKeys;
  readonly members: readonly string[];
  records: number;
}

const EXAMPLES = 3;

/** Undefined if no record has a key and no prefix is given. */
export async function partitionsOf(
  groups: readonly KeyGroup[],
  givenPrefix: string | undefined,
  nowMs: number,
  furtherRecords = 0,
): Promise<Partitions | undefined> {
  const names = [...new Set(groups.flatMap(({ keys }) => [...keys.keys()]))];
  if (givenPrefix === undefined && names.length === 0) return undefined;
  const prefix = givenPrefix ?? names.map((name) => `${name}=${expression(name)}/`).join("");
  const partitioning = await partitioningOf(prefix, nowMs);
  const refused = new Tally();
  const partitions = new Map<string, Found>();
  const values = new Map<string, Set<unknown>>(names.map((name) => [name, new Set()]));
  for (const { keys: lambda, members, records } of groups) {
    for (const [name, value] of lambda) values.get(name)?.add(value);
    const keys = partitionOf(partitioning, { query: new Map(), lambda });
    if ("errorCode" in keys) {
      const example = inShort(JSON.stringify(Object.fromEntries(lambda)));
      refused.add(keys.errorMessage, example, records);
    } else {
      const id = JSON.stringify([...keys]);
      const known = partitions.get(id);
      if (known) known.records += records;
      else partitions.set(id, { keys, members, records });
    }
  }
  const all = [...partitions.values()];
  const first = all.slice(0, EXAMPLES);
  return {
    prefix,
    isGiven: givenPrefix !== undefined,
    count: all.length,
    furtherRecords,
    recordsOfEach: all.map(({ records }) => records),
    values: Object.fromEntries([...values].map(([name, found]) => [name, found.size])),
    refused: refused.list().map(({ what, ...rest }) => ({ reason: what, ...rest })),
    surprises: await surprisesOf(prefix, all, nowMs),
    examples: await Promise.all(first.map(({ keys }) => keyOf(prefix, keys, nowMs))),
  };
}

/**
 * The same with the records that come when too many partitions are active, if the prefix was given: they go
 * to the error output type `activePartitionExceeded`.
 */
export function withCrowdedOut(
  partitions: Partitions | undefined,
  crowdedOut: CrowdedOut | undefined,
): Partitions | undefined {
  if (!partitions?.isGiven || !crowdedOut) return partitions;
  const reason = TOO_MANY_PARTITIONS.errorMessage;
  const { records: count, example } = crowdedOut;
  return { ...partitions, refused: [...partitions.refused, { reason, count, example }] };
}

/** What a prefix needs of the keys that a function gives. */
export async function prefixKeysOf(prefix: string, nowMs: number): Promise<PrefixKeys> {
  const partitioning = await partitioningOf(prefix, nowMs);
  return {
    names: new Set(partitioning.keys.map(({ key }) => key)),
    isRefused: (lambda) => "errorCode" in partitionOf(partitioning, { query: new Map(), lambda }),
  };
}

/** Of the keys of a refused record; one of them may be too long for a folder. */
const SHOWN_CHARACTERS = 200;

const inShort = (text: string) =>
  text.length <= SHOWN_CHARACTERS ? text : `${text.slice(0, SHOWN_CHARACTERS)}…`;

/** Records that the prefix refuses. */
export const refusedRecords = (partitions: Partitions | undefined): number =>
  partitions?.refused.reduce((sum, { count }) => sum + count, 0) ?? 0;

const expression = (name: string) => `!{partitionKeyFromLambda:${name}}`;

/** Throws a `TypeError` for keys that jq makes, and the sandbox's error for a prefix that AWS refuses. */
async function partitioningOf(prefix: string, nowMs: number): Promise<Partitioning> {
  const keys = parsePrefix(prefix, "Prefix").filter(isPartitionKey);
  const ofQuery = keys.find(({ kind }) => kind === "partitionKeyFromQuery");
  if (ofQuery) {
    throw new TypeError(
      `${prefix} names the key ${ofQuery.key} of a jq query: only keys of the function are rehearsed. ` +
        "Leave it out of --prefix.",
    );
  }
  const bare = await keyOf(prefix, new Map(), nowMs);
  const prefixCharacters = bare.length - SUFFIX_CHARACTERS;
  return { prefix, keys, fixed: { prefixCharacters, keyBytes: bare.length } };
}

const STREAM_NAME = "my-stream";
/** What follows the prefix: the stream, its version, the time, a UUID. */
const SUFFIX_CHARACTERS = `${STREAM_NAME}-1-2026-01-15-22-08-59-`.length + 36;

async function keyOf(prefix: string, partitionKeys: PartitionKeys, nowMs: number): Promise<string> {
  const name = {
    streamName: STREAM_NAME,
    version: 1,
    prefix,
    arrivalMs: nowMs,
    timeZone: "UTC",
    partitionKeys,
    errorOutputType: undefined,
    extension: "",
  };
  return await objectKey(name, systemRandom);
}

/** Partitions that are looked at for surprises; more would say the same. */
const LOOKED_AT = 2_000;

async function surprisesOf(
  prefix: string,
  partitions: readonly Found[],
  nowMs: number,
): Promise<Surprise[]> {
  const found = new Tally();
  for (const { keys, members } of partitions.slice(0, LOOKED_AT)) {
    for (const [name, value] of keys) {
      if (value.includes("/")) {
        found.add(
          "A value has a slash, which makes a folder inside a folder.",
          `${nameIn(name)}=${value}`,
        );
      }
    }
    const key = await keyOf(prefix, keys, nowMs);
    for (const { kind, folders } of pathTraits(key, members).filter(isSurprising)) {
      found.add(`${PATHS[kind].happened} ${PATHS[kind].cure}`, folders[0]);
    }
  }
  return found.list();
}

/** `month` of `partitionKeyFromLambda:month`. */
const nameIn = (expressionName: string) => expressionName.slice(expressionName.indexOf(":") + 1);

/** Folders without names are a choice of the prefix, not of a value. */
const isSurprising = ({ kind }: PathTrait) => kind !== "noNames";

/** Counts by what was found, with the first example. */
class Tally {
  readonly #found = new Map<string, { count: number; readonly example: string }>();

  add(what: string, example: string, count = 1): void {
    const known = this.#found.get(what);
    if (known) known.count += count;
    else this.#found.set(what, { count, example });
  }

  list() {
    return [...this.#found].map(([what, found]) => ({ what, ...found }));
  }
}

/** Lines about the partitions. */
export function partitionLines(
  partitions: Partitions | undefined,
  partitionQuota = ACTIVE_PARTITIONS_MAX,
): string[] {
  if (!partitions) return [];
  const { prefix, isGiven, count, furtherRecords, values, refused, surprises, examples } =
    partitions;
  const atLeast = furtherRecords > 0 ? "at least " : "";
  const names = Object.entries(values).map(([name, many]) =>
    `${name} (${atLeast}${plural(many, "value")})`
  );
  return [
    `Partition keys: ${names.length === 0 ? "none" : names.join(", ")}. They make ${atLeast}${
      plural(count, "partition")
    } with ` + (isGiven ? `the prefix ${prefix}` : `a prefix such as ${prefix}`),
    ...furtherRecords > 0
      ? [
        `  ${
          plural(furtherRecords, "record")
        } have still other keys, and are not counted as partitions.`,
      ]
      : [],
    ...count > partitionQuota
      ? [
        `  If more than ${
          number(partitionQuota)
        } are active at once (a quota that AWS can raise; ` +
        "--partition-quota N gives yours), the records of further partitions go to the error output.",
      ]
      : [],
    ...refused.map(({ reason, count: times, example }) =>
      `  Refused: ${plural(times, "record")}, "${reason}". Their keys: ${example}` +
      (isGiven ? "" : " (only if the Prefix names them)")
    ),
    ...surprises.map(({ what, count: times, example }) =>
      `  ${example}${times === 1 ? "" : `, and ${plural(times - 1, "partition")} more`}: ${what}`
    ),
    ...examples.map((key) => `  ${key}`),
  ];
}

const number = (value: number) => value.toLocaleString("en");

const plural = (value: number, one: string) => `${number(value)} ${value === 1 ? one : `${one}s`}`;
