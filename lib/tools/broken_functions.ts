/**
 * `deno task broken-functions [NAME]`: runs more than a hundred wrong functions under Deno and under
 * the Node of the PATH, and prints where what they tell differs. Outside CI: it takes two minutes.
 * Ends with 1 if a difference is not a known one, or if anything names Deno or this machine's paths.
 * @module
 */

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

const wanted = Deno.args.at(0);
const chosen = BROKEN_FUNCTIONS.filter(({ name }) => wanted === undefined || name.includes(wanted));
const counts = { same: 0, known: 0, different: 0 };
for (const broken of chosen) counts[await compare(broken)]++;
console.log(
  `\n${chosen.length} functions: ${counts.same} told alike, ${counts.known} differ for a known ` +
    `reason, ${counts.different} differ`,
);
Deno.exit(counts.different === 0 ? 0 : 1);
