/**
 * What `deno task rehearse` is asked to do: the command line, with the records, settings and account
 * that it names.
 * @module
 */

import type { Architecture } from "../aws/rehearse/architecture.ts";
import { MIB } from "../aws/rehearse/batches.ts";
import { partitionsOf } from "../aws/rehearse/partitions.ts";
import type { RecordSpool } from "../aws/rehearse/record_spool.ts";
import type { VolumeOptions } from "../aws/rehearse/volume/volume.ts";
import type { FoundInAccount } from "./rehearse_account.ts";
import { argumentsIn, type Named, namedIn, type Values } from "./rehearse_arguments.ts";
import { checkOutputs, variablesIn } from "./rehearse_files.ts";
import { recordsOf } from "./rehearse_records.ts";
import { type EngineChoice, type Settings, settingsIn } from "./rehearse_settings.ts";
import { complain } from "./run_tool.ts";
import { UsageError } from "./usage_error.ts";

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
  /** Partitions that the stream may have active at once. */
  readonly partitionQuota: number;
  /** Whether the stream, if it is one of the account, keeps records apart in its objects. */
  readonly separatesRecords: boolean;
  readonly memoryMB: number;
  readonly timeoutSeconds: number;
  readonly architecture: Architecture;
  readonly variables: Readonly<Record<string, string>>;
  readonly handler: string | undefined;
  readonly runtime: string | undefined;
  /** How functions run here. */
  readonly engine: EngineChoice;
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
  const { values, positionals } = argumentsIn(args);
  if (values.help) return "help";
  const named = namedIn({ values, positionals });
  const settings = settingsIn(values);
  await checkOutputs(values, positionals, named);
  const { usesStreamsFunction, files } = named;
  const found = await fromAccount(values, named);
  if (usesStreamsFunction && !found.func) {
    throw new UsageError(`${values.stream} has no Lambda processor: name a function.`);
  }
  const prefix = values.prefix ?? found.stream?.prefix;
  await partitionsOf([], prefix, 0); // a prefix that AWS refuses is found before anything runs
  return {
    path: positionals[0],
    func: found.func,
    ...await recordsOf(files, found.objects, { ...settings, gzipEach: values["gzip-each"] }),
    ...ofStream(settings, found.stream),
    prefix,
    partitionQuota: settings.partitionQuota,
    separatesRecords: found.stream?.separatesRecords ?? false,
    ...await ofFunction(values, settings, found.func),
    expect: settings.expect,
    responseBytesMax: settings.responseBytesMax,
    failedFile: values.failed,
    htmlFile: values.html,
    isJson: values.json,
  };
}

/** Loaded only if something of an account is named: files need no AWS. */
async function fromAccount(
  { profile, function: functionName, stream: streamName }: Values,
  { usesStreamsFunction, objects }: Named,
): Promise<FoundInAccount> {
  if (functionName !== undefined || streamName !== undefined || objects.length > 0) {
    const { readAccount } = await import("./rehearse_account.ts");
    const account = profile === "sandbox" ? undefined : profile;
    const named = { functionName, streamName, usesStreamsFunction, objects };
    return await readAccount({ profile: account, ...named }, complain);
  }
  if (profile === undefined) return { stream: undefined, func: undefined, objects: [] };
  throw new UsageError(
    "--profile is for --function, --stream or records in s3://: name one of them.",
  );
}

type OfStream = Pick<Wanted, "bufferMB" | "retries" | "volume">;

/** The settings of a stream: as given, as the account's stream has them, or Firehose's own. */
function ofStream(settings: Settings, stream: FoundInAccount["stream"]): OfStream {
  const { volume, partitionQuota } = settings;
  const bufferMB = settings.bufferMB ?? stream?.bufferMB ?? 1;
  const retries = settings.retries ?? stream?.retries ?? 3;
  return {
    bufferMB,
    retries,
    volume: volume && {
      ...volume,
      source: {
        bytes: bufferMB * MIB,
        seconds: settings.bufferSeconds ?? stream?.bufferSeconds ?? 60,
      },
      delivery: {
        bytes: inBytes(volume.s3BufferMB ?? stream?.s3BufferMB),
        seconds: volume.s3BufferSeconds ?? stream?.s3BufferSeconds,
      },
      retries,
      partitionQuota,
    },
  };
}

const inBytes = (megabytes: number | undefined) =>
  megabytes === undefined ? undefined : megabytes * MIB;

type OfFunction = Pick<
  Wanted,
  "memoryMB" | "timeoutSeconds" | "architecture" | "variables" | "handler" | "runtime" | "engine"
>;

/** The settings of a function: as given, as the account's function has them, or our own. */
async function ofFunction(
  values: Values,
  settings: Settings,
  func: Wanted["func"],
): Promise<OfFunction> {
  const envFile = values["env-file"];
  return {
    memoryMB: settings.memoryMB ?? func?.memoryMB ?? 512,
    architecture: settings.architecture ?? func?.architecture ?? "x86_64",
    timeoutSeconds: settings.timeoutSeconds ?? func?.timeoutSeconds ?? 60,
    variables: { ...func?.variables, ...envFile === undefined ? {} : await variablesIn(envFile) },
    handler: values.handler ?? func?.handler,
    runtime: values.runtime ?? func?.runtime,
    engine: settings.engine,
  };
}
