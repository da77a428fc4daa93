#!/usr/bin/env bash
# With a load hook of node:module, Deno keeps no compiled code of any module that comes after it.
#
# Deno keeps V8's code cache of each module that it loads, so that the next start need not compile
# it. A load hook from module.registerHooks that only calls the next one turns this off, for all
# modules. A resolve hook alone does not. A function's bundle of 1.8 MB then took 37 ms to load at
# each start in place of 20.
#
# Seen on 2026-11-30 with Deno 2.9.6 from npm: a module of 3,000 functions is in the cache after a
# run without hooks and after one with a resolve hook; after one with a load hook it is not.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "type": "module" }' > package.json
npm install --silent --no-audit --no-fund deno@2.9.6

cat > start.mjs <<'EOF_JS'
import module from "node:module";
import process from "node:process";

const hooks = {
  none: {},
  resolve: { resolve: (specifier, context, next) => next(specifier, context) },
  load: { load: (url, context, next) => next(url, context) },
}[process.argv[2]];
module.registerHooks(hooks);
const { value } = await import("./large.mjs");
if (value !== 2) throw new Error(`a wrong value: ${value}`);
EOF_JS
cat > cached.mjs <<'EOF_JS'
import { DatabaseSync } from "node:sqlite";
import process from "node:process";

const database = new DatabaseSync(`${process.argv[2]}/v8_code_cache_v2`);
const rows = database.prepare("SELECT specifier FROM codecache").all();
const names = rows.map(({ specifier }) => specifier.split("/").at(-1));
console.log(names.includes("large.mjs") ? "kept" : "not kept");
EOF_JS
{
  for number in $(seq 3000); do echo "export function f$number(x) { return x + $number; }"; done
  echo 'export const value = f1(1);'
} > large.mjs

seen=""
for hook in none resolve load; do
  for _ in 1 2; do DENO_DIR="$folder/$hook" npx deno run -A --no-config start.mjs "$hook"; done
  seen+="$hook: $(npx deno run -A --no-config cached.mjs "$folder/$hook"). "
done
echo "$seen"
test "$seen" = "none: kept. resolve: kept. load: not kept. "
