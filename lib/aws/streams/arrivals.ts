/**
 * Where records are now, by id: in objects, in error objects, or nowhere yet. Objects never change,
 * so each is read once.
 * @module
 */

import { Buffer } from "node:buffer";
import { gunzipSync } from "node:zlib";
import { idOf } from "../../data/ids.ts";
import { parseJsonLines } from "../../data/json.ts";
import type { Lab } from "../place/begin.ts";
import { errorObjectsUnder } from "./error_objects.ts";
import { failedRecord } from "../../sandbox/knowledge/failed_record.ts";
import { objectsUnder, readObject } from "./objects.ts";

/** The fate of one record. */
export interface RecordFate {
  /** How often it was delivered. */
  readonly delivered: number;
  /** The error code of each time it failed. */
  readonly failed: readonly string[];
}

/** The fates of some records: each is delivered, or only failed, or missing. */
export interface Tally {
  readonly sent: number;
  readonly delivered: number;
  /** How many of the delivered ones came more than once. */
  readonly twice: number;
  readonly failed: number;
  readonly missing: number;
}

interface Identified {
  readonly id: string;
}

/** Searches for records below two prefixes of a notebook's bucket. */
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

  /** Reads the objects that are new since the last call, and counts these records. */
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

  /** The fate of a record at the last call of `tally`. */
  of(id: string): RecordFate {
    return { delivered: this.#delivered.get(id) ?? 0, failed: this.#failed.get(id) ?? [] };
  }

  /** How often these records failed, by error code; each time counts. */
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

/** The id in a record's JSON, compressed or not; undefined for anything else. */
function idIn(data: Uint8Array): unknown {
  try {
    const bytes = data[0] === 0x1f ? gunzipSync(data) : data;
    return idOf(JSON.parse(Buffer.from(bytes).toString()));
  } catch {
    return undefined;
  }
}
