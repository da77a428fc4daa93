/**
 * Objects for the page: one level of a bucket's tree, and the lines of an object.
 * @module
 */

import { Buffer } from "node:buffer";
import { DecodingError } from "../decoding/decoding_error.ts";
import type { FailedRecord } from "../knowledge/failed_record.ts";
import type { S3State, StoredObject } from "../services/s3/state.ts";
import { explanationsOf, failedIn, failedView } from "./failed_line.ts";
import { type Line, linesOf } from "./lines.ts";
import type { LineView, ObjectPage, ObjectsPage } from "./shapes.ts";

const NAMES_OF_PAGE = 200;
const LINES_OF_PAGE = 100;
const CHARACTERS_OF_LINE = 4_000;
/** Bytes, decompressed, that are read for one page. */
const READ_BYTES_MAX = 64 * 1024 * 1024;

/** The names under `prefix`, up to the next slash, from `after` on. */
export function objectsPage(
  s3: S3State,
  { bucket, prefix, after }: {
    readonly bucket: string;
    readonly prefix: string;
    readonly after: string | undefined;
  },
): ObjectsPage {
  const prefixes: string[] = [];
  const objects: StoredObject[] = [];
  let from: Uint8Array = Buffer.from(after ?? prefix);
  while (true) {
    const [object] = s3.objectsFrom(bucket, from, 1);
    if (!object?.key.startsWith(prefix)) return pageOf(prefixes, objects);
    if (prefixes.length + objects.length === NAMES_OF_PAGE) {
      return { ...pageOf(prefixes, objects), after: object.key };
    }
    const slash = object.key.indexOf("/", prefix.length);
    if (slash < 0) {
      objects.push(object);
      from = Buffer.concat([Buffer.from(object.key), Buffer.of(0)]);
    } else {
      const folder = object.key.slice(0, slash + 1);
      prefixes.push(folder);
      // Behind everything in the folder: the byte after a slash is 0.
      from = Buffer.from(`${folder.slice(0, -1)}0`);
    }
  }
}

function pageOf(prefixes: readonly string[], objects: readonly StoredObject[]): ObjectsPage {
  return {
    prefixes,
    objects: objects.map(({ key, sizeBytes, modifiedMs }) => ({
      ...{ key, bytes: sizeBytes, modifiedMs },
    })),
    after: undefined,
  };
}

/** The bytes of an object, as they are stored. */
export function bytesOf(s3: S3State, { file, sizeBytes }: StoredObject) {
  return s3.bodies.stream(file, 0, sizeBytes);
}

/** Lines of an object, from line `from` on. */
export async function objectPage(
  s3: S3State,
  bucket: string,
  object: StoredObject,
  from: number,
): Promise<ObjectPage> {
  const lines: LineView[] = [];
  const failed: FailedRecord[] = [];
  let compression = "";
  let nextLine: number | undefined;
  let stopped: string | undefined;
  try {
    // Loaded when it is first needed: it takes 4 MiB.
    const { decompress } = await import("../decoding/compression.ts");
    const decompressed = await decompress(bytesOf(s3, object));
    compression = decompressed.compression;
    for await (const line of linesOf(decompressed.chunks)) {
      if (line.number >= from + LINES_OF_PAGE) {
        nextLine = line.number;
        break;
      }
      if (line.start > READ_BYTES_MAX) {
        stopped = `The first ${READ_BYTES_MAX / 1024 / 1024} MiB are shown here.`;
        break;
      }
      if (line.number < from) continue;
      const { view, record } = lineView(line);
      lines.push(view);
      if (record) failed.push(record);
    }
  } catch (error) {
    if (!(error instanceof DecodingError)) throw error;
    stopped = `What follows cannot be read: ${error.message}.`;
  }
  const { key, sizeBytes: bytes, modifiedMs, contentType = "" } = object;
  return {
    ...{ bucket, key, bytes, modifiedMs, contentType, compression, lines, nextLine, stopped },
    explanations: explanationsOf(failed),
  };
}

function lineView({ number, bytes, length }: Line) {
  const text = new TextDecoder().decode(bytes);
  const record = failedIn(text);
  const view: LineView = {
    number,
    text: text.slice(0, CHARACTERS_OF_LINE),
    cut: Math.max(0, text.length - CHARACTERS_OF_LINE, length - bytes.length),
    failed: record && failedView(record, CHARACTERS_OF_LINE),
  };
  return { view, record };
}
