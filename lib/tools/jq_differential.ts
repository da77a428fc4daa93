/**
 * `deno task jq-differential`: runs random expressions through the sandbox's jq and through the C
 * program jq 1.6, and says where they differ. Outside CI; it needs jq 1.6, which Debian 12 has
 * (`apt-get install jq`).
 * @module
 */

import { parseArgs } from "node:util";
import { Jq, type JqResult } from "../sandbox/services/firehose/processing/jq/engine.ts";
import { seededFractions } from "../sandbox/random.ts";
import { Grammar } from "./jq_differential/grammar.ts";
import { tablePairs } from "./jq_differential/table.ts";
import { positiveNumber, runTool } from "./run_tool.ts";

const TABLE = new URL(
  "../sandbox/services/firehose/processing/jq/jq16_cases.jsonl",
  import.meta.url,
);

/** Records that an expression is tried on. A pair is an expression and a record. */
const RECORDS_PER_EXPRESSION = 10;
const AGREEMENT_MIN = 0.999;
/** jq 1.6 is ended after this long: an expression may be without an end. */
const JQ_MS_MAX = 10_000;

/** What came of one pair: a line that jq printed, or its words. */
type Outcome = string;
/** jq ended itself, or was ended. */
const ENDED = "ended";
/** jq's highest exit status after which its words are worth reading. */
const DOES_NOT_COMPILE = 3;

interface Difference {
  readonly expression: string;
  readonly record: string;
  readonly ours: Outcome;
  readonly theirs: Outcome;
}

const USAGE = `deno task jq-differential [options]

Runs random expressions through the sandbox's jq and through the C program jq 1.6, and says where they
differ. Ends with 1 if fewer than 99.9 % agree.

  --pairs N     pairs of an expression and a record (20,000)
  --seed N      which expressions (16)
  --jq PROGRAM  the program jq 1.6 (jq)
  --table       write the table that CI's test reads, and compare nothing`;

interface DifferentialOptions {
  readonly pairs: number;
  readonly seed: number;
  readonly jq: string;
  readonly table: boolean;
}

function readOptions(args: readonly string[]): DifferentialOptions | "help" {
  const { values } = parseArgs({
    args: [...args],
    options: {
      pairs: { type: "string", default: "20000" },
      seed: { type: "string", default: "16" },
      jq: { type: "string", default: "jq" },
      table: { type: "boolean", default: false },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) return "help";
  return {
    ...values,
    pairs: positiveNumber("--pairs", values.pairs),
    seed: positiveNumber("--seed", values.seed),
  };
}

/** Runs the C program. */
type RunJq = (args: readonly string[], input: string) => Promise<Deno.CommandOutput>;

async function run({ pairs, seed, jq, table }: DifferentialOptions): Promise<boolean> {
  const runJq: RunJq = (args, input) => outputOf(jq, args, input);
  const { stdout } = await runJq(["--version"], "").catch((cause: unknown) => {
    throw new Error(`${jq} can't be run; jq-1.6 is needed`, { cause });
  });
  const version = new TextDecoder().decode(stdout).trim();
  if (version !== "jq-1.6") throw new Error(`${jq} is ${version}; jq-1.6 is needed`);
  if (table) {
    await writeTable(runJq);
    return true;
  }
  const different = await compareMany(runJq, pairs, new Grammar(seededFractions(seed)));
  const agreement = 1 - different / pairs;
  console.log(
    `${pairs.toLocaleString("en")} pairs, ${different} differ: ` +
      `${(100 * agreement).toFixed(3)} % agree (${version}, seed ${seed})`,
  );
  return agreement >= AGREEMENT_MIN;
}

/** Each line: an expression, an input, and what jq 1.6 printed or said. */
async function writeTable(runJq: RunJq): Promise<void> {
  const lines = [JSON.stringify({
    source:
      "`deno task jq-differential --table`, with Debian 12's jq 1.6-2.1+deb12u3 and glibc 2.36",
  })];
  for (const { expression, input } of tablePairs()) {
    const program = `\ntry [${expression}\n] catch {message: .}`;
    const [outcome] = await theirOutcomes(runJq, program, [input]);
    // An assertion that ends jq 1.6 is nothing to agree with.
    if (outcome !== ENDED) lines.push(JSON.stringify({ expression, input, outcome }));
  }
  await Deno.writeTextFile(TABLE, `${lines.join("\n")}\n`);
  console.log(`${lines.length - 1} pairs in ${TABLE.pathname}`);
}

/** The number of pairs that differ. */
async function compareMany(runJq: RunJq, wanted: number, grammar: Grammar): Promise<number> {
  const jq = new Jq({ runMsMax: JQ_MS_MAX });
  let [pairs, different] = [0, 0];
  while (pairs < wanted) {
    const expression = grammar.expression();
    const record = () => JSON.stringify(grammar.record());
    const records = Array.from({ length: RECORDS_PER_EXPRESSION }, record);
    const differences = await compare(runJq, expression, records, jq);
    show(differences);
    different += differences.length;
    pairs += records.length;
  }
  await jq.stop();
  return different;
}

async function compare(
  runJq: RunJq,
  expression: string,
  records: readonly string[],
  jq: Jq,
): Promise<Difference[]> {
  // On its second line, as AWS has it: jq names the line in its words.
  const program = `try [${expression}\n] catch {message: .}`;
  const theirs = await theirOutcomes(runJq, `\n${program}`, records);
  const ours = await ourOutcomes(program, records, jq);
  const isCompiled = theirs.some((outcome) => parsed(outcome) !== undefined);
  const keys = isCompiled ? await keyOutcomes(expression, records, jq) : [];
  return records.flatMap((record, index): Difference[] => {
    const [our, their] = [ours[index], theirs[index]];
    if (!isSame(our, their)) return [{ expression, record, ours: our, theirs: their }];
    return keyDifference(expression, record, keys[index], their);
  });
}

/** What jq 1.6 prints for each record; one at a time if a record ends the run for all. */
async function theirOutcomes(
  runJq: RunJq,
  program: string,
  records: readonly string[],
): Promise<Outcome[]> {
  const { stdout, stderr, code } = await runJq(["-c", program], records.join("\n"));
  const [printed, words] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  const lines = printed.split("\n").slice(0, -1);
  if (code <= DOES_NOT_COMPILE) {
    return outcomesOf(lines, words.trimEnd(), records.length);
  }
  if (records.length === 1) return [ENDED];
  const each = records.map((record) => theirOutcomes(runJq, program, [record]));
  return (await Promise.all(each)).flat();
}

async function ourOutcomes(
  program: string,
  records: readonly string[],
  jq: Jq,
): Promise<Outcome[]> {
  const evaluation = await jq.evaluate(program, records.join("\n"));
  if (evaluation.kind === "results") return outcomesOf(evaluation.results, "", records.length);
  if (evaluation.kind === "failed") return outcomesOf([], evaluation.message, records.length);
  if (records.length === 1) return [ENDED];
  const outcomes: Outcome[] = [];
  for (const record of records) outcomes.push(...await ourOutcomes(program, [record], jq));
  return outcomes;
}

/** A line for each record; or, where the program does not compile, the same words for all. */
function outcomesOf(lines: readonly string[], words: string, records: number): Outcome[] {
  return lines.length === records ? [...lines] : Array(records).fill(words || lines.join("\n"));
}

/** Where an assertion ends jq 1.6, the sandbox fails the record: that is the same. */
function isSame(ours: Outcome, theirs: Outcome): boolean {
  return ours === theirs || theirs === ENDED && ours.startsWith('{"message":');
}

async function keyOutcomes(
  expression: string,
  records: readonly string[],
  jq: Jq,
): Promise<JqResult[]> {
  const bytes = records.map((record) => new TextEncoder().encode(record));
  return await jq.extract({ text: `{v: (${expression}\n)}`, keys: ["v"] }, bytes);
}

/** The value of a partition key, compared with what jq 1.6 printed. */
function keyDifference(
  expression: string,
  record: string,
  result: JqResult | undefined,
  theirs: Outcome,
): Difference[] {
  const printed = parsed(theirs);
  if (!result || !Array.isArray(printed) || printed.length !== 1) return [];
  const [value] = printed;
  const wanted = typeof value === "object" && value !== null
    ? {}
    : value === null || typeof value === "string"
    ? value
    // As it is spelt.
    : theirs.slice(1, -1);
  const ours = JSON.stringify(result);
  const expected = JSON.stringify({ kind: "values", values: [wanted] });
  if (ours === expected || expected.length > 4000) return [];
  return [{ expression: `as a key: ${expression}`, record, ours, theirs: expected }];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function outputOf(
  program: string,
  args: readonly string[],
  input: string,
): Promise<Deno.CommandOutput> {
  const child = new Deno.Command(program, {
    signal: AbortSignal.timeout(JQ_MS_MAX),
    args: [...args],
    env: { TZ: "UTC" },
    clearEnv: true,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const output = child.output();
  const writer = child.stdin.getWriter();
  // A program that does not compile ends before it reads.
  await writer.write(new TextEncoder().encode(input)).catch(() => {});
  await writer.close().catch(() => {});
  return await output;
}

/** Prints the first of each expression. */
function show(differences: readonly Difference[]): void {
  const byExpression = Map.groupBy(differences, ({ expression }) => expression);
  for (const [expression, [{ record, ours, theirs }, ...others]] of byExpression) {
    console.log(`${expression}\n  on ${record}\n  here:   ${ours}\n  jq 1.6: ${theirs}`);
    if (others.length > 0) console.log(`  and on ${others.length} more`);
  }
}

if (import.meta.main) await runTool({ usage: USAGE, readOptions, run });
