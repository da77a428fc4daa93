/**
 * `deno task broken-functions [NAME]`: runs more than a hundred wrong functions under Deno and under
 * the Node of the PATH, and prints where what they tell differs. Outside CI: it takes two minutes.
 * Ends with 1 if a difference is not a known one, or if anything names Deno or this machine's paths.
 * @module
 */

import { parseArgs } from "node:util";
import {
  hostWords,
  tellOf,
  type Told,
} from "../sandbox/services/lambda/execution/broken/compare.ts";
import {
  BROKEN_FUNCTIONS,
  type BrokenFunction,
} from "../sandbox/services/lambda/execution/broken/functions.ts";
import { KNOWN_DIFFERENCES } from "../sandbox/services/lambda/execution/broken/known_differences.ts";
import { runTool } from "./run_tool.ts";

const USAGE = `deno task broken-functions [NAME]

Runs more than a hundred wrong functions under Deno and under the Node of the PATH, and prints where
what they tell differs; with NAME, those whose name holds it. Takes two minutes. Ends with 1 if a
difference is not a known one.`;

const PARTS = ["errorType", "payload", "log"] as const;

async function compare(broken: BrokenFunction): Promise<"same" | "known" | "different"> {
  const [deno, node] = await Promise.all([tellOf(broken, "deno"), tellOf(broken, "node")]);
  const words = hostWords(deno);
  if (words.length > 0) {
    console.log(`\n${broken.name}\n  tells of the machine: ${words.join(", ")}`);
  }
  const parts = PARTS.filter((part) => textOf(deno, part) !== textOf(node, part));
  if (parts.length === 0) return words.length === 0 ? "same" : "different";
  const reason = KNOWN_DIFFERENCES[broken.name];
  console.log(`\n${broken.name}${reason === undefined ? "" : ` (${reason})`}`);
  for (const part of parts) {
    console.log(`  node ${part}: ${textOf(node, part)}\n  deno ${part}: ${textOf(deno, part)}`);
  }
  return reason === undefined ? "different" : "known";
}

const textOf = (told: Told, part: typeof PARTS[number]) => JSON.stringify(told[part]);

/** The functions that the command line chooses. Throws a `TypeError` if there are none. */
function readOptions(args: readonly string[]): readonly BrokenFunction[] | "help" {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { help: { type: "boolean", short: "h" } },
  });
  if (values.help) return "help";
  const [wanted = "", ...others] = positionals;
  if (others.length > 0) throw new TypeError("Name one function, or a part of its name.");
  const chosen = BROKEN_FUNCTIONS.filter(({ name }) => name.includes(wanted));
  if (chosen.length === 0) throw new TypeError(`No function's name holds "${wanted}".`);
  return chosen;
}

async function run(chosen: readonly BrokenFunction[]): Promise<boolean> {
  const counts = { same: 0, known: 0, different: 0 };
  for (const broken of chosen) counts[await compare(broken)]++;
  console.log(
    `\n${chosen.length} functions: ${counts.same} told alike, ${counts.known} differ for a known ` +
      `reason, ${counts.different} differ`,
  );
  return counts.different === 0;
}

if (import.meta.main) await runTool({ usage: USAGE, readOptions, run });
