/**
 * The time that the whole course takes without a reader: each notebook once, in an empty sandbox at
 * the course's speed, one after the other, as `deno task notebooks --time` runs them.
 * @module
 */

import type { Row } from "./row.ts";

const SECONDS_MAX = 60;

export const course: Row = async () => {
  const { success, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "notebooks", "--time"],
    stderr: "inherit",
  }).output();
  const output = new TextDecoder().decode(stdout);
  if (!success) throw new Error(`the notebooks did not run:\n${output}`);
  const each = [...output.matchAll(/(\d)_\w+\.ipynb, fresh \(\d+ cells, ([\d.]+) s\)/g)];
  const seconds = Number(/^all took ([\d.]+) s/m.exec(output)?.[1]);
  return [{
    measured: `the course, ${each.length} notebooks one after the other`,
    figure: `${seconds.toFixed(0)} s (${each.map(([, n, took]) => `${n}: ${took}`).join(", ")})`,
    aim: `at most ${SECONDS_MAX} s`,
    cost: seconds,
    costMax: SECONDS_MAX,
  }];
};
