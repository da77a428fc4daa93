#!/usr/bin/env bash
# Deno that reads no package.json refuses `import source` of WebAssembly in node_modules.
#
# The same files run in a plain folder, and in node_modules when Deno reads the package.json above it.
# With DENO_NO_PACKAGE_JSON=1 they fail with "Loading unprepared module"; WebAssembly.compile of the
# file's bytes works there.
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
with=$(run node_modules/example/main.js)
export DENO_NO_PACKAGE_JSON=1
plain=$(run plain/main.js)
without=$(run node_modules/example/main.js)
compiled=$(run node_modules/example/main_compile.js)
printf '%s: %s\n' 'with package.json' "$with" 'plain folder' "$plain" \
  'without package.json' "$without" 'compiled' "$compiled"
[[ $with == true && $plain == true && $compiled == true ]]
[[ $without == *"Loading unprepared module"* ]]
