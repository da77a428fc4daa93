/**
 * Signs: what one line of a log says, in one form for all languages and all wrappings.
 * @module
 */

import type { Language } from "../shared/runtimes.ts";

/**
 * Why an invocation failed, the most telling first: where a log shows several for one invocation,
 * the later ones in this list are often consequences of the earlier.
 */
export const CAUSES = [
  "tooLarge",
  "requestTooLarge",
  "outOfMemory",
  "importError",
  "unserialisable",
  "exception",
  "panic",
  "initTimeout",
  "timeout",
] as const;

/** What follows from a cause, and is told only where no cause was seen. */
export const CONSEQUENCES = ["exit", "postFailed", "failed"] as const;

export type Cause = typeof CAUSES[number];
export type Consequence = typeof CONSEQUENCES[number];

/** Something that was counted: `Duration` in `ms`. */
export interface Figure {
  readonly name: "timeout" | "duration" | "memoryUsed" | "memorySize";
  readonly value: number;
}

/** One line's meaning. */
export type Sign =
  | {
    readonly kind: "failure";
    readonly failure: Cause | Consequence;
    readonly requestId?: string;
    readonly language?: Language;
    /** What tells failures of this kind apart: an error's type. */
    readonly detail?: string;
    /** What the function said about it. */
    readonly message?: string;
    readonly figures?: readonly Figure[];
    /** Whether it was seen while the environment started, before any invocation. */
    readonly inInit?: boolean;
    /** Whether it is a failure only if the invocation's report does not say `success`. */
    readonly isDoubtful?: boolean;
    /** Whether it repeats what the same invocation has said already, where it has. */
    readonly isEcho?: boolean;
  }
  | { readonly kind: "start"; readonly requestId: string }
  | {
    readonly kind: "report";
    readonly requestId: string;
    /** Absent where the platform did not say. */
    readonly status?: "success" | "failure" | "error" | "timeout";
    readonly errorType?: string;
    readonly figures: readonly Figure[];
  }
  /** A line that looks like an error and says nothing that is known: the function's own, most often. */
  | { readonly kind: "suspicion" }
  /** The environment's runtime. */
  | { readonly kind: "runtime"; readonly name: string }
  /** What is not a failure of an invocation: a code of Firehose, a line of this project's transform. */
  | { readonly kind: "note"; readonly note: Note };

/** A note's knowledge is looked up by its topic. */
export interface Note {
  readonly topic: string;
  /** What the line had in the places that matter. */
  readonly values: readonly string[];
}

/** Whether a failure is one of the {@linkcode CAUSES}. */
export function isCause(failure: Cause | Consequence): failure is Cause {
  return CAUSES.some((cause) => cause === failure);
}
