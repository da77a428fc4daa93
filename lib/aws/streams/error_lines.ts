/**
 * Error objects, record by record, each with its place: the one reader for redrive, `explain` and the
 * notebooks. It reads every form that a stream writes (five compressions; one JSON per line, indented
 * or run together) and reports what it cannot read.
 * @module
 */

import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { decompress, textBytes } from "../../sandbox/decoding/compression.ts";
import { DecodingError } from "../../sandbox/decoding/decoding_error.ts";
import { type Piece, pieceBatches } from "../../sandbox/decoding/json_pieces.ts";
import { bodyBytes } from "./body_bytes.ts";
import { type FailedRecord, failedRecord } from "../../sandbox/knowledge/failed_record.ts";

/** One record of an error object, or something in it that cannot be read. */
export interface ErrorLine {
  /** From 0. The same each time it is read: Firehose never changes an object. */
  readonly index: number;
  /** The line where it begins, from 1. */
  readonly line: number;
  readonly record: FailedRecord | undefined;
  /** Why there is no record; empty if there is one. */
  readonly problem: string;
}

/**
 * The records of an error object's bytes in their order, as many at a time as came together: a redrive
 * reads hundreds of thousands, and a wait for each would cost more than the reading.
 */
async function* errorLinesIn(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<readonly ErrorLine[]> {
  let [index, lastLine] = [0, 1];
  try {
    const decompressed = await decompress(chunks);
    const text = textBytes(decompressed.chunks, ["UTF-16", "tar", "gzip"]);
    for await (const pieces of pieceBatches(text, { lists: [""] })) {
      const lines: ErrorLine[] = [];
      for (const piece of pieces) {
        lastLine = piece.line;
        for (const read of readPiece(piece)) {
          lines.push({ index: index++, line: lastLine, ...read });
        }
      }
      yield lines;
    }
  } catch (error) {
    if (!(error instanceof DecodingError)) throw error;
    const problem = `what follows cannot be read: ${error.message}`;
    yield [{ index, line: lastLine, record: undefined, problem }];
  }
}

/** The records of an error object in S3, as {@linkcode errorLinesIn} gives them. */
export async function* errorLinesOf(
  s3: S3Client,
  bucket: string,
  key: string,
): AsyncGenerator<readonly ErrorLine[]> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  if (!Body) throw new Error(`s3://${bucket}/${key} came without a body`);
  yield* errorLinesIn(bodyBytes(Body));
}

type Read = Pick<ErrorLine, "record" | "problem">;

function readPiece(piece: Piece): Read[] {
  if (piece.kind === "text") return [{ record: undefined, problem: "it is not JSON" }];
  // A list on one line comes whole. A longer one comes item by item, and is empty at its end.
  const { value } = piece;
  return Array.isArray(value) && piece.itemOf === undefined
    ? value.map(readValue)
    : [readValue(value)];
}

function readValue(value: unknown): Read {
  try {
    return { record: failedRecord(value), problem: "" };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return { record: undefined, problem: error.message };
  }
}
