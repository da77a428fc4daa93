/**
 * Where redrive's progress is kept: in S3 beside the error objects, or in a local file.
 * @module
 */

import { PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { objectsUnder, readObjects } from "../streams/objects.ts";
import { REDRIVE_FOLDER } from "../streams/error_objects.ts";
import { entriesIn, entriesText, type ProgressEntry } from "./progress.ts";

/** A list of entries that only grows. */
export interface ProgressStore {
  /** Where it is kept, for messages. */
  readonly place: string;
  read(): Promise<ProgressEntry[]>;
  /** Resolves when the entries are stored. */
  append(entries: readonly ProgressEntry[]): Promise<void>;
}

/** Each addition is a separate object under `_redrive/<stream>/`, beside the error objects. */
export function s3Progress(
  s3: S3Client,
  { bucket, prefix, streamName, run }: {
    readonly bucket: string;
    readonly prefix: string;
    readonly streamName: string;
    /** Unique for each run. */
    readonly run: string;
  },
): ProgressStore {
  const folder = `${prefix}${REDRIVE_FOLDER}${streamName}/`;
  let count = 0;
  return {
    place: `s3://${bucket}/${folder}`,
    read: async () => {
      const objects = await objectsUnder(s3, bucket, folder);
      return (await readObjects(s3, bucket, objects)).flatMap(entriesIn);
    },
    append: async (entries) => {
      // Keys sort by time, so the entry for a call's end is read after the one for its start.
      const Key = `${folder}${run}-${`${count++}`.padStart(8, "0")}.jsonl`;
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: entriesText(entries) }));
    },
  };
}

/** Additions are lines of a local file. Each is on disk before `append` resolves. */
export function fileProgress(path: string): ProgressStore {
  return {
    place: path,
    read: async () => {
      const text = await readIfThere(path);
      // A line that was cut off is removed: the next one would be added to it.
      const whole = text.slice(0, text.lastIndexOf("\n") + 1);
      if (whole !== text) await Deno.writeTextFile(path, whole);
      return entriesIn(whole);
    },
    append: async (entries) => {
      using file = await Deno.open(path, { append: true, create: true });
      await writeAll(file, new TextEncoder().encode(entriesText(entries)));
      await file.syncData();
    },
  };
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
