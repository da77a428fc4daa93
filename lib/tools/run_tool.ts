/**
 * How the tools print and end: nothing in a record, a key or an error message reaches the terminal
 * as a control character.
 * @module
 */

import { terminalText } from "../sandbox/terminal_text.ts";

/** Prints lines on standard output. */
export function say(...lines: readonly string[]): void {
  console.log(terminalText(lines.join("\n")));
}

/** Prints lines on standard error. */
export function complain(...lines: readonly string[]): void {
  console.error(terminalText(lines.join("\n")));
}

/**
 * Runs a tool's `main` and ends the process: with 0, with 1 if `main` resolves with false, and with
 * 1 and the error's message if it rejects.
 */
export async function runTool(main: () => Promise<boolean | void>): Promise<never> {
  try {
    Deno.exit(await main() === false ? 1 : 0);
  } catch (error) {
    complain(error instanceof Error ? error.message : String(error));
    Deno.exit(1);
  }
}
