/**
 * Error objects: the lines that Firehose writes under an error output prefix.
 * @module
 */

import { Buffer } from "node:buffer";
import { gunzipSync } from "node:zlib";
import { base64Size, RESPONSE_BYTES_MAX } from "../../../lambda/size.ts";
import type { FailedRecord } from "../streams/failed_record.ts";
import { knowledgeOf } from "./error_codes.ts";
import { count, COURSE, type Explanation } from "./explanation.ts";

/** More than this is not decompressed to be measured. */
const MEASURED_BYTES_MAX = 256 * 1024 * 1024;

/** One explanation for each error code. */
export function explainErrorLines(records: readonly FailedRecord[]): Explanation[] {
  const byCode = Map.groupBy(records, ({ errorCode }) => errorCode);
  return [...byCode].map(([errorCode, some]) => explainCode(errorCode, some));
}

function explainCode(errorCode: string, records: readonly FailedRecord[]): Explanation {
  const knowledge = knowledgeOf(errorCode);
  const contents = records.map(({ data }) => contentBytes(data));
  const sum = contents.reduce((total, bytes) => total + bytes, 0);
  const original = records.reduce((total, { data }) => total + data.length, 0);
  const answered = contents.reduce((total, bytes) => total + base64Size(bytes), 0);
  const [first] = records;
  const isSuspect = errorCode === "Lambda.FunctionError" && answered > RESPONSE_BYTES_MAX;
  return {
    subject: `error output: ${count(records.length, "record")} with ${errorCode}`,
    ...knowledge,
    ...(isSuspect
      ? {
        happened: `${knowledge.happened} Decompressed they are more than a response can hold: ` +
          "probably 413.",
      }
      : {}),
    numbers: [
      `"${first.errorMessage}" after ${count(first.attemptsMade, "attempt")}`,
      `arrived from ${span(records)}`,
      `${original.toLocaleString("en")} bytes as they were put, ${
        sum.toLocaleString("en")
      } decompressed, ${answered.toLocaleString("en")} in base64 (a response: ${
        RESPONSE_BYTES_MAX.toLocaleString("en")
      })`,
    ],
    cure: `${knowledge.cure ?? "Mend the cause."} Then: deno task redrive s3://BUCKET/PREFIX/ ` +
      "--stream NAME.",
    course: knowledge.course ?? COURSE.redrive,
  };
}

function span(records: readonly FailedRecord[]): string {
  const times = records.map(({ arrived }) => arrived.getTime());
  const text = (ms: number) => new Date(ms).toISOString();
  return `${text(Math.min(...times))} to ${text(Math.max(...times))}`;
}

function contentBytes(data: Uint8Array): number {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.length);
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes.length;
  try {
    return gunzipSync(bytes, { maxOutputLength: MEASURED_BYTES_MAX }).length;
  } catch {
    return bytes.length;
  }
}
