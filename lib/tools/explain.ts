/**
 * `deno task explain FILE…`: says what happened in somebody's own pipeline, out of an event, a
 * response, a log or an error object.
 * @module
 */

import { parseArgs } from "node:util";
import { type ExplainedFile, explainFiles, type NamedFile } from "../aws/explain/explain.ts";
import { explanationText } from "../aws/explain/explanation.ts";
import { runTool, say } from "./run_tool.ts";

const USAGE = `deno task explain FILE…

Says what happened, which limit or rule was met, the numbers, the cure, and where the course shows it.
A file may hold (also gzipped):

  - the event that Firehose sends to a function, or what the function answers (name both to compare)
  - lines of a log, or what FilterLogEvents answers
  - an error object, as Firehose writes it under the error output prefix
  - what Lambda answers to an invocation that failed

- stands for standard input.`;

/** What is printed of the files. */
function explainReport(files: readonly ExplainedFile[]): string {
  return files.flatMap(({ name, explanations }) => {
    if (explanations.length === 0) {
      return [
        `${name}: nothing known in it. See deno task explain --help for what can be explained.`,
      ];
    }
    return explanations.map((explanation) => `${name}: ${explanationText(explanation)}`);
  }).join("\n\n");
}

async function readFile(path: string): Promise<NamedFile> {
  if (path === "-") {
    return { name: "standard input", bytes: await new Response(Deno.stdin.readable).bytes() };
  }
  const bytes = await Deno.readFile(path).catch((cause: unknown) => {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
    throw new Error(`There is no file ${path}.`, { cause });
  });
  return { name: path, bytes };
}

async function main(): Promise<boolean> {
  const { values, positionals } = parseArgs({
    args: Deno.args,
    allowPositionals: true,
    options: { help: { type: "boolean", short: "h", default: false } },
  });
  if (values.help || positionals.length === 0) {
    say(USAGE);
    return values.help;
  }
  const explained = explainFiles(await Promise.all(positionals.map(readFile)));
  say(explainReport(explained));
  return explained.every(({ explanations }) => explanations.length > 0);
}

if (import.meta.main) await runTool(main);
