#!/usr/bin/env bash
# Node 24's readline ends a line at U+2028 inside a JSON text; Node 22's does not. Deno's does as well.
#
# JSON allows the line separator U+2028 in a text, and JSON.stringify writes it as it is. JSON lines end with
# a line feed only. A function that takes the lines of a record or of an object by createInterface() or
# readLines() reads them in nodejs22.x; in nodejs24.x each such record becomes two pieces that do not parse.
#
# Seen on 2026-11-30 with Node 22.23.0, Node 24.21.0 and Deno 2.9.6, all from npm.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y > /dev/null
npm install --silent --no-audit --no-fund node22@npm:node@22.23.0 node24@npm:node@24.21.0 deno@2.9.6 > /dev/null

cat > lines.mjs <<'JS'
import { open, writeFile } from "node:fs/promises";
import { createInterface } from "node:readline";

const rows = [{ id: 1, note: `two${String.fromCharCode(0x2028)}lines` }, { id: 2 }];
await writeFile("rows.json", rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
const parses = (line) => {
  try {
    return JSON.parse(line) !== undefined;
  } catch {
    return false;
  }
};
const lines = [];
const file = await open("rows.json");
for await (const line of createInterface({ input: file.createReadStream() })) lines.push(parses(line));
const engine = globalThis.Deno ? "Deno" : `Node ${process.versions.node.split(".")[0]}`;
console.log(`${engine}: ${lines.join(" ")}`);
JS
{
  node_modules/node22/bin/node lines.mjs
  node_modules/node24/bin/node lines.mjs
  node_modules/.bin/deno run --quiet -A lines.mjs
} | tee seen.txt

cat > expected.txt <<'EOF'
Node 22: true true
Node 24: false false true
Deno: false false true
EOF
diff expected.txt seen.txt
