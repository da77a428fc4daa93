/**
 * Evidence: what one file turned out to be, read once and explained later, when all files are known.
 * A new kind of file is a file in `kinds/` and a line in `read_evidence.ts`.
 * @module
 */

import type { FirehoseTransformationEvent } from "../../../../lambda/event.ts";
import type { Explanation } from "../../../sandbox/knowledge/explanation.ts";
import type { Language, Runtime } from "./runtimes.ts";

/** A file or an object, and its bytes. */
export interface NamedFile {
  /** A path, or `s3://BUCKET/KEY`. */
  readonly name: string;
  /** As S3 has it; undefined for a file. */
  readonly contentEncoding?: string;
  /** Called once. */
  open(): AsyncIterable<Uint8Array>;
}

/** What the files that are explained together say about each other. */
export interface Context {
  /** The event among them, for responses. */
  readonly event: FirehoseTransformationEvent | undefined;
  readonly runtime: Runtime;
  /** Why this runtime: `as --runtime says`. */
  readonly runtimeReason: string;
}

/** What was read of a file. */
export interface Evidence {
  readonly event?: FirehoseTransformationEvent;
  /** The runtime that a log names. */
  readonly runtimeName?: string;
  readonly language?: Language;
  /** False where nothing in it is known: the explanation then describes the file. */
  readonly isKnown: boolean;
  /** Whether some of it could not be read, as the explanation says. */
  readonly isIncomplete?: boolean;
  /** Whether it is an error object: nothing reads it as data. */
  readonly isErrorObject?: boolean;
  /** Whether another service than Firehose wrote it: it is no delivered object. */
  readonly isOfOtherService?: boolean;
  explain(context: Context): readonly Explanation[];
}
