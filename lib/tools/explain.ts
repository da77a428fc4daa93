/**
 * `deno task explain FILE…`: says what happened in somebody's own pipeline, out of an event, a
 * response, a log, an error object, the answer of a call or a delivered object.
 * @module
 */

import { isAbsolute } from "node:path";
import { parseArgs } from "node:util";
import type { NamedFile } from "../aws/explain/shared/evidence.ts";
import { type ExplainedFile, explainFiles } from "../aws/explain/explain.ts";
import { explanationText } from "../sandbox/knowledge/explanation.ts";
import { KNOWN_KINDS } from "../aws/explain/kinds/unknown.ts";
import { type Runtime, runtimeOf } from "../aws/explain/shared/runtimes.ts";
import { runTool, say } from "./run_tool.ts";

const USAGE = `deno task explain [--runtime NAME] [--profile NAME] FILE…

Says what happened, which limit or rule caused it, the sizes, the cure, the next commands, and where
the course shows it. For example: deno task explain error-object-of-S3 lambda.log

A file may have any size, and any compression that a delivery stream writes. It may be:

${KNOWN_KINDS.map((kind) => `  - ${kind}`).join("\n")}

  --runtime NAME  the function's runtime: nodejs22.x, python3.12, java21, go, rust. The same response
                  has a different number of bytes in each language. Without it, explain takes the
                  runtime from a log among the files, or assumes Node.

  --profile NAME  the AWS profile that reads s3://BUCKET/KEY, which you can name in place of a file.
                  Without it, the object is read from the sandbox.

The name - means standard input. The exit code is 1 if explain knows nothing in a file.`;

/** What is printed of the files. */
function explainReport(files: readonly ExplainedFile[]): string {
  return files.flatMap(({ name, explanations }) =>
    explanations.map((explanation) => `${name}: ${explanationText(explanation)}`)
  ).join("\n\n");
}

async function filesOf({ paths, profile }: ExplainArguments): Promise<NamedFile[]> {
  const objects = paths.filter(isObject);
  if (objects.length === 0) return await Promise.all(paths.map(fileOf));
  // Loaded only now: files need no AWS, and no permission but to read them.
  const { openObjects } = await import("./explain_objects.ts");
  const openObject = await openObjects(profile);
  return await Promise.all(paths.map((path) => isObject(path) ? openObject(path) : fileOf(path)));
}

const isObject = (path: string) => path.startsWith("s3://");

async function fileOf(path: string): Promise<NamedFile> {
  if (path === "-") return { name: "standard input", open: () => Deno.stdin.readable };
  const file = await Deno.open(path).catch((cause: unknown) => {
    if (cause instanceof Deno.errors.NotFound) {
      // deno task runs in the project's folder, wherever it was called.
      const where = isAbsolute(path) ? "" : ` in ${Deno.cwd()}`;
      throw new Error(`There is no file ${path}${where}.`, { cause });
    }
    throw cause;
  });
  const { isDirectory } = await file.stat();
  if (isDirectory) throw new Error(`${path} is a folder: name the files in it.`);
  return { name: path, open: () => file.readable };
}

interface ExplainArguments {
  readonly paths: readonly string[];
  readonly runtime?: Runtime;
  /** Undefined means the sandbox. */
  readonly profile?: string;
}

/** Throws a `TypeError` that says what is wrong. */
function readOptions(args: readonly string[]): ExplainArguments | "help" {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      help: { type: "boolean", short: "h", default: false },
      runtime: { type: "string" },
      profile: { type: "string" },
    },
  });
  if (values.help) return "help";
  if (positionals.length === 0) throw new TypeError("name a file");
  const { runtime, profile } = values;
  if (profile !== undefined && !positionals.some(isObject)) {
    throw new TypeError("--profile is for objects: name one as s3://BUCKET/KEY");
  }
  return {
    paths: positionals,
    ...(runtime === undefined ? {} : { runtime: runtimeOf(runtime) }),
    ...(profile === undefined || profile === "sandbox" ? {} : { profile }),
  };
}

async function run(options: ExplainArguments): Promise<boolean> {
  const files = await filesOf(options);
  const explained = await explainFiles(files, { runtime: options.runtime });
  say(explainReport(explained));
  return explained.every(({ isKnown }) => isKnown);
}

if (import.meta.main) await runTool({ usage: USAGE, readOptions, run });
