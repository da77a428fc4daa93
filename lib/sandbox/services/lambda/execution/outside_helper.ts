/**
 * The helper process of `outside_view.ts`: answers a JSON line for each that it reads. It ends when nobody
 * asks any more, and then cleans up after a process that was killed.
 * @module
 */

import { directView, type Guarded, type HelperAnswer, type Question } from "./outside_view.ts";

const allGuarded: Guarded[] = [];

async function answer(question: Question): Promise<HelperAnswer> {
  switch (question.ask) {
    case "memory":
      return { memory: await directView.memory(question.pid) };
    case "tmpBytes":
      return { count: await directView.tmpBytes(question.folder, question.pids) };
    case "endGroup":
      await directView.endGroup(question.leader);
      return {};
    case "endOrphans":
      return { count: await directView.endOrphans(question.folder) };
    case "guard":
      allGuarded.push(question.guarded);
      return {};
  }
}

/** A sandbox that ended in order has removed its folder. */
async function cleanUp({ folder, environments }: Guarded): Promise<void> {
  if (!await Deno.lstat(folder).catch(() => undefined)) return;
  if (environments !== undefined) await directView.endOrphans(environments);
  await Deno.remove(folder, { recursive: true }).catch(() => {});
}

let text = "";
for await (const part of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
  const lines = (text + part).split("\n");
  text = lines.pop() ?? "";
  for (const line of lines) {
    console.log(JSON.stringify(await answer(JSON.parse(line))));
  }
}
// The last first: a region's folder is in the sandbox's, and its functions end before that is removed.
for (const guarded of allGuarded.toReversed()) await cleanUp(guarded);
