/**
 * Where records have gone, by id: into objects, into error objects, or nowhere yet. Objects never
 * change, so that each is read once.
 * @module
 */

import { Buffer } from "node:buffer";
import { gunzipSync } from "node:zlib";
import { idOf } from "../../data/ids.ts";
import { parseJsonLines } from "../../data/json.ts";
import type { Lab } from "../place/begin.ts";
import { errorObjectsUnder } from "./error_objects.ts";
import { failedRecord } from "./failed_record.ts";
import { objectsUnder, readObject } from "./objects.ts";

/** What became of one record. */
export interface RecordFate {
  /** How often it was delivered. */
  readonly delivered: number;
  /** The error code of each time it failed. */
  readonly failed: readonly string[];
}

/** What became of some records: each is delivered, or failed only, or missing. */
export interface Tally {
  readonly sent: number;
  readonly delivered: number;
  /** Of those delivered, how many more than once. */
  readonly twice: number;
  readonly failed: number;
  readonly missing: number;
}

interface Identified {
  readonly id: string;
}

/** Looks for records below two prefixes of a notebook's bucket. */
export class Fates {
  readonly #lab: Pick<Lab, "s3" | "names">;
  readonly #prefixes: { readonly data: string; readonly errors: string };
  readonly #read = new Set<string>();
  readonly #delivered = new Map<string, number>();
  readonly #failed = new Map<string, string[]>();

  constructor(
    lab: Pick<Lab, "s3" | "names">,
    prefixes: { readonly data: string; readonly errors: string },
  ) {
    this.#lab = lab;
    this.#prefixes = prefixes;
  }

  /** Reads what has come since the last look, and counts these records. */
  async tally(records: readonly Identified[]): Promise<Tally> {
    await this.#look();
    const fates = records.map(({ id }) => this.of(id));
    const delivered = fates.filter(({ delivered }) => delivered > 0).length;
    const failed = fates.filter(({ delivered, failed }) => delivered === 0 && failed.length > 0);
    return {
      sent: records.length,
      delivered,
      twice: fates.filter(({ delivered }) => delivered > 1).length,
      failed: failed.length,
      missing: records.length - delivered - failed.length,
    };
  }

  /** What the last look knows of a record. */
  of(id: string): RecordFate {
    return { delivered: this.#delivered.get(id) ?? 0, failed: this.#failed.get(id) ?? [] };
  }

  /** Of these records, how many failed with which code; each time counts. */
  codesOf(records: readonly Identified[]): Map<string, number> {
    const codes = records.flatMap(({ id }) => this.of(id).failed);
    return new Map(
      [...Map.groupBy(codes, (code) => code)].map(([code, times]) => [code, times.length]),
    );
  }

  async #look(): Promise<void> {
    const { s3, names: { bucket } } = this.#lab;
    const { data, errors } = this.#prefixes;
    for (const { key } of await objectsUnder(s3, bucket, data)) {
      await this.#readOnce(key, (lines) => {
        for (const id of lines.map(idOf)) {
          this.#delivered.set(`${id}`, (this.#delivered.get(`${id}`) ?? 0) + 1);
        }
      });
    }
    for (const { key } of await errorObjectsUnder(s3, bucket, errors)) {
      await this.#readOnce(key, (lines) => {
        for (const { data, errorCode } of lines.map(failedRecord)) {
          const id = `${idIn(data)}`;
          this.#failed.set(id, [...this.#failed.get(id) ?? [], errorCode]);
        }
      });
    }
  }

  async #readOnce(key: string, note: (lines: unknown[]) => void): Promise<void> {
    if (this.#read.has(key)) return;
    const text = await readObject(this.#lab.s3, this.#lab.names.bucket, key);
    this.#read.add(key);
    note(parseJsonLines(text));
  }
}

/** The id in a record as it was put: JSON, compressed or not; undefined for anything else. */
function idIn(data: Uint8Array): unknown {
  try {
    const bytes = data[0] === 0x1f ? gunzipSync(data) : data;
    return idOf(JSON.parse(Buffer.from(bytes).toString()));
  } catch {
    return undefined;
  }
}
