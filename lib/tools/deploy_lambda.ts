/**
 * `deno task deploy-lambda`: puts the transform of `lambda/` on Lambda, in the sandbox or, with
 * `--profile`, in an account of yours. Every change is shown before it is made.
 * @module
 */

import { parseArgs } from "node:util";
import { readSettings } from "../../lambda/environment.ts";
import { assertEvent, type FirehoseTransformationEvent } from "../../lambda/event.ts";
import { ROUNDS_COUNT_MAX } from "../../lambda/gzip_rounds.ts";
import { RESPONSE_BYTES_MAX } from "../../lambda/size.ts";
import {
  DEFAULT_STRATEGY,
  RESPONSE_BUDGET_BYTES,
  ROUNDS_MAX,
  STRATEGIES,
} from "../../lambda/transform_options.ts";
import type { Change } from "../aws/deploy/change.ts";
import { rehearse, resultsOf } from "../aws/deploy/function_smoke.ts";
import {
  carryOut,
  type DeployOptions,
  planDeployment,
  testDeployed,
} from "../aws/deploy/functions.ts";
import { clientsOf, closeClients } from "../aws/place/clients.ts";
import { assertNothingForeign } from "../aws/place/ownership.ts";
import { chooseTarget } from "./profile_environment.ts";
import { runTool, say } from "./run_tool.ts";

const USAGE = `deno task deploy-lambda [options]

Deploys this project's transform (the folder lambda/) and its role, and shows each change first. To
deploy your own function, see docs/broken_pipeline.md.

  --function NAME   the function's name (firehose-lab-transform)
  --stream NAME     also allow this delivery stream's role to invoke the function, and the function
                    to put records back into the stream
  --profile NAME    use this AWS profile, not the sandbox
  --dry-run         only show what would change
  --replace NAME    replace this function although this project did not make it. Its old code is kept
                    as a version. Roles are never replaced.
  --event FILE      test with this event, as Firehose sends it (JSON), not with a small one

The function reads gzip records, each with one JSON object. It makes the partition keys from the
object's members database, table and time (RFC 3339). To change this, edit lambda/partition_keys.ts:
the folder lambda/ is deployed as it is.

What the function does when its response would be too large:

  --strategy NAME     ${STRATEGIES.join(", ")} (${DEFAULT_STRATEGY});
                      docs/strategies.md compares them
  --response-bytes N  bytes that a response may have, at most ${RESPONSE_BYTES_MAX} (${RESPONSE_BUDGET_BYTES})
  --rounds N          how often one record is put back, at most ${ROUNDS_COUNT_MAX} (${ROUNDS_MAX})
  --too-large processing-failed|write-to-s3      (processing-failed)
                      what happens to a record that fits into no response; write-to-s3 needs --stream`;

/** The options of the command line. */
export interface DeployLambdaOptions extends DeployOptions {
  /** A profile of the reader's; undefined means the sandbox. */
  readonly profile: string | undefined;
  readonly isDryRun: boolean;
  /** The file with the event of the test. */
  readonly eventPath: string | undefined;
}

/** The option for each setting of the transform. */
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
      replace: { type: "string" },
      event: { type: "string" },
      "dry-run": { type: "boolean", default: false },
      strategy: { type: "string" },
      "response-bytes": { type: "string" },
      rounds: { type: "string" },
      "too-large": { type: "string" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) return "help";
  if (values.replace !== undefined && values.replace !== values.function) {
    throw new TypeError(
      `--replace is "${values.replace}", and the function is "${values.function}": name the function ` +
        "with --function too",
    );
  }
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
    replace: values.replace,
    isDryRun: values["dry-run"],
    eventPath: values.event,
  };
}

/**
 * The changes of a deployment, a line for each thing and a sum. `done` says whether they were made.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const report = reportOf([{ what: "role r", change: "unchanged" }], "done");
 * assertEquals(report, ["unchanged  role r", "No change."]);
 * ```
 */
export function reportOf(changes: readonly Change[], done: "planned" | "done"): string[] {
  const lines = changes.map(({ what, change, detail }) =>
    `${wordFor(change, done).padEnd(9)}  ${what}${detail ? ` (${detail})` : ""}`
  );
  const changed = changes.filter(({ change }) => change !== "unchanged").length;
  const verb = done === "planned" ? "will change" : "changed";
  const sum = changed === 0 ? "No change." : `${changed} of ${changes.length} things ${verb}.`;
  return [...lines, sum];
}

const PLANNED = { created: "create", updated: "update", deleted: "delete", unchanged: "unchanged" };

const wordFor = (change: Change["change"], done: "planned" | "done") =>
  done === "planned" ? PLANNED[change] : change;

/** The event in the file. Throws a `SyntaxError` or a `TypeError` that names the file. */
async function readEvent(path: string): Promise<FirehoseTransformationEvent> {
  const text = await Deno.readTextFile(path).catch((cause: unknown) => {
    throw new Error(`--event: ${path} can't be read`, { cause });
  });
  try {
    const event: unknown = JSON.parse(text);
    assertEvent(event);
    return event;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new TypeError(`--event: ${path} is not an event of Firehose: ${reason}`, { cause });
  }
}

async function run(given: DeployLambdaOptions): Promise<void> {
  const event = given.eventPath === undefined ? undefined : await readEvent(given.eventPath);
  const options = { ...given, event };
  // Before any change: it throws if the event can't be used as a test.
  const rehearsed = rehearse(options);
  const { settings } = await chooseTarget(options.profile, say);
  const clients = clientsOf(settings);
  try {
    const plan = await planDeployment(clients, options);
    say(...reportOf(plan.steps.map(({ change }) => change), "planned"));
    assertNothingForeign(plan.foreign);
    if (options.isDryRun) {
      return say(
        `Test on this machine: the transform answers ${inWords(resultsOf(rehearsed))}.`,
        NOTHING_DONE,
      );
    }
    const { changes, functionArn } = await carryOut(plan);
    if (changes.some(({ change }) => change !== "unchanged")) say("Done.");
    const { records, results, failures } = await testDeployed(clients, options);
    say(`Smoke test: ${records} records are answered correctly: ${inWords(results)}.`);
    if (event) say(...failures.map(({ recordId, reason }) => `  ${recordId}: ${reason}`));
    say(functionArn);
  } finally {
    closeClients(clients);
  }
}

const NOTHING_DONE = "Nothing was changed: --dry-run.";

/** `3 Ok, 1 ProcessingFailed`. */
const inWords = (counts: Readonly<Record<string, number>>) =>
  Object.entries(counts).map(([name, count]) => `${count} ${name}`).join(", ") || "no record";

if (import.meta.main) await runTool({ usage: USAGE, readOptions, run });
