/**
 * The ids of records that a notebook has sent, kept in its bucket. So they are known after a restart
 * of the kernel.
 * @module
 */

import { PutObjectCommand } from "@aws-sdk/client-s3";
import { gzipJson } from "../../data/gzip.ts";
import { parseJsonLines } from "../../data/json.ts";
import type { Lab } from "../place/begin.ts";
import { objectsUnder, readObjects } from "./objects.ts";
import { putAll, type PutProgress } from "./put_all.ts";

interface Identified {
  readonly id: string;
}

/** Records that were sent together. */
export interface LedgerEntry {
  readonly step: string;
  readonly events: readonly Identified[];
}

/** The sender's own list of what it sent. */
export class Ledger {
  readonly #lab: Pick<Lab, "firehose" | "s3" | "names">;
  readonly #prefix: string;

  constructor(lab: Pick<Lab, "firehose" | "s3" | "names">, prefix: string) {
    this.#lab = lab;
    this.#prefix = prefix;
  }

  /** Puts events to the notebook's stream, compressed, and notes them after they are accepted. */
  async send(step: string, events: readonly Identified[]): Promise<PutProgress> {
    const { firehose, names } = this.#lab;
    const records = events.map((event) => ({ Data: gzipJson(event) }));
    const progress = await putAll(firehose, names.stream, records);
    await this.note(step, events);
    return progress;
  }

  /** Notes events that other code has sent. */
  async note(step: string, events: readonly Identified[]): Promise<void> {
    const Key = `${this.#prefix}${new Date().toISOString()}-${crypto.randomUUID()}.json`;
    const Body = JSON.stringify({ step, ids: events.map(({ id }) => id) });
    await this.#lab.s3.send(new PutObjectCommand({ Bucket: this.#lab.names.bucket, Key, Body }));
  }

  /** Everything that was ever noted, in order of time. */
  async entries(): Promise<LedgerEntry[]> {
    const { s3, names: { bucket } } = this.#lab;
    const objects = await objectsUnder(s3, bucket, this.#prefix);
    const lines = (await readObjects(s3, bucket, objects)).flatMap(parseJsonLines);
    return lines.map((line) => {
      const { step, ids } = Object.fromEntries(Object.entries(line ?? {}));
      const events = Array.isArray(ids) ? ids.map((id) => ({ id: `${id}` })) : [];
      return { step: `${step}`, events };
    });
  }
}
