#!/usr/bin/env bash
# Deno: a server that does long work in portions, with setImmediate between them, answers others after
# some sixty portions. Node looks for new requests after each portion. With setTimeout(0) Deno does too.
#
# A likely cause: a task of tokio that wakes itself is polled again at once, and tokio's scheduler looks
# for network events after 61 polls (its event_interval), or when there is nothing to poll. Below, work
# comes in portions of 2 ms, and a client in another process asks one request after the other. Printed is
# whether half of the requests were answered within 100 ms: 50 portions.
#
# Seen on 2026-11-30 with Deno 2.9.6 (npm) and Node 20, on Linux, on a busy machine: half waited up to
# 37 ms with Node, 26 ms with Deno and setTimeout, 607 ms with Deno and setImmediate.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund deno@2.9.6 >/dev/null

cat > server.mjs <<'JS'
import { createServer } from "node:http";
import process from "node:process";

const pause = process.argv[2] === "immediate" ? setImmediate : (act) => setTimeout(act, 0);
const server = createServer((_, response) => response.end("x"));
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
const portion = () => {
  for (const end = performance.now() + 2; performance.now() < end;);
  pause(portion);
};
portion();
JS
cat > client.mjs <<'JS'
import process from "node:process";

const waits = [];
for (let call = 0; call < 15; call++) {
  const began = performance.now();
  await (await fetch(`http://127.0.0.1:${process.argv[2]}`)).text();
  waits.push(performance.now() - began);
}
const half = waits.sort((a, b) => a - b)[7];
console.error(`half within ${half.toFixed(1)} ms`);
console.log(half < 100 ? "soon" : "late");
JS

measured() {
  "$@" > port &
  local server=$!
  until [[ -s port ]]; do sleep 0.1; done
  node client.mjs "$(cat port)"
  kill "$server"
  wait "$server" 2>/dev/null || true
  rm port
}
deno=$(find node_modules/@deno -name deno -type f | head -1)
out="node, setImmediate: $(measured node server.mjs immediate)
deno, setTimeout: $(measured "$deno" run -A server.mjs timeout)
deno, setImmediate: $(measured "$deno" run -A server.mjs immediate)"
echo "$out"
expected='node, setImmediate: soon
deno, setTimeout: soon
deno, setImmediate: late'
[[ "$out" == "$expected" ]]
