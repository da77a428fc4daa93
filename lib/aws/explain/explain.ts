/**
 * Explains what came out of somebody's pipeline: events, responses, logs, error objects, answers of
 * calls. Files in, explanations out; a file may have any size.
 * @module
 */

import type { Context, Evidence, NamedFile } from "./shared/evidence.ts";
import type { Explanation } from "../../sandbox/knowledge/explanation.ts";
import { readEvidence } from "./read_evidence.ts";
import { NODE, type Runtime, runtimeOf } from "./shared/runtimes.ts";

/** What was found in one file. */
export interface ExplainedFile {
  readonly name: string;
  /**
   * False where nothing in it is known (the explanation then describes the file), or not all of it
   * could be read.
   */
  readonly isKnown: boolean;
  readonly explanations: readonly Explanation[];
}

/** How files are explained. */
export interface ExplainOptions {
  /** The function's runtime; without it, what a log among the files says, else Node. */
  readonly runtime?: Runtime;
}

/** Explains files together: a response is held against an event among them, sizes against a log. */
export async function explainFiles(
  files: readonly NamedFile[],
  { runtime }: ExplainOptions = {},
): Promise<ExplainedFile[]> {
  const read: { readonly name: string; readonly evidence: Evidence }[] = [];
  for (const file of files) read.push({ name: file.name, evidence: await readEvidence(file) });
  const all = read.map(({ evidence }) => evidence);
  const context: Context = {
    event: all.find(({ event }) => event)?.event,
    ...runtimeFor(runtime, all),
  };
  return read.map(({ name, evidence }) => ({
    name,
    isKnown: evidence.isKnown && !evidence.isIncomplete,
    explanations: evidence.explain(context),
  }));
}

function runtimeFor(
  chosen: Runtime | undefined,
  all: readonly Evidence[],
): Pick<Context, "runtime" | "runtimeReason"> {
  if (chosen) return { runtime: chosen, runtimeReason: "which --runtime names" };
  for (const { runtimeName, language } of all) {
    const runtime = knownRuntime(runtimeName) ?? knownRuntime(language);
    if (runtime) {
      return { runtime, runtimeReason: "which the log names (--runtime chooses another)" };
    }
  }
  return { runtime: NODE, runtimeReason: "which is assumed (--runtime chooses another)" };
}

function knownRuntime(name: string | undefined): Runtime | undefined {
  try {
    return name === undefined ? undefined : runtimeOf(name);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
