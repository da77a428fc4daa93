/**
 * The front door's report on each request.
 * @module
 */

import type { AwsError } from "../errors.ts";

/** A request and its result. */
export interface Answered {
  readonly method: string;
  /** As it was sent. */
  readonly path: string;
  readonly requestId: string;
  /** The SDK's id of the call, the same in each of its attempts; undefined from other clients. */
  readonly callId?: string;
  /** The time of its arrival, in milliseconds since the epoch. */
  readonly atMs: number;
  readonly status: number;
  readonly durationMs: number;
  /** `firehose`; undefined if the request does not say it. */
  readonly service?: string;
  /** `PutRecord`; undefined if the request was refused before this was known. */
  readonly operation?: string;
  readonly input?: Readonly<Record<string, unknown>>;
  readonly output?: unknown;
  /** Why it was refused. */
  readonly error?: AwsError;
}

/** The facts that are found while a request is handled. */
export type Learned = {
  -readonly [Name in "service" | "operation" | "input" | "output" | "error"]?: Answered[Name];
};
