#!/usr/bin/env bash
# Each row that node:sqlite returns as an object leaves about 75 bytes in V8's old space.
#
# Each has a hidden class, which only a collection of the whole heap takes back: a server that reads
# many rows grows between collections. Rows as arrays (setReturnArrays) leave nothing.
#
# Seen on 2026-11-30 with Deno 2.9.6 and Node 22.23.0, both from npm: growth of the old space over
# 100,000 rows of three columns, in 100 steps, without the steps in which it was collected. Objects
# 7.8 MB in Deno and 7.6 MB in Node; arrays 0.6 MB in Deno.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "type": "module" }' > package.json
npm install --silent --no-audit --no-fund deno@2.9.6 node@22.23.0

cat > rows.mjs <<'EOF_JS'
import { DatabaseSync } from "node:sqlite";
import { getHeapSpaceStatistics } from "node:v8";
import process from "node:process";

const database = new DatabaseSync(":memory:");
database.exec("CREATE TABLE thing (id INTEGER, name TEXT, size REAL)");
const insert = database.prepare("INSERT INTO thing VALUES (?, ?, ?)");
for (let id = 0; id < 100; id++) insert.run(id, `name ${id}`, id / 2);
const select = database.prepare("SELECT * FROM thing");
if (process.argv[2] === "arrays") select.setReturnArrays(true);
const oldSpace = () =>
  getHeapSpaceStatistics().find(({ space_name }) => space_name === "old_space").space_used_size;

let grown = 0;
for (let step = 0; step < 100; step++) {
  const before = oldSpace();
  for (let call = 0; call < 10; call++) select.all();
  grown += Math.max(0, oldSpace() - before);
}
console.log(grown > 4_000_000 ? "much" : "little", `(${(grown / 1e6).toFixed(1)} MB)`);
EOF_JS

deno_objects=$(npx deno run -A rows.mjs objects)
deno_arrays=$(npx deno run -A rows.mjs arrays)
node_objects=$(node_modules/node/bin/node --no-warnings rows.mjs objects)
echo "Deno: objects $deno_objects, arrays $deno_arrays. Node: objects $node_objects."
[[ $deno_objects == much* && $deno_arrays == little* && $node_objects == much* ]]
