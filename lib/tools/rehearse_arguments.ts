/**
 * The words of `deno task rehearse`'s command line: the help, the options, and which function and
 * records they name.
 * @module
 */

import { parseArgs } from "node:util";
import { UsageError } from "./usage_error.ts";

/** What `--help` prints. */
export const USAGE = `deno task rehearse FUNCTION --records FILE… [options]
deno task rehearse --stream NAME [--profile NAME] --records FILE… [options]

Sends records through your own function on this machine, as Firehose would: with Lambda's Runtime API
and limits, and with Firehose's rules for the response. Says what happens to each record, and which
buffer is the largest safe one. It needs no AWS account. It reads from an account only what you name,
and changes nothing there. For example:

  deno task rehearse transform.py --records events.ndjson --gzip-each
  deno task rehearse transform.py --records error-object-of-S3

  FUNCTION              a file (.py, .mjs, .js, .ts), a folder, or a zip as Lambda takes it
  --records FILE        lines, a JSON array, a captured event or put, an error object, or gzip of these;
                        repeat it for more files; - means standard input, s3://BUCKET/PREFIX the objects
                        there
  --like SPEC           makes records of this size and compression: 'bytes=25000,ratio=40'
  --count N             how many records: repeats those of the files (a JSON record with an id gets a new
                        id each time), or how many --like makes (100)
  --gzip-each           compresses each record, as a producer would; gzip records stay as they are

  --function NAME       a function of the account in place of a file: its code, settings and variables
  --stream NAME         a stream of the account: its buffer, retries and Prefix; and its function, if you
                        name no other
  --profile NAME        the account of --function, --stream and s3://; without it, the running sandbox.
                        The calls are printed before they are made; all of them only read

  --handler NAME        such as index.handler; guessed if absent
  --runtime NAME        such as nodejs22.x or python3.12; guessed if absent
  --memory MB           128 to 10240 (512)        --timeout SECONDS   1 to 900 (60)
  --architecture NAME   x86_64 or arm64 (x86_64), for the price alone: the function runs on your machine
  --python P            nearest: another version of Python if the runtime's is missing here; or the full
                        path of a Python program
  --lambda-runtime host for a machine that can't confine a function: runs it with your own rights, so it
                        can read your files and reach every address
  --env-file FILE       environment variables of the function, a line NAME=value for each
  --buffer-mb N         the stream's BufferSizeInMBs, 0.2 to 3 (1)
  --buffer-seconds N    the stream's BufferIntervalInSeconds, 0 to 900 (60); matters only with --rate
  --retries N           the stream's NumberOfRetries, 0 to 300 (3)

  --prefix PREFIX       the stream's Prefix with dynamic partitioning: shows which of the function's
                        partition keys it refuses; without it, all keys make partitions

  --partition-quota N   how many partitions the stream may have active at once (500, AWS's default; AWS
                        raises it on request)

  --rate RATE           your volume, such as 5000/s, 300000/min or 2e6/h: simulates a day with it, and with
                        10, 100 and 1,000 times as much: invocations, objects, quotas, cost of a month
  --hours N             hours of the day in which records come (24)
  --partitions N        how many partitions the records go to, evenly (those of the rehearsal)
  --region NAME         for quotas and prices (us-east-1; no other Region's prices are known here)
  --s3-buffer-mb N      the stream's SizeInMBs, 1 to 128 (5; 64 with partitions)
  --s3-buffer-seconds N the stream's IntervalInSeconds, 0 to 900 (300)

  --expect WHAT         fails if a count is different: 'ok=500,dropped=5,failed=0,lost=5'; lost counts records
                        that are Dropped and not put back, such as heartbeats, and lost=5 allows 5
  --max-response-mb N   fails if a response has more than N million bytes
  --failed FILE         writes each failed record to this file, as a line of JSON with its error and answer
  --json                the result as JSON
  --html FILE           the result as a page with bars

Exit code 0: every record would be delivered. 1: some would not, or --expect or --max-response-mb fails.
2: the command line is wrong. Only the files of --failed and --html are written.`;

/** The command line as `parseArgs` reads it. */
export type Arguments = ReturnType<typeof argumentsIn>;

/** Its options by name. */
export type Values = Arguments["values"];

/** Reads the command line. Throws a `TypeError` for an option that does not exist. */
export function argumentsIn(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      records: { type: "string", multiple: true, default: [] },
      like: { type: "string" },
      count: { type: "string" },
      "gzip-each": { type: "boolean", default: false },
      handler: { type: "string" },
      runtime: { type: "string" },
      function: { type: "string" },
      stream: { type: "string" },
      profile: { type: "string" },
      memory: { type: "string" },
      architecture: { type: "string" },
      timeout: { type: "string" },
      "env-file": { type: "string" },
      python: { type: "string" },
      "lambda-runtime": { type: "string" },
      "buffer-mb": { type: "string" },
      "buffer-seconds": { type: "string" },
      retries: { type: "string" },
      rate: { type: "string" },
      hours: { type: "string" },
      partitions: { type: "string" },
      region: { type: "string" },
      "s3-buffer-mb": { type: "string" },
      "s3-buffer-seconds": { type: "string" },
      prefix: { type: "string" },
      "partition-quota": { type: "string" },
      expect: { type: "string" },
      "max-response-mb": { type: "string" },
      failed: { type: "string" },
      html: { type: "string" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
}

/** What the command line names. */
export interface Named {
  /** Whether the function is the stream's own: no other was named. */
  readonly usesStreamsFunction: boolean;
  /** Files of records. */
  readonly files: readonly string[];
  /** `s3://BUCKET/PREFIX` of records. */
  readonly objects: readonly string[];
}

/** The function and the records that are named. Throws a `UsageError` if one is missing or too many. */
export function namedIn({ values, positionals }: Arguments): Named {
  const functions = [...positionals, ...values.function === undefined ? [] : [values.function]];
  const usesStreamsFunction = functions.length === 0 && values.stream !== undefined;
  if (functions.length > 1) {
    throw new UsageError(
      `Name one function, not ${functions.length}: ${
        functions.join(", ")
      }. Name files of records with --records.`,
    );
  }
  if (functions.length === 0 && !usesStreamsFunction) {
    throw new UsageError("Name one function: a file, a folder, a zip, or --function NAME.");
  }
  if (values.records.length === 0 && values.like === undefined) {
    throw new UsageError("Name records: --records FILE, or --like 'bytes=25000,ratio=40'.");
  }
  return {
    usesStreamsFunction,
    files: values.records.filter((file) => !isObject(file)),
    objects: values.records.filter(isObject),
  };
}

const isObject = (file: string) => file.startsWith("s3://");
