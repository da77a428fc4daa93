/**
 * `deno task redrive`: sends records that failed, as they lie under an error output prefix, to a
 * delivery stream again.
 * @module
 */

import {
  DescribeDeliveryStreamCommand,
  FirehoseClient,
  ResourceNotFoundException,
} from "@aws-sdk/client-firehose";
import { S3Client } from "@aws-sdk/client-s3";
import { setTimeout as pauseMs } from "node:timers/promises";
import { parseArgs } from "node:util";
import { explained } from "../aws/errors/explained_error.ts";
import { fileProgress, knowingAlso, s3Progress } from "../aws/redrive/progress_stores.ts";
import {
  type Plan,
  planRedrive,
  type Redrive,
  type Redriven,
  runRedrive,
} from "../aws/redrive/redrive.ts";
import { parseSince, type Selection } from "../aws/redrive/selection.ts";
import type { Survey } from "../aws/redrive/survey.ts";
import { verifyRedrive } from "../aws/redrive/verify.ts";
import { END_SIGNALS } from "../sandbox/end_signals.ts";
import { chooseTarget, type Target } from "./profile_environment.ts";
import { ProgressBar } from "./progress_bar.ts";
import { confirmed } from "./real_account.ts";
import { planReport, resultReport, verificationReport } from "./redrive_report.ts";
import { runTool, say } from "./run_tool.ts";

const USAGE = `deno task redrive s3://BUCKET/PREFIX/ --stream NAME [options]

Reads the error objects under the prefix, and sends the original records in them to the delivery
stream again. It saves beside the objects what it has sent, so the next run goes on where this one
ended.

  --stream NAME      the delivery stream to send to
  --dry-run          only show what is there
  --error-code CODE  only records with this error code; may be given several times
  --since WHEN       only records that arrived since then: 90m, 2h, 3d, 2026-11-24T10:00Z
  --progress FILE    save in this file, not in S3, what was sent; what is saved in S3 counts, too
                     (a run without FILE, or with another one, does not know what this one holds)
  --wait SECONDS     after sending, wait, then look whether records have failed again (0)
  --profile NAME     use this AWS profile, not the sandbox; asks before it sends
  --yes              do not ask

Repair the function first: deno task rehearse shows whether it can answer these records. The exit
code is 1 if a record was refused or failed again, or if something could not be read.`;

/** What the command line asked for. */
export interface RedriveOptions {
  readonly bucket: string;
  readonly prefix: string;
  readonly streamName: string;
  readonly isDryRun: boolean;
  readonly selection: Selection;
  readonly progressPath: string | undefined;
  readonly waitSeconds: number;
  /** Whether the question before sending to a real account is answered already. */
  readonly isAgreed: boolean;
  /** A profile of the reader's; undefined means the sandbox. */
  readonly profile: string | undefined;
}

/** Options from the command line. Throws a `TypeError` that says what is wrong. */
export function readOptions(args: readonly string[], nowMs: number): RedriveOptions | "help" {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      stream: { type: "string" },
      "dry-run": { type: "boolean", default: false },
      "error-code": { type: "string", multiple: true, default: [] },
      since: { type: "string" },
      progress: { type: "string" },
      wait: { type: "string", default: "0" },
      profile: { type: "string" },
      yes: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) return "help";
  if (positionals.length !== 1) throw new TypeError("name one place: s3://BUCKET/PREFIX/");
  if (!values.stream) throw new TypeError("name the delivery stream with --stream NAME");
  const waitSeconds = Number(values.wait);
  if (!(waitSeconds >= 0 && waitSeconds <= 86_400)) {
    throw new TypeError(`--wait ${values.wait} is not a number of seconds from 0 to 86400`);
  }
  return {
    ...placeOf(positionals[0]),
    streamName: values.stream,
    isDryRun: values["dry-run"],
    selection: {
      errorCodes: values["error-code"],
      ...(values.since === undefined ? {} : { sinceMs: parseSince(values.since, nowMs) }),
    },
    progressPath: values.progress,
    waitSeconds,
    isAgreed: values.yes,
    profile: values.profile === "sandbox" ? undefined : values.profile,
  };
}

function placeOf(url: string): { readonly bucket: string; readonly prefix: string } {
  const match = /^s3:\/\/([^/]+)(?:\/(.*))?$/s.exec(url);
  if (!match) throw new TypeError(`"${url}" is not a place in S3 such as s3://BUCKET/PREFIX/`);
  return { bucket: match[1], prefix: match[2] ?? "" };
}

async function run(options: RedriveOptions, startMs: number): Promise<boolean> {
  const target = await chooseTarget(options.profile);
  const s3 = new S3Client(target.settings);
  // Attempts that the SDK repeats by itself would stay unseen: records could be sent twice.
  const firehose = new FirehoseClient({ ...target.settings, maxAttempts: 1 });
  try {
    const runId = `${new Date(startMs).toISOString()}-${crypto.randomUUID().slice(0, 8)}`;
    const { bucket, prefix, streamName, selection } = options;
    const inS3 = s3Progress(s3, { bucket, prefix, streamName, run: runId });
    // An earlier run without the option noted in S3 what it sent.
    const store = options.progressPath === undefined
      ? inS3
      : knowingAlso(fileProgress(options.progressPath), inS3);
    const redrive = { s3, bucket, prefix, streamName, selection, store, run: runId };
    return await carryOut(redrive, options, { firehose, target });
  } finally {
    s3.destroy();
    firehose.destroy();
  }
}

/** False if records were refused, are left or have failed again. */
async function carryOut(
  redrive: Redrive,
  options: RedriveOptions,
  { firehose, target }: { readonly firehose: FirehoseClient; readonly target: Target },
): Promise<boolean> {
  const { isDryRun, waitSeconds } = options;
  const { bucket, prefix, streamName, store } = redrive;
  await checkStream(firehose, streamName);
  const reading = new ProgressBar("error objects read");
  const plan = await explained(
    `read the error objects under s3://${bucket}/${prefix}`,
    () => planRedrive(redrive, (done, of) => reading.show(done, of)),
  );
  reading.end();
  const errorsPlace = `s3://${bucket}/${prefix}`;
  say(...planReport(plan.survey, { progress: store, errorsPlace, streamName }));
  const isAllRead = plan.survey.unreadable === 0;
  if (isDryRun) say("Nothing was sent: --dry-run.");
  if (isDryRun || plan.survey.toSend === 0) return isAllRead;
  if (!isWanted(plan.survey, options, target)) {
    say("Nothing was sent.");
    return false;
  }

  const done = await sendPlanned(redrive, plan, firehose);
  say(...resultReport(done, plan.survey, streamName));
  if (waitSeconds > 0) await pauseMs(waitSeconds * 1000);
  const verified = await explained("verify", () => verifyRedrive(redrive, plan));
  say(...verificationReport(verified, waitSeconds));
  return isAllRead && done.refused === 0 && verified.left === 0 &&
    verified.failedSince.size === 0;
}

/** Throws if there is no such stream. Without the permission to describe it, the puts say it. */
async function checkStream(firehose: FirehoseClient, streamName: string): Promise<void> {
  const describe = new DescribeDeliveryStreamCommand({ DeliveryStreamName: streamName });
  try {
    await firehose.send(describe);
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) return;
    await explained(`find the delivery stream ${streamName}`, () => Promise.reject(error));
  }
}

/** Sends what the plan has; Ctrl-C ends it after the call that is under way. */
async function sendPlanned(
  redrive: Redrive,
  plan: Plan,
  firehose: FirehoseClient,
): Promise<Redriven> {
  const stopping = new AbortController();
  const stop = () => stopping.abort();
  for (const signal of END_SIGNALS) Deno.addSignalListener(signal, stop);
  const sending = new ProgressBar("records sent");
  try {
    return await explained(
      `send the records to ${redrive.streamName}`,
      () =>
        runRedrive(redrive, plan, { firehose, pauseMs, random: Math.random }, {
          onProgress: ({ accepted }) => sending.show(accepted, plan.survey.toSend),
          signal: stopping.signal,
        }),
    );
  } finally {
    for (const signal of END_SIGNALS) Deno.removeSignalListener(signal, stop);
    sending.end();
  }
}

/** Whether the records may be sent: to a real account only after a yes. */
function isWanted(
  { toSend }: Survey,
  { isAgreed, streamName }: RedriveOptions,
  { isReal, name }: Target,
): boolean {
  if (!isReal || isAgreed) return true;
  const records = `${toSend.toLocaleString("en")} record${toSend === 1 ? "" : "s"}`;
  return confirmed(
    `Send ${records} to the delivery stream ${streamName} in ${name}? Type "yes" to go on:`,
    "give --yes to send without a question",
  );
}

if (import.meta.main) {
  const startMs = Date.now();
  await runTool({
    usage: USAGE,
    readOptions: (args) => readOptions(args, startMs),
    run: (options) => run(options, startMs),
  });
}
