/**
 * What the sandbox is measured against: a server that reads a body and answers a constant. With
 * `--synced` it also appends the body to a file and syncs it, once for each request.
 * Prints its port.
 * @module
 */

import { parseArgs } from "node:util";

const { values } = parseArgs({
  args: Deno.args,
  options: { answer: { type: "string" }, synced: { type: "string" } },
});
const answer = await Deno.readFile(values.answer ?? "/dev/null");
const file = values.synced === undefined
  ? undefined
  : Deno.openSync(values.synced, { create: true, append: true });

Deno.serve({
  hostname: "127.0.0.1",
  port: 0,
  onListen: ({ port }) => console.log(port),
}, async (request) => {
  const body = new Uint8Array(await request.arrayBuffer());
  if (file) {
    file.writeSync(body);
    file.syncDataSync();
  }
  return new Response(answer, { headers: { "content-type": "application/x-amz-json-1.1" } });
});
