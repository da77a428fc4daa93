/**
 * The stack of an error that a notebook shows. Deno keeps ten frames, and an error of the SDK fills
 * them all with the SDK's own: the reader's line is not among them. Here the frames of packages and of
 * Deno are left out, and an error of AWS says what to do.
 * @module
 */

import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { adviceFor } from "./explained_error.ts";

/** Frames that V8 keeps; the SDK has about 20 of them between a cell and an answer. */
const FRAMES_KEPT = 60;
/** Frames that are shown: what the course called, and the cell. */
const FRAMES_SHOWN = 6;

/** Advice that is another one in a notebook than in a terminal. */
const IN_A_NOTEBOOK: readonly (readonly [text: RegExp, advice: string])[] = [
  [
    /^Error: (?!Nobody answers).*(?:ECONNREFUSED|[Cc]onnection refused)/,
    "The sandbox does not answer. Run the setup cell again: it starts the sandbox if necessary.",
  ],
  [
    /^ResourceNotFoundException: Firehose /,
    "There is no delivery stream of this name. Run the step that creates it, or compare the name.",
  ],
  [
    /^NoSuchBucket/,
    "There is no bucket of this name. Run the step that creates it, or compare the name.",
  ],
  [
    /\bInvalidAccessKeyId\b/,
    "AWS does not know this key: clean-up or a later key removed it. Run the steps of this notebook " +
    "in order, from the one that makes the key.",
  ],
  [
    /^AccessDenied/,
    "The caller lacks this permission: the message names the caller, the action and the resource.",
  ],
];

/** One frame of a stack, as V8 gives it. */
export interface Frame {
  getFileName(): string | null | undefined;
  toString(): string;
}

/** What stacks are shortened with. */
export interface StackOptions {
  /** Paths are shown relative to it. */
  readonly projectDir: string;
  /** What to do about an error, if the notebook itself knows it. */
  readonly advise: (error: Error) => string | undefined;
}

/** From now on errors of this process have short stacks. */
export function shortenStacks(options: StackOptions): void {
  Error.stackTraceLimit = FRAMES_KEPT;
  Object.assign(Error, {
    prepareStackTrace: (error: Error, frames: readonly Frame[]) =>
      shortStack(error, frames, options),
  });
}

/** The text of a stack: the error, what to do, and the first frames that are the reader's or ours. */
export function shortStack(
  error: Error,
  frames: readonly Frame[],
  { projectDir, advise }: StackOptions,
): string {
  const ours = frames.filter(isOurs).map((frame) => `    at ${shortPlace(frame, projectDir)}`);
  const advice = advise(error) ?? adviceInNotebook(error);
  return [`${error}`, ...(advice ? [advice] : []), ...ours.slice(0, FRAMES_SHOWN)].join("\n");
}

/** Frames that say nothing to a reader: what every wait goes through. */
const PLUMBING = /\bunlessStopped\b/;

const isOurs = (frame: Frame) =>
  !PLUMBING.test(`${frame}`) &&
  !/^(?:ext|node|npm|https?):|\/npm\/|\/node_modules\//.test(frame.getFileName() ?? "");

function shortPlace(frame: Frame, projectDir: string): string {
  const file = frame.getFileName() ?? "";
  const path = file.startsWith("file:") ? fileURLToPath(file) : file;
  const short = relative(projectDir, path);
  const place = `${frame}`.replace(file, path);
  return path === "" || short.startsWith("..") ? place : place.replace(path, short);
}

function adviceInNotebook(error: Error): string | undefined {
  if (/\bRun the (?:step|setup cell)\b/i.test(error.message)) return undefined; // it says it itself
  const said = IN_A_NOTEBOOK.find(([text]) => text.test(`${error}`));
  return said?.[1] ?? ("$metadata" in error ? adviceFor(error) : undefined);
}
