/**
 * The thread in which jq runs: one request at a time, until it is stopped. jq-web is jq, compiled
 * to WebAssembly; it computes without a pause, so that nobody else could live in its thread.
 * @module
 */

/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />

import { beforeLoading, memoryBytes } from "./worker_realm.ts";

/** What to run. A program that is only to be compiled gets no records. */
export interface JqRequest {
  readonly program: string;
  /** The records, one after the other, and the bytes of each. */
  readonly data: Uint8Array<ArrayBuffer>;
  readonly lengths: Uint32Array;
}

/** How a run ended. */
export type JqAnswer =
  & {
    /** What jq occupies now; it never gives memory back. */
    readonly memoryBytes: number;
  }
  & (
    /** A line for each record, in order; undefined for a record that is not JSON. */
    | { readonly kind: "lines"; readonly lines: readonly (string | undefined)[] }
    /** The program does not compile, or a record ended the run: jq's own words. */
    | { readonly kind: "failed"; readonly message: string }
    /** jq found no memory, and is of no further use. */
    | { readonly kind: "broken" }
  );

/** The part of jq-web that is used. */
interface JqWeb {
  raw(input: string, program: string, flags: readonly string[]): string | undefined;
}

beforeLoading();
const { default: loading }: { default: Promise<JqWeb> } = await import("jq-web");
const jq = await loading;

self.onmessage = ({ data }: MessageEvent<JqRequest>) => self.postMessage(answer(data));
self.postMessage("ready");

function answer({ program, data, lengths }: JqRequest): JqAnswer {
  const texts = textsOf(data, lengths);
  const documents = texts.filter((text) => text !== undefined);
  try {
    const printed = jq.raw(documents.join("\n"), program, ["-c"]) ?? "";
    const lines = printed === "" ? [] : printed.split("\n");
    if (lines.length !== documents.length) throw new Error("a record ended the run");
    let next = 0;
    return {
      kind: "lines",
      lines: texts.map((text) => text === undefined ? undefined : lines[next++]),
      memoryBytes: memoryBytes(),
    };
  } catch (error) {
    // An `Error` and nothing more is jq's exit; all else (no memory, stack overflow) is a breakdown.
    return error instanceof Error && error.constructor === Error
      ? { kind: "failed", message: complaintOf(error), memoryBytes: memoryBytes() }
      : { kind: "broken", memoryBytes: memoryBytes() };
  }
}

const complaintOf = (error: Error) => "stderr" in error ? String(error.stderr) : error.message;

/** The text of each record, if it is one JSON document. jq itself is content with less. */
function textsOf(data: Uint8Array, lengths: Uint32Array): (string | undefined)[] {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let offset = 0;
  return Array.from(lengths, (length) => {
    const bytes = data.subarray(offset, offset += length);
    try {
      const text = decoder.decode(bytes);
      JSON.parse(text);
      return text;
    } catch {
      return undefined;
    }
  });
}
