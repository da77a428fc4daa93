/**
 * `deno task rehearse`: sends records through a function of your own as Firehose would, on this
 * machine, and says what would happen and which setting is safe.
 * @module
 */

import { FUNCTION_MS_MAX } from "../sandbox/services/firehose/processing/invoke_transform.ts";
import { hasFailed } from "../aws/rehearse/attempts.ts";
import { findingsTogether, logLines } from "../aws/rehearse/failure_text.ts";
import { logHints } from "../aws/rehearse/log_hints.ts";
import { invocationFigures, usageOfMillion } from "../aws/rehearse/invocation_report.ts";
import { rehearse, type Rehearsed, type RehearseOptions } from "../aws/rehearse/measure.ts";
import { objectContent } from "../aws/rehearse/object_content.ts";
import { codeOfZip, ownCode } from "../aws/rehearse/own_code.ts";
import type { Records } from "../aws/rehearse/record_spool.ts";
import { type Attempt, startRehearsal } from "../aws/rehearse/rehearsal.ts";
import { cureOf } from "../aws/rehearse/cure.ts";
import {
  batchLine,
  countsOf,
  isDelivered,
  lostRecords,
  type ReportOptions,
  reportText,
} from "../aws/rehearse/report.ts";
import { volumeOf } from "../aws/rehearse/volume/volume.ts";
import { volumeForMachines } from "../aws/rehearse/volume/volume_report.ts";
import { END_SIGNALS } from "../sandbox/end_signals.ts";
import { pythonMinorHere } from "./python_env.ts";
import { USAGE } from "./rehearse_arguments.ts";
import { type Wanted, wantedOf } from "./rehearse_options.ts";
import { complain, say, usageMessage } from "./run_tool.ts";

/** Expectations that do not hold, in words. */
function broken(rehearsed: Rehearsed, { expect, responseBytesMax }: Wanted): string[] {
  const { records, ok, dropped, failed } = countsOf(rehearsed);
  const counts = new Map(
    Object.entries({ records, ok, dropped, failed, lost: lostRecords(rehearsed) }),
  );
  const wrong = [...expect].filter(([name, wanted]) => counts.get(name) !== wanted)
    .map(([name, wanted]) => `expected ${name}=${wanted}, but it is ${counts.get(name)}`);
  const largest = rehearsed.batches.reduce((most, it) => Math.max(most, it.responseBytes ?? 0), 0);
  return largest <= responseBytesMax ? wrong : [
    ...wrong,
    `a response has ${largest.toLocaleString("en")} bytes, more than ${
      responseBytesMax.toLocaleString("en")
    }`,
  ];
}

/** What `--json` prints. */
function forMachines(
  rehearsed: Rehearsed,
  { retries, problems, cure, volume, tooLargeToPut }: ReportOptions & {
    readonly problems: readonly string[];
  },
) {
  const { bufferMB, batches, partitions, safe, putBack, tried, failureLog } = rehearsed;
  return {
    ...countsOf(rehearsed),
    notSent: rehearsed.recordsNotSent,
    tooLargeToPut,
    putBack,
    lost: lostRecords(rehearsed),
    bufferMB,
    retries,
    failedInvocations: batches.filter(hasFailed).length * (retries + 1),
    batches: batches.map(batchForMachines),
    findings: findingsTogether(batches.flatMap(({ findings }) => findings)),
    log: failureLog === undefined ? [] : logLines(failureLog),
    hints: logHints(failureLog ?? ""),
    invocations: invocationFigures(rehearsed.invocations) ?? null,
    partitions,
    objectContent: objectContent(rehearsed.samples) ?? null,
    perMillionRecords: usageOfMillion({ ...rehearsed, retries }),
    safe: safe ?? null,
    tried: tried?.map(batchForMachines) ?? null,
    cure: cure ?? null,
    volume: volume ? volumeForMachines(volume) : null,
    problems,
  };
}

function batchForMachines(batch: Rehearsed["batches"][number]) {
  const { start, end, requestBytes, responseBytes, failure } = batch;
  return {
    records: end - start,
    requestBytes,
    responseBytes: responseBytes ?? null,
    failure: failure ?? null,
  };
}

/**
 * Takes the records of a batch that failed to a file, each as a line with what the function answered for
 * it, if it did.
 */
class FailedFile implements Disposable {
  readonly #path: string;
  readonly #file: Deno.FsFile;
  readonly #records: Records;

  constructor(path: string, records: Records) {
    this.#path = path;
    this.#file = Deno.openSync(path, { write: true, create: true, truncate: true });
    this.#records = records;
  }

  note({ invocation: { start, end }, error, answers, failedAnswers }: Attempt): void {
    const lines: string[] = [];
    for (const [offset, data] of this.#records.slice(start, end).entries()) {
      const fate = answers[offset]?.fate;
      const why = error ?? (fate?.result === "ProcessingFailed" ? fate.error : undefined);
      if (!why) continue;
      const text = failedAnswers.get(start + offset);
      const answer: unknown = text === undefined ? undefined : JSON.parse(text);
      lines.push(`${JSON.stringify({ ...why, answer, rawData: data.toBase64() })}\n`);
    }
    this.#write(new TextEncoder().encode(lines.join("")));
  }

  #write(bytes: Uint8Array): void {
    try {
      for (let at = 0; at < bytes.length;) at += this.#file.writeSync(bytes.subarray(at));
    } catch (cause) {
      throw new Error(`--failed ${this.#path}: ${messageOf(cause)}`, { cause });
    }
  }

  [Symbol.dispose](): void {
    this.#file.close();
  }
}

const messageOf = (cause: unknown) => cause instanceof Error ? cause.message : String(cause);

const PROGRESS_EVERY_MS = 5_000;

/** Says the first batch at once, and later ones every few seconds, on standard error. */
function batchProgress(nowMs: () => number): NonNullable<RehearseOptions["onBatch"]> {
  let saidMs = 0;
  return ({ invocation }, done, all) => {
    if (nowMs() - saidMs < PROGRESS_EVERY_MS) return;
    saidMs = nowMs();
    complain(`Batch ${done} of ${all}: ${batchLine(invocation)}`);
  };
}

async function main(args: readonly string[]): Promise<number> {
  const wanted = await wantedOf(args).catch((error: unknown) => {
    const isOption = error instanceof TypeError && error.message.startsWith("Unknown option");
    throw isOption ? new TypeError(usageMessage(error)) : error;
  });
  if (wanted === "help") {
    say(USAGE);
    return 0;
  }
  using records = wanted.records;
  const { path, func, memoryMB, timeoutSeconds, variables, bufferMB, retries } = wanted;
  const name = path ?? func?.name ?? "";
  // Asking takes a second, and is of no use to other functions.
  const mayBePython = wanted.runtime === undefined && !/\.([mc]?js|ts)$/.test(name);
  const given = {
    handler: wanted.handler,
    runtime: wanted.runtime,
    pythonMinor: mayBePython ? await pythonMinorHere() : 12,
  };
  const code = func ? codeOfZip(name, func.zip, given) : await ownCode(name, given);
  if (code.guesses.length > 0) {
    complain(`${name}: guessed ${code.guesses.join(", ")} (--handler and --runtime name others)`);
  }
  for (const note of func?.notes ?? []) complain(`${name}: ${note}`);
  const waitSeconds = Math.min(timeoutSeconds, FUNCTION_MS_MAX / 1000);
  if (waitSeconds < timeoutSeconds) {
    complain(
      `${name}: its timeout is ${timeoutSeconds} s, but Firehose waits ${waitSeconds} s at most`,
    );
  }
  const settings = { memoryMB, timeoutSeconds: waitSeconds, variables };
  await using rehearsal = await startRehearsal(code, records, {
    settings,
    sandbox: wanted.engine,
    say: complain,
    readsFailedAnswers: wanted.failedFile !== undefined,
  });
  using failed = wanted.failedFile === undefined
    ? undefined
    : new FailedFile(wanted.failedFile, records);
  const sayProgress = batchProgress(Date.now);
  const stopped = signalled();
  const rehearsed = await Promise.race([
    stopped,
    rehearse(rehearsal, records, {
      bufferMB,
      runtime: code.runtime,
      timeoutSeconds: waitSeconds,
      prefix: wanted.prefix,
      partitionQuota: wanted.partitionQuota,
      architecture: wanted.architecture,
      onBatch: (attempt, done, all) => {
        failed?.note(attempt);
        sayProgress(attempt, done, all);
      },
    }),
  ]);
  const options = {
    retries,
    tooLargeToPut: wanted.tooLargeToPut,
    lostMax: wanted.expect.get("lost"),
    separatesRecords: wanted.separatesRecords,
    cure: await cureOf(rehearsed, code.handler.slice(code.handler.lastIndexOf(".") + 1)),
    volume: wanted.volume && volumeOf(rehearsed, wanted.volume),
  };
  const problems = broken(rehearsed, wanted);
  say(
    wanted.isJson
      ? JSON.stringify(forMachines(rehearsed, { ...options, problems }), null, 2)
      : [reportText(rehearsed, options), ...problems].join("\n"),
  );
  if (wanted.htmlFile !== undefined) {
    const { reportPage } = await import("../aws/rehearse/report_page.ts"); // with a library of plots
    const page = await reportPage(rehearsed, { title: `Rehearsal of ${name}`, ...options });
    await Deno.writeTextFile(wanted.htmlFile, page).catch((cause: unknown) => {
      throw new Error(`--html ${wanted.htmlFile}: ${messageOf(cause)}`, { cause });
    });
  }
  const isAll = isDelivered(rehearsed, wanted.expect.get("lost")) && wanted.tooLargeToPut === 0;
  return isAll && problems.length === 0 ? 0 : 1;
}

/** The process was told to end. */
class Stopped extends Error {
  override readonly name = "Stopped";
}

/**
 * Rejects with {@linkcode Stopped} once the process is told to end: the function ends with it, also in an
 * endless loop, and the temporary files are removed.
 */
function signalled(): Promise<never> {
  return new Promise((_, reject) => {
    const stop = () => reject(new Stopped("Stopped. There is no report."));
    for (const signal of END_SIGNALS) Deno.addSignalListener(signal, stop);
  });
}

/** What a shell says of a program that Ctrl-C ended. */
const EXIT_STOPPED = 130;

if (import.meta.main) {
  try {
    Deno.exit(await main(Deno.args));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    complain(error.message);
    Deno.exit(error instanceof Stopped ? EXIT_STOPPED : 2);
  }
}
