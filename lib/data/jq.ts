/**
 * jq for trying expressions, before there is a stream: the very program with which the sandbox
 * extracts partition keys (one version of `npm:jq-web` in deno.json). It is not the sandbox's own
 * module: notebooks reach the sandbox through HTTP only, as they would AWS, which has no call for
 * trying an expression.
 * @module
 */

import type { JqOutcome, JqTry } from "./jq_worker.ts";

/** jq's own words about an expression, or about a value that it does not fit. */
export class JqError extends Error {
  override readonly name = "JqError";
}

/** How {@linkcode jq} waits. */
export interface JqOptions {
  /** An expression that takes longer counts as one without an end. */
  readonly withinSeconds?: number;
}

/**
 * All results of `expression` for a value, in order.
 * Throws a {@linkcode JqError} with jq's words, or where it takes more than five seconds.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(await jq(".a", { a: 1 }), [1]);
 * ```
 */
export async function jq(
  expression: string,
  value: unknown,
  options: JqOptions = {},
): Promise<unknown[]> {
  const [results] = await tryAll([expression], value, options);
  if (results instanceof JqError) throw results;
  return results;
}

/**
 * What each expression gives for a value, as rows of a table: the result (several, one after the
 * other), or jq's words where it fails.
 */
export async function jqRows(
  value: unknown,
  expressions: readonly string[],
  options: JqOptions = {},
): Promise<{ expression: string; gives: string }[]> {
  const tried = await tryAll(expressions, value, options);
  return tried.map((results, index) => ({
    expression: expressions[index],
    gives: results instanceof JqError
      ? results.message
      : results.map((result) => JSON.stringify(result)).join("  ") || "(nothing)",
  }));
}

async function tryAll(
  expressions: readonly string[],
  value: unknown,
  { withinSeconds = 5 }: JqOptions,
): Promise<(unknown[] | JqError)[]> {
  const json = JSON.stringify(value);
  const tried: (unknown[] | JqError)[] = [];
  let worker: Worker | undefined;
  try {
    for (const expression of expressions) {
      worker ??= await startWorker();
      const outcome = await ask(worker, { expression, json }, withinSeconds * 1000);
      if (outcome === "too long") {
        worker.terminate();
        worker = undefined;
      }
      tried.push(resultsOf(outcome, withinSeconds));
    }
  } finally {
    worker?.terminate();
  }
  return tried;
}

function resultsOf(outcome: JqOutcome | "too long", seconds: number): unknown[] | JqError {
  if (outcome === "too long") return new JqError(`jq was stopped after ${seconds} seconds`);
  if ("complaint" in outcome) return new JqError(tidy(outcome.complaint));
  const lines = outcome.printed === "" ? [] : outcome.printed.split("\n");
  return lines.map((line) => JSON.parse(line));
}

/** Without the name that the value's text has for jq-web. */
const tidy = (complaint: string) =>
  complaint.replace(/ \(at inputString:\d+\)/, "").replace(/ +$/gm, "");

function startWorker(): Promise<Worker> {
  const worker = new Worker(new URL("./jq_worker.ts", import.meta.url), { type: "module" });
  return new Promise((resolve, reject) => {
    worker.onmessage = () => resolve(worker);
    worker.onerror = (event) => {
      event.preventDefault();
      reject(new Error(`jq could not be loaded: ${event.message}`));
    };
  });
}

async function ask(worker: Worker, wanted: JqTry, ms: number): Promise<JqOutcome | "too long"> {
  const { promise, resolve } = Promise.withResolvers<JqOutcome | "too long">();
  worker.onmessage = ({ data }: MessageEvent<JqOutcome>) => resolve(data);
  const timer = setTimeout(() => resolve("too long"), ms);
  worker.postMessage(wanted);
  return await promise.finally(() => clearTimeout(timer));
}
