/**
 * Claims of redrive runs: which runs send to a stream now, noted beside the error objects. Two runs must
 * not send the same records at the same time.
 *
 * - Of two runs in one folder, the newer one goes on. The older one sees it before its next call.
 * - Of two runs in folders of which one holds the other, the one with the wider prefix goes on. It can't
 *   see the narrower one, which sees it and ends.
 * - A run renews its claim every two seconds, also while it pauses before it tries a call again. If it
 *   does not for ten seconds, it was killed, or its machine sleeps. A narrower run then notes that it has
 *   ended. If it wakes, it sees this note and sends nothing more.
 *
 * @module
 */

import { PutObjectCommand, type S3Client, S3ServiceException } from "@aws-sdk/client-s3";
import { type ListedObject, objectsUnder } from "../streams/objects.ts";

/** How often a run looks for others. A look before each call would take a tenth of the time. */
export const LOOK_EVERY_MS = 250;

/**
 * How often it looks for those with a wider prefix, and for the note that it has ended itself: one list
 * for each folder. A run that is overtaken has {@linkcode SETTLING_MS} to see it.
 */
const LOOK_WIDER_EVERY_MS = 1_000;

/** After this time, a run that was overtaken has seen it and noted how its last call ended. */
export const SETTLING_MS = 2_000;

const RENEW_EVERY_MS = 2_000;

/** Many renewals: each is a put over a network, and one decompression holds up this process. */
const LEASE_MS = 10_000;

/** Does `act` every `everyMs`, until the returned function is called. */
export type Repeat = (act: () => void, everyMs: number) => () => void;

const byTimer: Repeat = (act, everyMs) => {
  const timer = setInterval(act, everyMs);
  return () => clearInterval(timer);
};

/** What claims are made of. */
export interface RunClaimsOptions {
  readonly s3: S3Client;
  readonly bucket: string;
  /** Where this run notes its claim: `error/_redrive/stream/`. */
  readonly folder: string;
  /** The same folders of wider prefixes, the nearest first. */
  readonly widerFolders: readonly string[];
  readonly run: string;
  /** Lists what is in a folder of a wider prefix; nothing if that is not allowed. */
  readonly listWider: (folder: string) => Promise<ListedObject[]>;
  readonly nowMs?: () => number;
  readonly repeat?: Repeat;
}

/** A run in the folder of a wider prefix. */
interface WiderRun {
  readonly name: string;
  readonly folder: string;
  /** Changes with each renewal. */
  readonly sizeBytes: number;
}

/** The claim of one run, and what it sees of others. */
export class RunClaims {
  readonly #options: RunClaimsOptions;
  readonly #nowMs: () => number;
  /** The name of this claim: the run's, with a number where it claims once more. */
  #name = "";
  #claims = 0;
  /** Keys of the runs in this folder that are older than this one. */
  #known = new Set<string>();
  /** Runs with a wider prefix that had begun before this one and not ended. */
  #wider: readonly WiderRun[] = [];
  #renewals = 0;
  #renewing: Promise<void> | undefined;
  #endRenewals = () => {};
  #lookedMs = -Infinity;
  #lookedWiderMs = -Infinity;

  constructor(options: RunClaimsOptions) {
    this.#options = options;
    this.#nowMs = options.nowMs ?? (() => performance.now());
  }

  /** Notes that this run has begun, and sees which others had. */
  async claim(): Promise<void> {
    const { folder, run, repeat = byTimer } = this.#options;
    this.#name = this.#claims++ === 0 ? run : `${run}-${this.#claims}`;
    // Listed first: of two runs that begin together, each sees that the other is new, and both end.
    this.#known = new Set([...await this.#runKeys(), `${folder}${RUNS}${this.#name}`]);
    await this.#note();
    this.#wider = await this.#openWider();
    this.#endRenewals = repeat(() => this.#renew(), RENEW_EVERY_MS);
  }

  /**
   * Resolves when no run with a wider prefix, begun before this one, sends any more. Throws an `Error` if
   * one goes on. One that has not renewed its claim for ten seconds is noted as ended.
   */
  async awaitWider(pauseMs: (ms: number) => Promise<unknown>): Promise<void> {
    let open = this.#wider;
    for (let waitedMs = 0; open.length > 0 && waitedMs < LEASE_MS; waitedMs += RENEW_EVERY_MS) {
      await pauseMs(RENEW_EVERY_MS);
      const now = new Map((await this.#openWider()).map((run) => [run.name, run.sizeBytes]));
      open = open.filter(({ name }) => now.has(name));
      if (open.some(({ name, sizeBytes }) => now.get(name) !== sizeBytes)) {
        throw new Error(
          "Another redrive to this stream, with a wider prefix, sends these records now. Run this " +
            "again when that one has ended.",
        );
      }
    }
    if (open.length === 0) return;
    await Promise.all(open.map((run) => this.#noteEndOf(run)));
    await pauseMs(SETTLING_MS);
  }

  /** Whether another run has taken over. The answer may be as old as {@linkcode LOOK_EVERY_MS}. */
  async isOvertaken(): Promise<boolean> {
    const startMs = this.#nowMs();
    if (startMs - this.#lookedMs < LOOK_EVERY_MS) return false;
    this.#lookedMs = startMs;
    if ((await this.#runKeys()).some((key) => !this.#known.has(key))) return true;
    if (startMs - this.#lookedWiderMs < LOOK_WIDER_EVERY_MS) return false;
    this.#lookedWiderMs = startMs;
    const known = this.#wider.map(({ name }) => name);
    return await this.#isNotedAsEnded() ||
      (await this.#openWider()).some(({ name }) => !known.includes(name));
  }

  /** Notes that this run has ended. */
  async end(): Promise<void> {
    this.#endRenewals();
    await this.#renewing;
    // Without this note, a later run with a narrower prefix only waits some seconds more.
    await this.#put(this.#endKey).catch(() => {});
  }

  /** One renewal at a time. One that fails is like one that is late. */
  #renew(): void {
    this.#renewing ??= this.#note().catch(() => {}).finally(() => this.#renewing = undefined);
  }

  /** Each note has another size, which a listing shows: its times are whole seconds. */
  #note(): Promise<void> {
    this.#renewals = this.#renewals % RENEWALS_COUNTED + 1;
    return this.#put(`${this.#options.folder}${RUNS}${this.#name}`, "\n".repeat(this.#renewals));
  }

  async #put(Key: string, Body = "\n"): Promise<void> {
    const { s3, bucket: Bucket } = this.#options;
    await s3.send(new PutObjectCommand({ Bucket, Key, Body }));
  }

  /** One may have the right to write under this run's prefix alone. */
  async #noteEndOf({ folder, name }: WiderRun): Promise<void> {
    await this.#put(`${folder}${ENDED}${name}`).catch((error) => {
      if (!isAccessDenied(error)) throw error;
    });
  }

  async #runKeys(): Promise<string[]> {
    const { s3, bucket, folder } = this.#options;
    return (await objectsUnder(s3, bucket, `${folder}${RUNS}`)).map(({ key }) => key);
  }

  async #isNotedAsEnded(): Promise<boolean> {
    const { s3, bucket } = this.#options;
    return (await objectsUnder(s3, bucket, this.#endKey)).some(({ key }) => key === this.#endKey);
  }

  get #endKey(): string {
    return `${this.#options.folder}${ENDED}${this.#name}`;
  }

  /** Runs that began in the folders of wider prefixes and have not ended. */
  async #openWider(): Promise<WiderRun[]> {
    const { widerFolders } = this.#options;
    return (await Promise.all(widerFolders.map((folder) => this.#openIn(folder)))).flat();
  }

  async #openIn(folder: string): Promise<WiderRun[]> {
    const { listWider } = this.#options;
    const begun = await listWider(`${folder}${RUNS}`);
    const ended = begun.length === 0 ? [] : await listWider(`${folder}${ENDED}`);
    const endedNames = new Set(ended.map(({ key }) => key.slice(`${folder}${ENDED}`.length)));
    return begun
      .map(({ key, sizeBytes }) => ({
        ...{ folder, sizeBytes },
        name: key.slice(`${folder}${RUNS}`.length),
      }))
      .filter(({ name }) => !endedNames.has(name));
  }
}

/** Where the claims of runs are noted, and where their ends. */
const RUNS = "runs/";
const ENDED = "ended/";

const RENEWALS_COUNTED = 1_000;

/** Whether S3 refused a call for want of a permission. */
export const isAccessDenied = (error: unknown): boolean =>
  error instanceof S3ServiceException && error.name === "AccessDenied";
