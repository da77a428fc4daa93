/**
 * jq, to try expressions before there is a stream. It is the engine with which the sandbox
 * extracts partition keys, so an expression gives the same here, and is refused with the same
 * words. AWS has no call for trying an expression, so this one does not go through the sandbox's
 * HTTP.
 * @module
 */

import { type Evaluation, Jq } from "../sandbox/services/firehose/processing/jq/engine.ts";

/** jq's own words about an expression, or about a value that does not fit it. */
export class JqError extends Error {
  override readonly name = "JqError";
}

/** How {@linkcode jq} waits. */
export interface JqOptions {
  /** An expression that takes longer is stopped; 5 when absent. */
  readonly withinSeconds?: number;
}

/**
 * All results of `expression` for a value, in order.
 * Throws a {@linkcode JqError} with jq's words, or when jq had to be stopped.
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
  return results.map((result) => JSON.parse(result));
}

/**
 * What each expression gives for a value, as rows of a table: the result as jq writes it (several,
 * one after the other), or jq's words if it fails.
 */
export async function jqRows(
  value: unknown,
  expressions: readonly string[],
  options: JqOptions = {},
): Promise<{ expression: string; gives: string }[]> {
  const tried = await tryAll(expressions, value, options);
  return tried.map((results, index) => ({
    expression: expressions[index],
    gives: results instanceof JqError ? results.message : results.join("  ") || "(nothing)",
  }));
}

type Tried = readonly string[] | JqError;

async function tryAll(
  expressions: readonly string[],
  value: unknown,
  { withinSeconds = 5 }: JqOptions,
): Promise<Tried[]> {
  const json = JSON.stringify(value);
  const limit = { runMsMax: withinSeconds * 1000 };
  return await withEngine(async (engine) => {
    const together = expressions.length > 1 && await tryTogether(expressions, json, engine, limit);
    if (together) return together;
    const tried: Tried[] = [];
    for (const expression of expressions) {
      tried.push(resultsOf(await engine.evaluate(expression, json, limit), withinSeconds));
    }
    return tried;
  });
}

/**
 * One engine for all calls: Deno's kernel starts a thread half a second late, and delivers the first
 * message to it half a second late again (`findings/deno-kernel-slow-worker.sh`). It ends when it has
 * had nothing to do for a minute, since no program can end before it.
 */
const shared = new Jq();
const IDLE_MS = 60_000;
let users = 0;
let ending: ReturnType<typeof setTimeout> | undefined;

async function withEngine<Result>(use: (engine: Jq) => Promise<Result>): Promise<Result> {
  clearTimeout(ending);
  users++;
  try {
    return await use(shared);
  } finally {
    users--;
    if (users === 0) ending = setTimeout(() => shared.stop(), IDLE_MS);
  }
}

/** How long one run may take. */
interface Limit {
  readonly runMsMax: number;
}

/**
 * All expressions in one run, since most of a run's time goes into starting jq. Undefined if one of
 * them does not end well: then jq's words need a run for each.
 */
async function tryTogether(
  expressions: readonly string[],
  json: string,
  engine: Jq,
  limit: Limit,
): Promise<Tried[] | undefined> {
  const program = expressions.map((expression) => `[(${expression}\n) | tojson]`).join(", ");
  const evaluation = await engine.evaluate(program, json, limit);
  if (evaluation.kind !== "results") return undefined;
  const tried = evaluation.results.map((line): Tried => JSON.parse(line));
  return tried.length === expressions.length ? tried : undefined;
}

function resultsOf(evaluation: Evaluation, seconds: number): readonly string[] | JqError {
  switch (evaluation.kind) {
    case "results":
      return evaluation.results;
    case "failed":
      return new JqError(tidy(evaluation.message));
    case "stopped":
      return new JqError(`jq was stopped: it took over ${seconds} seconds, or too much memory`);
  }
}

/** jq's words without the place of the value and without padding. */
const tidy = (words: string) => words.replace(/ \(at <\w+>:\d+\)/, "").replaceAll(/ +$/gm, "");
