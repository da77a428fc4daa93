#!/usr/bin/env bash
# Deno: node:fs's write, and the write of a FileHandle, take a callback or return a promise, but write on
# the thread that calls them: the event loop stands still until the bytes are written. Node writes on
# another thread. Deno's own FsFile.write does that too, and so do node:fs's fsync and writeFile by path.
#
# Who wants a write at a position, or past the page cache (flags that Deno.open does not take), has only
# the ways that block. Below, 64 MiB are written, and the turns of the event loop are counted meanwhile.
#
# Seen on 2026-12-01 with Deno 2.9.6 (npm) and Node 20, on Linux: 1 turn with both ways in Deno, and
# thousands with FsFile.write and with Node.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund deno@2.9.6 >/dev/null

cat > turns.mjs <<'JS'
import { openSync, write } from "node:fs";
import { open } from "node:fs/promises";
import { promisify } from "node:util";

const bytes = new Uint8Array(64 * 1024 * 1024).fill(1);
async function turnsOf(name, act) {
  let turns = 0, isDone = false;
  act().finally(() => isDone = true);
  while (!isDone) {
    await new Promise((resolve) => setImmediate(resolve));
    turns++;
  }
  console.error(`${name}: ${turns} turns`);
  console.log(`${name}: ${turns > 10 ? "others go on" : "others wait"}`);
}
const file = openSync("written", "w");
await turnsOf("fs.write", () => promisify(write)(file, bytes, 0, bytes.length, 0));
const handle = await open("written", "w");
await turnsOf("FileHandle.write", () => handle.write(bytes, 0, bytes.length, 0));
await handle.close();
if (globalThis.Deno) {
  const own = Deno.openSync("written", { write: true });
  await turnsOf("Deno.FsFile.write", () => own.write(bytes));
}
JS

deno=$(find node_modules/@deno -name deno -type f | head -1)
out="Node
$(node turns.mjs)
Deno
$("$deno" run -A turns.mjs)"
echo "$out"
expected='Node
fs.write: others go on
FileHandle.write: others go on
Deno
fs.write: others wait
FileHandle.write: others wait
Deno.FsFile.write: others go on'
[[ "$out" == "$expected" ]]
