/**
 * The records that `deno task rehearse` sends: those of files and objects, and those that `--like` makes.
 * @module
 */

import { isAbsolute } from "node:path";
import { gzipSync } from "node:zlib";
import { RECORD_BYTES_MAX } from "../../lambda/batches.ts";
import type { ObjectFound } from "../aws/rehearse/account_sources.ts";
import { type Likeness, recordsLike } from "../aws/rehearse/like.ts";
import { RecordSpool } from "../aws/rehearse/record_spool.ts";
import { readRecords } from "../aws/rehearse/record_stream.ts";
import { isGzip } from "../aws/rehearse/records.ts";
import { repeatsText, repeatTo } from "../aws/rehearse/repeats.ts";
import { complain } from "./run_tool.ts";
import { causeText, UsageError, whyNot } from "./usage_error.ts";

/** Which records are wanted. */
export interface WantedRecords {
  readonly likeness: Likeness | undefined;
  readonly count: number | undefined;
  readonly gzipEach: boolean;
}

/** The records that a put takes, and how many it does not. Throws if none is left. */
export async function recordsOf(
  files: readonly string[],
  objects: readonly ObjectFound[],
  { likeness, count, gzipEach }: WantedRecords,
): Promise<{ readonly records: RecordSpool; readonly tooLargeToPut: number }> {
  const records = new RecordSpool();
  let tooLargeToPut = 0;
  const add = (record: Uint8Array) => {
    const put = gzipEach && !isGzip(record) ? gzipSync(record) : record;
    if (put.length > RECORD_BYTES_MAX) tooLargeToPut++;
    else records.add(put);
  };
  if (likeness) {
    for (const record of recordsLike(likeness, count ?? 100)) add(record);
  }
  if (count === undefined || likeness) {
    await readAll(files, objects, add);
  } else {
    using given = new RecordSpool();
    await readAll(files, objects, (record) => given.add(record));
    const said = repeatsText(repeatTo(count, given, add));
    if (said !== undefined) complain(said);
  }
  if (records.sizes.length > 0) return { records, tooLargeToPut };
  throw new UsageError(
    `Every record is larger than the ${
      RECORD_BYTES_MAX.toLocaleString("en")
    } bytes that a put takes: Firehose accepts none of them.`,
  );
}

async function readAll(
  files: readonly string[],
  objects: readonly ObjectFound[],
  add: (record: Uint8Array) => void,
): Promise<void> {
  for (const name of files) {
    const file = name === "-" ? Deno.stdin : await opened(name);
    await readOne(name, file.readable, add);
  }
  for (const { name, bytes } of objects) await readOne(name, ReadableStream.from([bytes]), add);
}

async function readOne(
  name: string,
  bytes: ReadableStream<Uint8Array>,
  add: (record: Uint8Array) => void,
): Promise<void> {
  try {
    const { kind, notes, count } = await readRecords(bytes, add);
    const many = count === 1 ? "1 record" : `${count.toLocaleString("en")} records`;
    complain(`${name}: ${many} (${[kind, ...notes].join("; ")})`);
  } catch (cause) {
    throw new UsageError(`${name}${whyNot(cause)}`, { cause });
  }
}

async function opened(file: string): Promise<Deno.FsFile> {
  try {
    const found = await Deno.open(file);
    if (!(await found.stat()).isDirectory) return found;
    throw new Deno.errors.IsADirectory();
  } catch (cause) {
    const from = isAbsolute(file) ? "" : ` in ${Deno.cwd()}`;
    throw new UsageError(`${file}${from} can't be read: ${causeText(cause)}`, { cause });
  }
}
