/**
 * `cleanUp()`: the last call of every notebook. Lists what the notebook made, by its tags, and
 * removes that: in the sandbox at once, on a real account after a yes.
 * @module
 */

import { cardView, note } from "../../view/cards.ts";
import { show } from "../../view/show.ts";
import { table } from "../../view/table.ts";
import type { Lab } from "../place/begin.ts";
import { findBuckets } from "./buckets.ts";
import { findFunctions } from "./functions.ts";
import type { Finder, Leftover } from "./leftover.ts";
import { findLogGroups } from "./log_groups.ts";
import { findRoles } from "./roles.ts";
import { findStreams } from "./streams.ts";
import { findUsers } from "./users.ts";

/** In this order: what writes is removed before what it writes to, and a role after its users. */
const FINDERS: readonly Finder[] = [
  findStreams,
  findFunctions,
  findLogGroups,
  findBuckets,
  findRoles,
  findUsers,
];

/**
 * Removes everything that this notebook made. It can be called again without an error. Without a yes
 * nothing is removed. Throws an `Error` that names what could not be removed, after the rest.
 */
export async function cleanUp(lab: Lab): Promise<void> {
  const leftovers = await findLeftovers(lab);
  if (leftovers.length === 0) {
    await show(note(`Nothing is left of notebook ${lab.notebook}.`));
    return;
  }
  const rows = leftovers.map(({ kind, name, with: more = "" }) => ({ kind, name, with: more }));
  await show(table(rows, `What notebook ${lab.notebook} made`));
  if (!isAgreed(lab, leftovers.length)) {
    await show(cardView("warning", "Nothing was removed", [
      "Nobody said yes. The things above are still there and may cost money: run this cell again.",
    ]));
    return;
  }
  const failures = await removeAll(leftovers);
  if (failures.length > 0) {
    throw new Error(`Not removed: ${failures.join("; ")}. Run this cell again.`);
  }
  await show(cardView("good", `Removed all ${leftovers.length}: they cost nothing any more`));
}

/** Things that this notebook made and that still exist. */
export async function findLeftovers(lab: Lab): Promise<Leftover[]> {
  const leftovers: Leftover[] = [];
  for (const find of FINDERS) leftovers.push(...await find(lab));
  return leftovers;
}

function isAgreed({ mode, accountId, ask }: Lab, count: number): boolean {
  if (mode === "sandbox") return true;
  return ask(`Remove these ${count} things from the real AWS account ${accountId}?`);
}

/** Removes them one after the other; a line for each failure. */
async function removeAll(leftovers: readonly Leftover[]): Promise<string[]> {
  const failures: string[] = [];
  // What can't begin fails again when it is removed, and is named then.
  for (const { begin } of leftovers) await begin?.().catch(() => {});
  for (const { kind, name, remove } of leftovers) {
    try {
      await remove();
    } catch (error) {
      const reason = error instanceof Error ? `${error.name}: ${error.message}` : `${error}`;
      failures.push(`${kind} ${name} (${reason})`);
    }
  }
  return failures;
}
