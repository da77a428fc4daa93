/**
 * The command line of `deno task rehearse`, and the records, settings and account that it names.
 * @module
 */

import { dirname, isAbsolute, resolve } from "node:path";
import { parseArgs, parseEnv } from "node:util";
import { gzipSync } from "node:zlib";
import { RECORD_BYTES_MAX } from "../../lambda/batches.ts";
import { RESPONSE_BYTES_MAX } from "../../lambda/size.ts";
import type { ObjectFound } from "../aws/rehearse/account_sources.ts";
import { type Likeness, likenessOf, recordsLike } from "../aws/rehearse/like.ts";
import { partitionsOf } from "../aws/rehearse/partitions.ts";
import { MIB } from "../aws/rehearse/batches.ts";
import { RecordSpool } from "../aws/rehearse/record_spool.ts";
import { readRecords } from "../aws/rehearse/record_stream.ts";
import { isGzip } from "../aws/rehearse/records.ts";
import { repeatsText, repeatTo } from "../aws/rehearse/repeats.ts";
import { checkPriced, PRICED_REGION } from "../aws/rehearse/volume/bill.ts";
import type { VolumeOptions } from "../aws/rehearse/volume/volume.ts";
import type { SandboxOptions } from "../sandbox/sandbox.ts";
import type { FoundInAccount, WantedFromAccount } from "./rehearse_account.ts";
import { complain } from "./run_tool.ts";

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
  --records FILE        lines, a JSON array, a captured event, an error object, or gzip of these; repeat
                        it for more files; - means standard input, s3://BUCKET/PREFIX the objects there
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

/** Something on the command line is wrong. */
class UsageError extends Error {}

/** All that the command line says, with what was read for it. */
export interface Wanted {
  /** Of the function, if it is in files. */
  readonly path: string | undefined;
  /** The function, if it is in the account. */
  readonly func: FoundInAccount["func"];
  readonly records: RecordSpool;
  /** Records that were left out: a put refuses them. */
  readonly tooLargeToPut: number;
  readonly bufferMB: number;
  readonly retries: number;
  readonly prefix: string | undefined;
  readonly memoryMB: number;
  readonly timeoutSeconds: number;
  readonly variables: Readonly<Record<string, string>>;
  readonly handler: string | undefined;
  readonly runtime: string | undefined;
  /** How functions run here. */
  readonly engine: Pick<SandboxOptions, "lambdaRuntime" | "python">;
  readonly expect: ReadonlyMap<string, number>;
  readonly responseBytesMax: number;
  /** Undefined without --rate. */
  readonly volume: VolumeOptions | undefined;
  readonly failedFile: string | undefined;
  readonly htmlFile: string | undefined;
  readonly isJson: boolean;
}

/**
 * Reads the command line, and the files, records and account that it names. Throws an `Error` that says
 * what is wrong.
 */
export async function wantedOf(args: readonly string[]): Promise<Wanted | "help"> {
  const { values, positionals } = parseArgs({
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
      expect: { type: "string" },
      "max-response-mb": { type: "string" },
      failed: { type: "string" },
      html: { type: "string" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) return "help";
  const named = [...positionals, ...values.function === undefined ? [] : [values.function]];
  const usesStreamsFunction = named.length === 0 && values.stream !== undefined;
  if (named.length > 1) {
    throw new UsageError(
      `Name one function, not ${named.length}: ${
        named.join(", ")
      }. Name files of records with --records.`,
    );
  }
  if (named.length === 0 && !usesStreamsFunction) {
    throw new UsageError("Name one function: a file, a folder, a zip, or --function NAME.");
  }
  const files = values.records.filter((file) => !file.startsWith("s3://"));
  const objects = values.records.filter((file) => file.startsWith("s3://"));
  if (values.records.length === 0 && values.like === undefined) {
    throw new UsageError("Name records: --records FILE, or --like 'bytes=25000,ratio=40'.");
  }
  const limit = values["max-response-mb"];
  const given = {
    bufferMB: optional(
      values["buffer-mb"],
      (text) => within(text, "--buffer-mb", 0.2, 3, { whole: false }),
    ),
    bufferSeconds: optional(
      values["buffer-seconds"],
      (text) => within(text, "--buffer-seconds", 0, 900),
    ),
    volume: volumeIn(values),
    retries: optional(values.retries, (text) => within(text, "--retries", 0, 300)),
    memoryMB: optional(values.memory, (text) => within(text, "--memory", 128, 10_240)),
    timeoutSeconds: optional(values.timeout, (text) => within(text, "--timeout", 1, 900)),
    count: optional(values.count, (text) => within(text, "--count", 1, 1_000_000)),
    expect: expectationsIn(values.expect),
    responseBytesMax: limit === undefined
      ? RESPONSE_BYTES_MAX
      : within(limit, "--max-response-mb", 0.1, 7, { whole: false }) * 1e6,
  };
  if (values.like !== undefined) likenessOf(values.like);
  const inputs = [...positionals, ...files, values["env-file"] ?? []].flat();
  await checkOutput("--failed", values.failed, inputs);
  await checkOutput("--html", values.html, [...inputs, values.failed ?? []].flat());
  const { stream, func, objects: found } = await fromAccount({
    profile: values.profile === "sandbox" ? undefined : values.profile,
    functionName: values.function,
    streamName: values.stream,
    usesStreamsFunction,
    objects,
  }, values.profile);
  if (usesStreamsFunction && !func) {
    throw new UsageError(`${values.stream} has no Lambda processor: name a function.`);
  }
  const prefix = values.prefix ?? stream?.prefix;
  await partitionsOf([], prefix, 0); // a prefix that AWS refuses is found before anything runs
  const { count, expect, responseBytesMax } = given;
  const gzipEach = values["gzip-each"];
  const { records, tooLargeToPut } = await recordsOf(files, found, {
    ...{ count, gzipEach },
    likeness: values.like === undefined ? undefined : likenessOf(values.like),
  });
  const bufferMB = given.bufferMB ?? stream?.bufferMB ?? 1;
  const retries = given.retries ?? stream?.retries ?? 3;
  return {
    path: positionals[0],
    func,
    records,
    tooLargeToPut,
    bufferMB,
    retries,
    volume: given.volume && {
      ...given.volume,
      source: {
        bytes: bufferMB * MIB,
        seconds: given.bufferSeconds ?? stream?.bufferSeconds ?? 60,
      },
      delivery: {
        bytes: inBytes(given.volume.s3BufferMB ?? stream?.s3BufferMB),
        seconds: given.volume.s3BufferSeconds ?? stream?.s3BufferSeconds,
      },
      retries,
    },
    prefix,
    memoryMB: given.memoryMB ?? func?.memoryMB ?? 512,
    timeoutSeconds: given.timeoutSeconds ?? func?.timeoutSeconds ?? 60,
    variables: { ...func?.variables, ...await variablesIn(values["env-file"]) },
    handler: values.handler ?? func?.handler,
    runtime: values.runtime ?? func?.runtime,
    engine: engineIn(values),
    expect,
    responseBytesMax,
    failedFile: values.failed,
    htmlFile: values.html,
    isJson: values.json,
  };
}

const inBytes = (megabytes: number | undefined) =>
  megabytes === undefined ? undefined : megabytes * MIB;

const RATE_UNITS: Readonly<Record<string, number>> = { s: 1, min: 60, h: 3_600, day: 86_400 };

/** Records a second, of `5000/s`, `300000/min`, `2e6/h` or `1e8/day`. */
function rateIn(text: string): number {
  const [, count, unit] = /^(\d+(?:\.\d+)?(?:e\d+)?)\/(s|min|h|day)$/.exec(text) ?? [];
  const rate = Number(count) / RATE_UNITS[unit];
  if (rate > 0 && rate <= 10_000_000) return rate;
  throw new UsageError(
    `--rate ${text}: write 5000/s, 300000/min, 2e6/h or 1e8/day; up to ten million a second.`,
  );
}

/** What is said about the volume; undefined without --rate. */
function volumeIn(
  values: {
    readonly [name in typeof OF_VOLUME[number] | "rate"]?: string;
  },
) {
  if (values.rate === undefined) {
    const alone = OF_VOLUME.find((name) => values[name] !== undefined);
    if (alone) {
      throw new UsageError(`--${alone} belongs to --rate: give a rate, such as --rate 5000/s.`);
    }
    return undefined;
  }
  const region = values.region ?? PRICED_REGION;
  checkPriced(region);
  return {
    recordsPerSecond: rateIn(values.rate),
    region,
    hours: within(values.hours ?? "24", "--hours", 0.1, 24, { whole: false }),
    partitions: optional(values.partitions, (text) => within(text, "--partitions", 1, 1_000_000)),
    s3BufferMB: optional(values["s3-buffer-mb"], (text) => within(text, "--s3-buffer-mb", 1, 128)),
    s3BufferSeconds: optional(
      values["s3-buffer-seconds"],
      (text) => within(text, "--s3-buffer-seconds", 0, 900),
    ),
  };
}

const OF_VOLUME = ["hours", "partitions", "region", "s3-buffer-mb", "s3-buffer-seconds"] as const;

function engineIn(
  { python, "lambda-runtime": engine }: {
    readonly python?: string;
    readonly "lambda-runtime"?: string;
  },
): Wanted["engine"] {
  if (engine !== undefined && engine !== "host" && engine !== "deno" && engine !== "node") {
    throw new UsageError(`--lambda-runtime ${engine}: it takes deno, node or host.`);
  }
  if (python !== undefined && python !== "nearest" && !isAbsolute(python)) {
    throw new UsageError(`--python ${python}: it takes nearest, or the whole path of a program.`);
  }
  return { ...engine && { lambdaRuntime: engine }, ...python && { python } };
}

const optional = <Value>(text: string | undefined, read: (text: string) => Value) =>
  text === undefined ? undefined : read(text);

/** Loaded only if something of an account is named: files need no AWS. */
async function fromAccount(
  wanted: WantedFromAccount,
  profile: string | undefined,
): Promise<FoundInAccount> {
  const { functionName, streamName, objects } = wanted;
  if (functionName !== undefined || streamName !== undefined || objects.length > 0) {
    const { readAccount } = await import("./rehearse_account.ts");
    return await readAccount(wanted, complain);
  }
  if (profile === undefined) return { stream: undefined, func: undefined, objects: [] };
  throw new UsageError(
    "--profile is for --function, --stream or records in s3://: name one of them.",
  );
}

function within(
  text: string,
  option: string,
  min: number,
  max: number,
  { whole = true }: { readonly whole?: boolean } = {},
): number {
  const value = Number(text);
  const isNumber = text.trim() !== "" && (whole ? Number.isInteger(value) : Number.isFinite(value));
  if (isNumber && value >= min && value <= max) return value;
  throw new UsageError(
    `${option} ${text}: give a ${whole ? "whole " : ""}number from ${min} to ${max}.`,
  );
}

interface WantedRecords {
  readonly likeness: Likeness | undefined;
  readonly count: number | undefined;
  readonly gzipEach: boolean;
}

/** The records that a put takes, and how many it does not. Throws if none is left. */
async function recordsOf(
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

/** A `TypeError` of ours says what is wrong with the file; others come from reading it. */
const whyNot = (cause: unknown) =>
  cause instanceof TypeError ? `: ${cause.message}` : ` can't be read: ${causeText(cause)}`;

/** Before anything runs: the file can be made, and nothing that the rehearsal reads is overwritten. */
async function checkOutput(
  option: string,
  path: string | undefined,
  inputs: readonly string[],
): Promise<void> {
  if (path === undefined) return;
  const refused = (why: string) => new UsageError(`${option} ${path}: ${why}`);
  const there = await infoOf(path);
  if (there?.isDirectory) throw refused("it is a folder; name a file");
  if (!there && !(await infoOf(dirname(path)))?.isDirectory) {
    throw refused(`there is no folder ${dirname(path)}`);
  }
  const place = await placeOf(path);
  for (const input of inputs) {
    if (await placeOf(input) !== place) continue;
    throw refused("the rehearsal uses this file already; name another one");
  }
}

const infoOf = (path: string) => Deno.stat(path).catch(() => undefined);
/** Without links; as it was named where there is no file yet. */
const placeOf = (path: string) => Deno.realPath(path).catch(() => resolve(path));

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

function causeText(cause: unknown): string {
  if (cause instanceof Deno.errors.NotFound) return "there is no such file";
  if (cause instanceof Deno.errors.IsADirectory) return "it is a folder: name the files in it";
  return cause instanceof Error ? cause.message : String(cause);
}

async function variablesIn(file: string | undefined): Promise<Record<string, string>> {
  if (file === undefined) return {};
  const text = await Deno.readTextFile(file).catch((cause: unknown) => {
    throw new UsageError(`--env-file ${file}${whyNot(cause)}`, { cause });
  });
  // parseEnv leaves out a line that it does not understand.
  const wrong = text.replaceAll(/^\s*#.*$/gm, "").replaceAll(QUOTED_VALUE, "=").split("\n")
    .find((line) => line.trim() !== "" && !line.includes("="));
  if (wrong !== undefined) {
    throw new UsageError(`--env-file ${file}: write NAME=value, not "${wrong.trim()}".`);
  }
  const entries = Object.entries(parseEnv(text));
  return Object.fromEntries(entries.map(([name, value]) => [name, value ?? ""]));
}

/** A value in quotes may have several lines. */
const QUOTED_VALUE = /=\s*(["'`])[^]*?\1/g;

const EXPECTED = ["ok", "dropped", "failed", "records", "lost"] as const;

function expectationsIn(text: string | undefined): Map<string, number> {
  const parts = text === undefined ? [] : text.split(",");
  return new Map(parts.map((part) => {
    const [, name, value] = /^(\w+)=(\d+)$/.exec(part.trim()) ?? [];
    if (EXPECTED.some((known) => known === name)) return [name, Number(value)];
    throw new UsageError(
      `--expect ${part}: write ok=500, dropped=0, failed=0 or lost=5, joined by commas.`,
    );
  }));
}
