/**
 * The thread in which `jq()` runs, so that an expression without an end can be stopped. Started
 * and spoken to by `jq.ts`.
 * @module
 */

/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />

import jqWeb from "jq-web";

/** An expression and the JSON text that it is tried on. */
export interface JqTry {
  readonly expression: string;
  readonly json: string;
}

/** What jq printed, one result a line; or its complaint. */
export type JqOutcome = { readonly printed: string } | { readonly complaint: string };

/** The part of jq-web that is used. It has no types of its own. */
interface JqWeb {
  raw(input: string, program: string, flags: readonly string[]): string | undefined;
}

// What jq prints on standard error comes with the error, too.
console.warn = () => {};
console.error = () => {};

const loading: Promise<JqWeb> = jqWeb;
const jq = await loading;

self.onmessage = ({ data }: MessageEvent<JqTry>) => self.postMessage(outcomeOf(data));
self.postMessage("ready");

function outcomeOf({ expression, json }: JqTry): JqOutcome {
  try {
    // A space, so that no expression is taken for an option.
    return { printed: jq.raw(json, ` ${expression}`, ["-c"]) ?? "" };
  } catch (error) {
    const isComplaint = error instanceof Error && "stderr" in error;
    return { complaint: isComplaint ? `${error.stderr}` : `jq gave up: ${error}` };
  }
}
