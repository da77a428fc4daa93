/**
 * Where redrive's progress is kept: in S3 beside the error objects, or in a local file.
 * @module
 */

import { PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { type ListedObject, objectsUnder, readObjects } from "../streams/objects.ts";
import { REDRIVE_FOLDER } from "../streams/error_objects.ts";
import { entriesIn, entriesText, isBeginningOfEntry, type ProgressEntry } from "./progress.ts";
import { isAccessDenied, type Repeat, RunClaims } from "./run_claims.ts";

/** A list of entries that only grows. */
export interface ProgressStore {
  /** Where it is kept, for messages. */
  readonly place: string;
  /** Places with more of it that the last `read` was not allowed to look at. */
  readonly unseen?: ReadonlySet<string>;
  read(): Promise<ProgressEntry[]>;
  /**
   * Begins a run that sends. What is read after it has every call that an earlier run still sends. Throws
   * an `Error` where only one run at a time can write here, and one does.
   */
  claim(): Promise<void>;
  /** As {@linkcode RunClaims.awaitWider}; absent where no other run can have a wider prefix. */
  awaitWider?(pauseMs: (ms: number) => Promise<unknown>): Promise<void>;
  /** Ends the run that `claim` began. */
  end(): Promise<void>;
  /**
   * Whether another run has taken over since `claim`: this one must send nothing more. It may be as old as
   * {@linkcode LOOK_EVERY_MS}.
   */
  isOvertaken(): Promise<boolean>;
  /** Resolves when the entries are stored. */
  append(entries: readonly ProgressEntry[]): Promise<void>;
}

/** Where a run's progress is, in S3. */
interface S3ProgressOptions {
  readonly bucket: string;
  readonly prefix: string;
  readonly streamName: string;
  /** Unique for each run. */
  readonly run: string;
  readonly nowMs?: () => number;
  readonly repeat?: Repeat;
}

/**
 * Each addition is a separate object under `_redrive/<stream>/`, in the folder of the error objects. Reads
 * what runs with a wider or a narrower prefix noted, too: they sent the same records.
 */
export function s3Progress(
  s3: S3Client,
  { bucket, prefix, streamName, run, ...timing }: S3ProgressOptions,
): ProgressStore {
  const own = `${REDRIVE_FOLDER}${streamName}/`;
  const [parent, ...wider] = foldersOf(prefix);
  const folder = `${parent}${own}`;
  // The folder of a prefix that ends in a slash is under it.
  const above = prefix === parent ? wider : [parent, ...wider];
  const unseen = new Set<string>();
  const widerFolders = wider.map((place) => `${place}${own}`);
  const listWider = listAllowed(s3, bucket, (place) => unseen.add(place));
  const claims = new RunClaims({ s3, bucket, folder, widerFolders, run, listWider, ...timing });
  let count = 0;
  return {
    place: `s3://${bucket}/${folder}`,
    unseen,
    read: async () => {
      const under = await objectsUnder(s3, bucket, prefix);
      const objects = under.filter(({ key }) => key.slice(prefix.length).includes(own));
      for (const place of above) objects.push(...await listWider(`${place}${own}`));
      return (await readObjects(s3, bucket, objects)).flatMap(entriesIn);
    },
    claim: () => claims.claim(),
    awaitWider: (pauseMs) => claims.awaitWider(pauseMs),
    isOvertaken: () => claims.isOvertaken(),
    end: () => claims.end(),
    append: async (entries) => {
      // Keys sort by time, so the entry for a call's end is read after the one for its start.
      const Key = `${folder}${run}-${`${count++}`.padStart(8, "0")}.jsonl`;
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: entriesText(entries) }));
    },
  };
}

/** Lists progress of a wider prefix; nothing where one may list this run's prefix alone. */
function listAllowed(s3: S3Client, bucket: string, onDenied: (place: string) => void) {
  return async (place: string): Promise<ListedObject[]> => {
    try {
      return await objectsUnder(s3, bucket, place);
    } catch (error) {
      if (!isAccessDenied(error)) throw error;
      onDenied(`s3://${bucket}/${place}`);
      return [];
    }
  };
}

/** The folders that hold a prefix, the nearest first: `a/b/`, `a/` and the bucket's root for `a/b/c`. */
function foldersOf(prefix: string): string[] {
  const names = prefix.split("/").slice(0, -1);
  const folders = names.map((_, index) => `${names.slice(0, index + 1).join("/")}/`);
  return ["", ...folders].reverse();
}

/**
 * Additions are lines of a local file. Each is on disk before `append` resolves. `read` changes nothing,
 * and throws a `TypeError` for a file with other content.
 */
export function fileProgress(path: string): ProgressStore {
  let cutFrom: number | undefined;
  /** Locked until the process ends. */
  let claimed: Deno.FsFile | undefined;
  return {
    place: path,
    read: async () => {
      const text = await readIfThere(path);
      const end = text.lastIndexOf("\n") + 1;
      const entries = ownEntries(path, text.slice(0, end), text.slice(end));
      cutFrom = end < text.length ? new TextEncoder().encode(text.slice(0, end)).length : undefined;
      return entries;
    },
    claim: async () => {
      claimed ??= await Deno.open(path, { append: true, create: true });
      if (await claimed.tryLock(true)) return;
      throw new Error(`Another redrive writes to ${path}. Run this again when that one has ended.`);
    },
    isOvertaken: () => Promise.resolve(false),
    end: () => Promise.resolve(), // the lock ends with the process
    append: async (entries) => {
      // A line that was cut off is removed: the next one would be added to it.
      if (cutFrom !== undefined) await Deno.truncate(path, cutFrom);
      cutFrom = undefined;
      using file = await Deno.open(path, { append: true, create: true });
      await writeAll(file, new TextEncoder().encode(entriesText(entries)));
      await file.syncData();
    },
  };
}

/** A store that also knows what another one has. Nothing is added to that one. */
export function knowingAlso(store: ProgressStore, other: ProgressStore): ProgressStore {
  return {
    ...store,
    place: `${store.place} and ${other.place}`,
    unseen: other.unseen,
    read: async () => [...await other.read(), ...await store.read()],
  };
}

/** The entries of whole lines, and a last line that was cut off. */
function ownEntries(path: string, whole: string, cut: string): ProgressEntry[] {
  try {
    if (!isBeginningOfEntry(cut)) throw new SyntaxError(`its last line is ${cut.slice(0, 80)}`);
    return entriesIn(whole);
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new TypeError(
      `${path} is not a file in which redrive saved what was sent. Choose another with --progress. ` +
        `(${cause.message})`,
      { cause },
    );
  }
}

async function readIfThere(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}

async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    written += await file.write(bytes.subarray(written));
  }
}
