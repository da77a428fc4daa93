#!/usr/bin/env bash
# Under Deno, a load hook that changes nothing makes `require` compile JSON files as programs.
#
# module.registerHooks of Node takes a load hook; one that only calls the next is allowed, and changes
# nothing under Node. With it, Deno's require("./data.json") fails with a SyntaxError, as if the JSON
# were JavaScript. A resolve hook alone does no harm, nor does a load hook that itself answers
# { format: "json", source }. Packages that require their own package.json are hit.
#
# Seen on 2026-11-30 with Deno 2.9.6.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

echo '{"a":1}' > data.json
echo 'console.log(require("./data.json").a);' > reads.cjs
cat > hooks.mjs <<'EOF'
import module from "node:module";
const hooks = {
  none: {},
  resolve: { resolve: (name, context, next) => next(name, context) },
  load: { load: (url, context, next) => next(url, context) },
};
module.registerHooks(hooks[process.argv[2]]);
try {
  module.createRequire(import.meta.url)("./reads.cjs");
} catch (error) {
  console.log(error.name);
}
EOF
for hook in none resolve load; do
  npx -y deno@2.9.6 run --quiet --no-config --allow-read hooks.mjs "$hook"
done | tee seen
[ "$(tr '\n' ' ' < seen)" = "1 1 SyntaxError " ]
