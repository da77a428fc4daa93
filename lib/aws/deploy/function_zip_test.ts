/** The deployed zip, run by the sandbox and by Node: the same event, the same response. */
import { InvokeCommand } from "@aws-sdk/client-lambda";
import { assertEquals } from "@std/assert";
import { unzipSync } from "fflate";
import { Buffer } from "node:buffer";
import { delimiter, dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { DOCUMENT, eventOf, gzipped } from "../../../lambda/sample_event.ts";
import { nodeProgram } from "../../sandbox/services/lambda/execution/node_program.ts";
import { startSandbox } from "../../sandbox/sandbox.ts";
import { clientsFor } from "../../sandbox/testing/clients.ts";
import { run } from "../../sandbox/testing/python.ts";
import { packageFunction } from "./function_package.ts";
import { deployFunction } from "./functions.ts";

/** Records of every kind: some come through, and some fail for different reasons. */
function variedEvent() {
  const gzip = gzipped(DOCUMENT);
  return eventOf([
    ...Array.from(
      { length: 50 },
      (_, id) => gzipped({ ...DOCUMENT, id, text: "Zoë 🙂".repeat(id) }),
    ),
    gzipped({ ...DOCUMENT, table: "a/b..c" }),
    gzipped({ ...DOCUMENT, time: "2026-11-24T23:59:59.999+05:30" }),
    gzipped({ ...DOCUMENT, time: "yesterday" }),
    gzipped({ ...DOCUMENT, database: undefined }),
    gzipped({ ...DOCUMENT, database: "d".repeat(2_000) }),
    gzipped("[1, 2]"),
    gzipped("not JSON \u2028 <&>"),
    gzipped(`${JSON.stringify(DOCUMENT)}\n${JSON.stringify(DOCUMENT)}`),
    gzipSync(new Uint8Array([0xff, 0xfe, 0x00])),
    gzipSync(new Uint8Array(30_000_000)),
    gzip.subarray(0, gzip.length - 9),
    Buffer.from("not gzip"),
    new Uint8Array(),
  ]);
}

const MAIN = `
import { readFileSync } from "node:fs";
import { handler } from "./index.mjs";
if (typeof Deno !== "undefined") throw new Error("this is not Node");
const event = JSON.parse(readFileSync(process.argv[2], "utf8"));
console.log = console.info = console.warn = console.error = () => {};
const response = await handler(event, { getRemainingTimeInMillis: () => 60_000 });
process.stdout.write(JSON.stringify(response));
`;

/** Those of AWS's nodejs22.x and nodejs24.x, from npm. */
const NODE_VERSIONS = ["22.23.3", "24.21.0"];

/** The path of this version of Node, which npm keeps once it has it. */
async function nodeOf(version: string): Promise<string> {
  // Deno's own `node` would run npx.
  const PATH = `${dirname(nodeProgram() ?? "")}${delimiter}${Deno.env.get("PATH")}`;
  const args = ["--yes", "--package", `node@${version}`, "node", "-p", "process.execPath"];
  return (await run("npx", args, { PATH })).trim();
}

async function runUnderNode(node: string, zip: Uint8Array, event: string): Promise<string> {
  const folder = await Deno.makeTempDir();
  try {
    for (const [name, bytes] of Object.entries(unzipSync(zip))) {
      await Deno.writeFile(join(folder, name), bytes);
    }
    await Deno.writeTextFile(join(folder, "event.json"), event);
    await Deno.writeTextFile(join(folder, "main.mjs"), MAIN);
    return await run(node, [join(folder, "main.mjs"), join(folder, "event.json")]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("the zip answers under Node 22 and 24 as in the sandbox, byte for byte", async () => {
  const sandbox = await startSandbox({ port: 0, dataDir: undefined, speed: 600 });
  try {
    using clients = clientsFor({ endpoint: sandbox.endpoint, credentials: sandbox.rootKey });
    await deployFunction(clients, { functionName: "transform" });
    const event = JSON.stringify(variedEvent());
    const { Payload, FunctionError } = await clients.lambda.send(
      new InvokeCommand({ FunctionName: "transform", Payload: new TextEncoder().encode(event) }),
    );
    assertEquals(FunctionError, undefined);
    const { zip } = await packageFunction();
    const answer = new TextDecoder().decode(Payload);
    for (const version of NODE_VERSIONS) {
      const node = await nodeOf(version);
      assertEquals(await run(node, ["--version"]), `v${version}\n`);
      assertEquals(answer, await runUnderNode(node, zip, event));
    }
  } finally {
    await sandbox.stop();
  }
});
