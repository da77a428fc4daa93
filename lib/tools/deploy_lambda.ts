/**
 * `deno task deploy-lambda`: puts the transform of `lambda/` on Lambda, in the sandbox or, with
 * `--profile`, in an account of yours.
 * @module
 */

import { parseArgs } from "node:util";
import { readSettings } from "../../lambda/environment.ts";
import { ROUNDS_COUNT_MAX } from "../../lambda/gzip_rounds.ts";
import { RESPONSE_BYTES_MAX } from "../../lambda/size.ts";
import {
  DEFAULT_STRATEGY,
  RESPONSE_BUDGET_BYTES,
  ROUNDS_MAX,
  STRATEGIES,
} from "../../lambda/transform_options.ts";
import type { Change } from "../aws/deploy/change.ts";
import { clientsOf, closeClients } from "../aws/place/clients.ts";
import { deployFunction, type DeployOptions } from "../aws/deploy/functions.ts";
import { chooseTarget } from "./profile_environment.ts";
import { runTool, say } from "./run_tool.ts";

const USAGE = `deno task deploy-lambda [options]

  --function NAME   the function's name (firehose-lab-transform)
  --stream NAME     also let this delivery stream's role invoke the function, and the function put
                    records back to the stream
  --profile NAME    use this AWS profile of yours in place of the sandbox

What the function does when its response would be too large:

  --strategy NAME     ${STRATEGIES.join(", ")} (${DEFAULT_STRATEGY});
                      docs/readers.md says which readers can read what each writes
  --response-bytes N  bytes that the response may take, at most ${RESPONSE_BYTES_MAX} (${RESPONSE_BUDGET_BYTES})
  --rounds N          how often one record is put back, at most ${ROUNDS_COUNT_MAX} (${ROUNDS_MAX})
  --too-large processing-failed|write-to-s3      (processing-failed)
                      what becomes of a record that fits into no response; write-to-s3 needs --stream`;

/** What the command line asked for. */
export interface DeployLambdaOptions extends DeployOptions {
  /** A profile of the reader's; undefined means the sandbox. */
  readonly profile: string | undefined;
}

/** The option that each setting of the transform is given by. */
const SETTING_OPTIONS = {
  strategy: "--strategy",
  responseBytesMax: "--response-bytes",
  roundsMax: "--rounds",
  tooLarge: "--too-large",
};

/** Options from the command line. Throws a `TypeError` that says what is wrong. */
export function readOptions(args: readonly string[]): DeployLambdaOptions | "help" {
  const { values } = parseArgs({
    args: [...args],
    options: {
      function: { type: "string", default: "firehose-lab-transform" },
      stream: { type: "string" },
      profile: { type: "string" },
      strategy: { type: "string" },
      "response-bytes": { type: "string" },
      rounds: { type: "string" },
      "too-large": { type: "string" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) return "help";
  return {
    functionName: values.function,
    streamName: values.stream,
    profile: values.profile === "sandbox" ? undefined : values.profile,
    settings: readSettings({
      strategy: values.strategy,
      responseBytesMax: values["response-bytes"],
      roundsMax: values.rounds,
      tooLarge: values["too-large"],
    }, (setting) => SETTING_OPTIONS[setting]),
    tags: { project: "firehose-lab" },
  };
}

/**
 * What a deployment did, a line for each thing and the sum.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const report = reportOf([{ what: "role r", change: "unchanged" }]);
 * assertEquals(report, ["unchanged  role r", "No change."]);
 * ```
 */
export function reportOf(changes: readonly Change[]): string[] {
  const lines = changes.map(({ what, change, detail }) =>
    `${change.padEnd(9)}  ${what}${detail ? ` (${detail})` : ""}`
  );
  const changed = changes.filter(({ change }) => change !== "unchanged").length;
  const sum = changed === 0 ? "No change." : `${changed} of ${changes.length} things changed.`;
  return [...lines, sum];
}

async function main(): Promise<void> {
  const options = readOptions(Deno.args);
  if (options === "help") return say(USAGE);
  const { settings } = await chooseTarget(options.profile, say);
  const clients = clientsOf(settings);
  try {
    const { changes, smokeTest, functionArn } = await deployFunction(clients, options);
    say(...reportOf(changes));
    say(`Smoke test: ${smokeTest.records} records answered as they should be.`);
    say(functionArn);
  } finally {
    closeClients(clients);
  }
}

if (import.meta.main) await runTool(main);
