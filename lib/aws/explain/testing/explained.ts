/**
 * What is said of files, for tests.
 * @module
 */

import { Buffer } from "node:buffer";
import { explainFiles, type ExplainOptions } from "../explain.ts";
import { explanationText } from "../../../sandbox/knowledge/explanation.ts";

/** All that is said of files with these contents: texts, bytes, or values as JSON. */
export async function explained(
  contents: readonly unknown[],
  options: ExplainOptions = {},
): Promise<string> {
  const files = contents.map((content, index) => ({
    name: `file ${index}`,
    open: () => ReadableStream.from([bytesOf(content)]),
  }));
  const all = await explainFiles(files, options);
  return all.flatMap(({ explanations }) => explanations).map(explanationText).join("\n");
}

/** All that is said of one file. */
export const explainedBytes = (bytes: Uint8Array): Promise<string> => explained([bytes]);

function bytesOf(content: unknown): Uint8Array {
  if (content instanceof Uint8Array) return content;
  return Buffer.from(typeof content === "string" ? content : JSON.stringify(content));
}
