/**
 * The address of the sandbox's console for its owner. It holds a one-time code and never the token:
 * outputs, logs and the browser's history keep addresses.
 * @module
 */

import { readRunningFile } from "../../sandbox/running_file.ts";
import { directAnswer } from "./direct_request.ts";
import type { FoundSandbox } from "./sandbox_process.ts";

const ANSWER_WITHIN_MS = 10_000;

/**
 * An address that opens the console once, within ten minutes. Undefined if the sandbox, which must
 * have proved itself, is of an older version and gives none. Throws if it does not answer.
 */
export async function newConsoleAddress(
  { endpoint, dataDir }: Pick<FoundSandbox, "endpoint" | "dataDir">,
): Promise<string | undefined> {
  const token = readRunningFile(dataDir)?.token;
  if (token === undefined) return undefined;
  const path = "/_sandbox/console/codes";
  const withinMs = ANSWER_WITHIN_MS;
  const answer = await directAnswer(endpoint, { method: "POST", path, token, withinMs });
  const [address] = /(?<="path":")\/_sandbox\/console\?code=[0-9a-f]+(?=")/.exec(answer) ?? [];
  return address === undefined ? undefined : endpoint + address;
}
