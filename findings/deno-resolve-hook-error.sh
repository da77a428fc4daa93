#!/usr/bin/env bash
# An error that a resolve hook of node:module throws is lost in Deno, unless there is a load hook too.
#
# The hook words what is absent. Node rejects the import with the hook's error. Deno rejects it with
# its own words, as if there were no hook; with a load hook that only calls the next one, the hook's
# words arrive, behind "Error: ".
#
# Seen on 2026-11-30 with Deno 2.9.6 and Node 22.23.0, both from npm.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "type": "module" }' > package.json
npm install --silent --no-audit --no-fund deno@2.9.6 node@22.23.0

echo 'import "absent";' > importer.mjs
cat > start.mjs <<'EOF_JS'
import module from "node:module";
import process from "node:process";

const hooks = {
  resolve(specifier, context, next) {
    if (specifier === "absent") throw new Error("It is not in the package.");
    return next(specifier, context);
  },
};
if (process.argv[2] === "both") hooks.load = (url, context, next) => next(url, context);
module.registerHooks(hooks);
await import("./importer.mjs").catch(({ message }) => console.log(message.split("\n")[0]));
EOF_JS

for hooks in resolve both; do
  deno_says=$(npx deno run -A --no-config start.mjs "$hooks")
  node_says=$(node_modules/node/bin/node start.mjs "$hooks")
  echo "$hooks: Deno: $deno_says / Node: $node_says"
  test "$node_says" = "It is not in the package."
  case $hooks in
    resolve) test "$deno_says" = 'Import "absent" not a dependency' ;;
    both) test "$deno_says" = "Error: It is not in the package." ;;
  esac
done
