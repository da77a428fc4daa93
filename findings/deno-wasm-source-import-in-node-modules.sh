#!/usr/bin/env bash
# Deno refuses `import source` of WebAssembly in a module of node_modules, unless that module is the
# program itself.
#
# The same files run in a plain folder. In node_modules, the module runs as the program, and fails with
# "Loading unprepared module" as soon as another module, or a worker, imports it. WebAssembly.compile of
# the file's bytes works there.
#
# Seen on 2026-11-30 with Deno 2.9.6 from npm, on Linux x64.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "type": "module" }' > package.json
npm install --silent --no-audit --no-fund deno@2.9.6
export DENO_NO_UPDATE_CHECK=1 NO_COLOR=1

for place in plain node_modules/example; do
  mkdir -p "$place"
  echo '{ "name": "example", "version": "1.0.0", "type": "module" }' > "$place/package.json"
  printf '\0asm\1\0\0\0' > "$place/empty.wasm" # a valid module with nothing in it
  echo 'import source empty from "./empty.wasm"; console.log(empty instanceof WebAssembly.Module);' \
    > "$place/module.js"
  echo 'import "./module.js";' > "$place/main.js"
done
cat > node_modules/example/compile.js <<'EOF'
const bytes = await Deno.readFile(new URL("./empty.wasm", import.meta.url));
console.log(await WebAssembly.compile(bytes) instanceof WebAssembly.Module);
EOF
echo 'import "./compile.js";' > node_modules/example/main_compile.js

run() { npx deno run --allow-read "$1" 2>&1 || true; }
plain=$(run plain/main.js)
alone=$(run node_modules/example/module.js)
imported=$(run node_modules/example/main.js)
compiled=$(run node_modules/example/main_compile.js)
printf 'plain folder: %s\nnode_modules, as the program: %s\nnode_modules, imported: %s\ncompiled: %s\n' \
  "$plain" "$alone" "$imported" "$compiled"
[[ $plain == true && $alone == true && $compiled == true ]]
[[ $imported == *"Loading unprepared module"* ]]
