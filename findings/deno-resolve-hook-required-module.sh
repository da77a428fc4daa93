#!/usr/bin/env bash
# In Deno, require() of an ES module named .js that imports another file fails once a resolve hook is
# registered.
#
# The hook only calls the next one. Node requires the module as before. Deno says that it cannot
# resolve what the module imports, though the file is there; without the hook it requires it, too, and
# so it does if the file is named .mjs.
#
# Seen on 2026-12-01 with Deno 2.9.6 and Node 22.23.0, both from npm.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true }' > package.json
npm install --silent --no-audit --no-fund deno@2.9.6 node@22.23.0

mkdir package
echo '{ "type": "module" }' > package/package.json
echo 'export const one = 1;' > package/inner.js
echo 'export { one } from "./inner.js";' > package/outer.js
cat > start.mjs <<'EOF_JS'
import module from "node:module";
import process from "node:process";

if (process.argv[2] === "hook") {
  module.registerHooks({ resolve: (specifier, context, next) => next(specifier, context) });
}
try {
  console.log(module.createRequire(import.meta.url)("./package/outer.js").one);
} catch ({ message }) {
  console.log(message.replace(/ from .*/s, ""));
}
EOF_JS

for hook in none hook; do
  deno_says=$(npx deno run -A --no-config start.mjs "$hook")
  node_says=$(node_modules/node/bin/node start.mjs "$hook" 2> /dev/null)
  echo "$hook: Deno: $deno_says / Node: $node_says"
  test "$node_says" = 1
  case $hook in
    none) test "$deno_says" = 1 ;;
    hook) test "$deno_says" = 'TypeError: Cannot resolve module "./inner.js"' ;;
  esac
done
