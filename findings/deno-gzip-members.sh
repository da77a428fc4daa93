#!/usr/bin/env bash
# Deno's fetch returns the first gzip member of a response only; its DecompressionStream throws.
#
# Node 20's fetch and DecompressionStream read all members of the same bytes, and so does Deno's own
# node:zlib.
#
# Seen on 2026-11-30 with Deno 2.9.6 from npm and Node 20.20.2, for 1,000 members with a row each:
# Deno fetch 1 row, Deno DecompressionStream "failed to write whole buffer", the others 1,000.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "type": "module" }' > package.json
npm install --silent --no-audit --no-fund deno@2.9.6

cat > read.mjs <<'EOF'
import { createServer } from "node:http";
import { gunzipSync, gzipSync } from "node:zlib";

const file = Buffer.concat(Array.from({ length: 1_000 }, (_, id) => gzipSync(`${id}\n`)));
const rowsOf = (text) => text.split("\n").length - 1;
const server = createServer((_, response) =>
  response.writeHead(200, { "content-encoding": "gzip", "content-length": file.length }).end(file)
);
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const url = `http://127.0.0.1:${server.address().port}/`;
const fetched = rowsOf(await (await fetch(url)).text());
const stream = new Blob([file]).stream().pipeThrough(new DecompressionStream("gzip"));
const streamed = await new Response(stream).text().then(rowsOf, () => "an error");
console.log(`fetch ${fetched}, DecompressionStream ${streamed}, zlib ${rowsOf(`${gunzipSync(file)}`)}`);
process.exit();
EOF
deno_rows=$(npx deno run -A read.mjs)
node_rows=$(node read.mjs)
echo "Deno: $deno_rows"
echo "Node: $node_rows"
test "$deno_rows" = "fetch 1, DecompressionStream an error, zlib 1000"
case $(node --version) in
  v20.* | v22.*) test "$node_rows" = "fetch 1000, DecompressionStream 1000, zlib 1000" ;;
esac
