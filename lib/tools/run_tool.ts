/**
 * How the tools read their command line, print and end: nothing in a record, a key or an error message
 * reaches the terminal as a control character.
 * @module
 */

import { parseArgs } from "node:util";
import { terminalText } from "../sandbox/terminal_text.ts";

/** Prints lines on standard output. */
export function say(...lines: readonly string[]): void {
  console.log(terminalText(lines.join("\n")));
}

/** Prints lines on standard error. */
export function complain(...lines: readonly string[]): void {
  console.error(terminalText(lines.join("\n")));
}

/** A tool of the command line. */
export interface Tool<Options> {
  /** What `--help` prints. */
  readonly usage: string;
  /** Options from the command line. Throws an `Error` that says what is wrong with it. */
  readonly readOptions: (
    args: readonly string[],
  ) => Options | "help" | Promise<Options | "help">;
  /** Does the work. False, and an error, say that something failed. */
  readonly run: (options: Options) => Promise<boolean | void>;
}

/** Exit code for a command line that is not understood. */
const WRONG_USAGE = 2;

/**
 * Runs a tool and ends the process: with 0; with 1 if `run` resolves with false, or rejects, whose
 * message is printed; with 2 and what is wrong if the command line can't be read.
 */
export async function runTool<Options>(tool: Tool<Options>): Promise<never> {
  const options = await optionsOf(tool);
  if (options === "help") {
    say(tool.usage);
    Deno.exit(0);
  }
  try {
    Deno.exit(await tool.run(options) === false ? 1 : 0);
  } catch (error) {
    complain(messageOf(error));
    Deno.exit(1);
  }
}

async function optionsOf<Options>({ readOptions }: Tool<Options>): Promise<Options | "help"> {
  try {
    return await readOptions(Deno.args);
  } catch (error) {
    complain(usageMessage(error));
    Deno.exit(WRONG_USAGE);
  }
}

const messageOf = (error: unknown) => error instanceof Error ? error.message : String(error);

/**
 * What is wrong with a command line, and where help is. Node's own advice about options that are unknown is
 * left out: it is about arguments that begin with a dash.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const error = new TypeError("Unknown option '--nope'. To specify a positional argument starting with …");
 * assertEquals(usageMessage(error), "Unknown option '--nope'.\n--help shows the options.");
 * ```
 */
export function usageMessage(error: unknown): string {
  const [said] = messageOf(error).split(" To specify a positional argument");
  return `${said}\n--help shows the options.`;
}

/** The number that an option gives, above 0. Throws a `TypeError` for any other text. */
export function positiveNumber(option: string, text: string): number {
  const value = Number(text);
  if (value > 0 && value < Infinity) return value;
  throw new TypeError(`${option} is "${text}"; it takes a number above 0`);
}

/** Reads the command line of a tool that takes nothing but `--help`. Throws a `TypeError`. */
export function noOptions(args: readonly string[]): "nothing" | "help" {
  const { values } = parseArgs({
    args: [...args],
    options: { help: { type: "boolean", short: "h" } },
  });
  return values.help ? "help" : "nothing";
}
