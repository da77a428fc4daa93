#!/usr/bin/env bash
# Deno: terminate() does not end a Worker that computes. Its thread goes on, with its memory, until the
# process ends. Node's worker_threads end it at once.
#
# A program that stops endless work by terminating its worker (a time limit on an expression) keeps
# one busy thread for each. node:vm's `timeout`, inside the worker, does end it in Deno, WebAssembly
# included. Below, the time of the processor is read after terminate(), in the same program for both.
#
# Seen on 2026-11-30 with Deno 2.9.6 (npm) and Node 20, on Linux.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund deno@2.9.6 >/dev/null

cat > terminate.mjs <<'JS'
import { Worker } from "node:worker_threads";
import process from "node:process";
import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";

const busyMs = () => {
  const fields = readFileSync("/proc/self/stat", "utf8").split(") ")[1].split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
};
const work = process.argv[2] === "limited"
  ? `require("node:vm").runInThisContext("for (;;);", { timeout: 1000 })`
  : "for (;;);";
const worker = new Worker(work, { eval: true });
worker.on("error", () => {});
await pause(process.argv[2] === "limited" ? 4000 : 1000);
await worker.terminate();
await pause(4000); // Deno waits two seconds before it forces an end
const before = busyMs();
await pause(4000);
console.log(busyMs() - before > 200 ? "still computing" : "ended");
process.exit(0);
JS
out="node: $(node terminate.mjs 2>/dev/null)
deno: $(npx deno run -A terminate.mjs 2>/dev/null)
deno with a limit of node:vm: $(npx deno run -A terminate.mjs limited 2>/dev/null)"
echo "$out"
expected='node: ended
deno: still computing
deno with a limit of node:vm: ended'
[[ "$out" == "$expected" ]]
