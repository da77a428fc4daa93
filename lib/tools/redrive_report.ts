/**
 * The texts that a redrive prints.
 * @module
 */

import type { FailedRecord } from "../aws/streams/error_objects.ts";
import type { ProgressStore } from "../aws/redrive/progress_stores.ts";
import type { Redriven } from "../aws/redrive/redrive.ts";
import type { Survey } from "../aws/redrive/survey.ts";
import type { Verified } from "../aws/redrive/verify.ts";
import { beginningOf } from "../aws/streams/record_beginning.ts";

/** What is there, and what would be sent. */
export function planReport(
  survey: Survey,
  { progress, errorsPlace, streamName }: {
    readonly progress: Pick<ProgressStore, "place" | "unseen">;
    /** `s3://BUCKET/PREFIX`. */
    readonly errorsPlace: string;
    readonly streamName: string;
  },
): string[] {
  const { records, objects, unreadable, selected, controlMessages } = survey;
  const { sentBefore, uncertain, toSend, olderObjects } = survey;
  if (objects === 0 && olderObjects > 0) {
    return [
      `No error object under ${errorsPlace} was written since then; ` +
      `${count(olderObjects, "error object")} ${olderObjects === 1 ? "is" : "are"} older.`,
    ];
  }
  if (objects === 0) {
    return [
      `There is no error object under ${errorsPlace}. Compare it with the bucket and the ErrorOutputPrefix of ` +
      `the stream: aws firehose describe-delivery-stream --delivery-stream-name ${streamName}`,
    ];
  }
  if (records === 0) {
    return unreadable === 0
      ? [`No failed records in ${count(objects, "error object")}.`]
      : [`No record could be read in ${count(objects, "error object")}.`, ...problemLines(survey)];
  }
  return [
    `${count(records, "failed record")} in ${count(objects, "error object")}`,
    ...problemLines(survey),
    "",
    ...columns("error code", survey.byCode),
    "",
    ...columns("hour (UTC)", survey.byHour),
    "",
    ...(survey.sample ? sampleLines(survey.sample) : []),
    `selected     ${inWords(selected)}`,
    ...(controlMessages > 0
      ? [
        `left out     ${
          count(controlMessages, "control message")
        } of CloudWatch Logs, without data`,
      ]
      : []),
    `sent before  ${inWords(sentBefore)} (saved in ${progress.place})`,
    ...[...progress.unseen ?? []].map((place) =>
      `NOT SEEN: ${place} (AccessDenied). If a run with a wider prefix sent some of these records, they ` +
      "are sent again."
    ),
    ...(uncertain > 0 ? [uncertainLine(uncertain)] : []),
    `to send      ${inWords(toSend)}, ${inWords(survey.bytesToSend)} bytes`,
  ];
}

/** What could not be read, and where. */
function problemLines({ unreadable, problems }: Survey): string[] {
  if (unreadable === 0) return [];
  const more = unreadable - problems.length;
  return [
    `NOT READ: ${count(unreadable, "line")}, left out and not counted above. ` +
    "Look at them, then fix or remove them:",
    ...problems.map(({ key, line, problem }) => `  ${key}, line ${line}: ${problem}`),
    ...(more > 0 ? [`  and ${inWords(more)} more`] : []),
  ];
}

function uncertainLine(uncertain: number): string {
  return `uncertain    ${inWords(uncertain)}: an earlier run ended during the call that sent ` +
    "them, so the stream may have them. They are sent again and may arrive twice.";
}

/** What a run did. */
export function resultReport(
  { accepted, bytes, calls, maybeTwice, refused, reason, isOvertaken }: Redriven,
  { toSend }: Survey,
  streamName: string,
): string[] {
  return [
    `${streamName} accepted ${inWords(accepted)} of ${inWords(toSend)} records ` +
    `(${inWords(bytes)} bytes) in ${count(calls, "call")}.`,
    ...(maybeTwice > 0
      ? [
        `${
          count(maybeTwice, "record")
        } may be in the stream twice: a call got no answer, or another ` +
        "redrive sent them at the same time.",
      ]
      : []),
    ...(refused > 0
      ? [`${count(refused, "record")} still refused (${reason}): fix that, then run this again.`]
      : []),
    ...(isOvertaken
      ? [
        "Another redrive to this stream began, so this one ended. The other one sends the rest under its " +
        "prefix: if that is a narrower one, run this again afterwards.",
      ]
      : refused === 0 && accepted < toSend
      ? ["Stopped, or another redrive sent the rest: run this again to see."]
      : []),
  ];
}

/** What the check found. */
export function verificationReport(
  { accepted, left, uncertain, failedSince }: Verified,
  waitSeconds: number,
): string[] {
  const failed = [...failedSince.values()].reduce((sum, value) => sum + value, 0);
  const codes = [...failedSince].map(([code, value]) => `${inWords(value)} ${code}`).join(", ");
  return [
    `Verified: in the saved progress ${inWords(accepted)} records are accepted, ` +
    `${inWords(left)} are left${uncertain > 0 ? `, ${inWords(uncertain)} of them uncertain` : ""}.`,
    failed > 0
      ? `FAILED AGAIN: since then ${
        count(failed, "record")
      } failed under this prefix: ${codes}. Repair ` +
        "the cause first: deno task rehearse shows it for one of the new error objects."
      : waitSeconds > 0
      ? `No record has failed under this prefix in ${waitSeconds} s.`
      : "Records can fail again when the stream delivers its buffers. Look later with --dry-run, " +
        "or use --wait SECONDS.",
    ...left === 0 && failed === 0
      ? [
        "The error objects are still there. When you are sure, delete them and the folder _redrive/.",
      ]
      : [],
  ];
}

/** A failed record in short: why it failed, when it arrived, and how it begins. */
function sampleLines({ errorCode, errorMessage, attemptsMade, arrived, data }: FailedRecord) {
  return [
    "a sample:",
    `  ${errorCode} after ${count(attemptsMade, "attempt")}: ${errorMessage}`,
    `  arrived ${arrived.toISOString()}, ${inWords(data.length)} bytes`,
    `  ${beginningOf(data)}`,
    "",
  ];
}

function columns(title: string, counts: ReadonlyMap<string, number>): string[] {
  const width = Math.max(title.length, ...[...counts.keys()].map((name) => name.length));
  return [
    `${title.padEnd(width)}  records`,
    ...[...counts].map(([name, value]) => `${name.padEnd(width)}  ${inWords(value).padStart(7)}`),
  ];
}

function count(value: number, noun: string): string {
  return `${inWords(value)} ${noun}${value === 1 ? "" : "s"}`;
}

const inWords = (value: number) => value.toLocaleString("en");
