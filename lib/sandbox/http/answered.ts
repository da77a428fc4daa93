/**
 * What the front door tells of each request.
 * @module
 */

import type { AwsError } from "../errors.ts";

/** A request and what became of it. */
export interface Answered {
  readonly method: string;
  /** As sent. */
  readonly path: string;
  readonly requestId: string;
  /** When it came, in milliseconds since the epoch. */
  readonly atMs: number;
  readonly status: number;
  readonly durationMs: number;
  /** `firehose`; undefined where the request does not say. */
  readonly service?: string;
  /** `PutRecord`; undefined where it was refused before that was known. */
  readonly operation?: string;
  readonly input?: Readonly<Record<string, unknown>>;
  readonly output?: unknown;
  /** Why it was refused. */
  readonly error?: AwsError;
}

/** What is learned of a request on its way. */
export type Learned = {
  -readonly [Name in "service" | "operation" | "input" | "output" | "error"]?: Answered[Name];
};
