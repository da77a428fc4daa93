/**
 * The helper process of `outside_view.ts`: answers a JSON line for each that it reads, and ends when
 * nobody asks any more.
 * @module
 */

import { directView, type HelperAnswer, type Question } from "./outside_view.ts";

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
  }
}

let text = "";
for await (const part of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
  const lines = (text + part).split("\n");
  text = lines.pop() ?? "";
  for (const line of lines) {
    console.log(JSON.stringify(await answer(JSON.parse(line))));
  }
}
