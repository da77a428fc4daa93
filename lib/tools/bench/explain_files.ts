/**
 * `explain` on one core: megabytes a second of a large log, against decoding the same bytes and cutting
 * them into lines, and the memory that it takes.
 * @module
 */

import { join } from "node:path";
import type { Row } from "./row.ts";

const LOG_BYTES = 200_000_000;
/** As the task runs it. */
const FLAGS = ["run", "--no-check", "--v8-flags=--optimize-for-size", "--allow-read"];
const KIB = 1024;

/** A log of invocations with six lines each, one of fifty failed. */
async function writeLog(path: string): Promise<void> {
  using file = await Deno.open(path, { write: true, create: true });
  const encoder = new TextEncoder();
  for (let [bytes, number] = [0, 0]; bytes < LOG_BYTES;) {
    let text = "";
    while (text.length < 1_000_000) text += invocation(number++);
    const chunk = encoder.encode(text);
    for (let at = 0; at < chunk.length;) at += await file.write(chunk.subarray(at));
    bytes += chunk.length;
  }
}

function invocation(number: number): string {
  const id = `8f507cfc-7b1a-4a5e-9c3e-${`${number}`.padStart(12, "0")}`;
  const line = (level: string, message: string) =>
    `2026-11-30T10:00:00.000Z\t${id}\t${level}\t${message}\n`;
  const error =
    '{"errorType":"TypeError","errorMessage":"no country","stack":["TypeError: no country"]}';
  return `START RequestId: ${id} Version: $LATEST\n` +
    line("INFO", "a record of the batch was transformed in 3 ms, country=DE").repeat(6) +
    (number % 50 === 0 ? line("ERROR", `Invoke Error \t${error}`) : "") +
    `END RequestId: ${id}\nREPORT RequestId: ${id}\tDuration: 3.01 ms\tBilled Duration: 4 ms\t` +
    "Memory Size: 128 MB\tMax Memory Used: 36 MB\t\n";
}

/** Seconds of CPU and the most memory of a Deno process, as GNU time counts them. */
async function measured(args: readonly string[]) {
  const { success, stderr } = await new Deno.Command("/usr/bin/time", {
    args: ["-f", "%U %S %M", Deno.execPath(), ...args],
    stdout: "null",
  }).output();
  const text = new TextDecoder().decode(stderr).trim();
  if (!success) throw new Error(text);
  const [user, system, kib] = text.split("\n").at(-1)?.split(" ").map(Number) ?? [];
  return { seconds: user + system, megabytes: kib * KIB / 1e6 };
}

/** What any reader of lines has to do. */
const BARE = `let lines = 0;
for await (const text of (await Deno.open(Deno.args[0])).readable.pipeThrough(new TextDecoderStream())) {
  for (let at = text.indexOf("\\n"); at >= 0; at = text.indexOf("\\n", at + 1)) lines++;
}`;

export const explainLog: Row = async ({ build, folder }) => {
  const [log, bare] = [join(folder, "lambda.log"), join(folder, "bare.ts")];
  await writeLog(log);
  await Deno.writeTextFile(bare, BARE);
  const config = ["--config", new URL("deno.json", build).pathname];
  const tool = new URL("lib/tools/explain.ts", build).pathname;
  const explain = await measured([...FLAGS, ...config, tool, log]);
  const lines = await measured([...FLAGS, bare, log]);
  const speed = LOG_BYTES / 1e6 / explain.seconds;
  return [
    {
      measured: "explain of a 200 MB log, CPU against cutting it into lines",
      figure: `${(explain.seconds / lines.seconds).toFixed(1)} times (${
        speed.toFixed(0)
      } MB a second)`,
      aim: "50 MB a second on one core",
      cost: explain.seconds / lines.seconds,
    },
    {
      measured: "explain of a 200 MB log, memory",
      figure: `${explain.megabytes.toFixed(0)} MB`,
      aim: "150 MB at most",
      cost: explain.megabytes,
      costMax: 150,
    },
  ];
};
