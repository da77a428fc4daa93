#!/usr/bin/env bash
# npm jq-web: two versions of the package give other values for the same expression, without an error.
#
# 0.5.1 is built from the sources of jq 1.6; 0.6.2 from a commit between 1.6 and 1.7. There numbers
# keep the spelling they came with (1.10 stays 1.10, 1e3 becomes 1E+3), and an error behind a `try` is
# no longer caught. The dates of both are Emscripten's and not a C library's: 12:13 PM is read as
# 24:13, on the next day. jq 1.6 itself (Debian 12) gives v1.1, 1000, bad and 2023-11-14-12.
#
# Seen on 2026-11-30 with jq-web 0.5.1 and 0.6.2 on Node 20 in UTC.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export TZ=UTC

npm init -y >/dev/null
npm install --silent --no-audit --no-fund old@npm:jq-web@0.5.1 new@npm:jq-web@0.6.2 >/dev/null

cat > values.js <<'JS'
const cases = [
  ['"v\\(.)"', "1.10"],
  ["tostring", "1e3"],
  ['(try fromdate catch "bad") | .[0:3]', '"2023-11-14T22:13:20Z"'],
  ['strptime("%m/%d/%Y %I:%M %p") | strftime("%Y-%m-%d-%H")', '"11/14/2023 12:13 PM"'],
];
const show = (name, jq) => {
  for (const [expression, input] of cases) {
    let value;
    try {
      value = jq.raw(input, expression, ["-c"]).trim();
    } catch {
      value = "an error";
    }
    console.log(`${name}: ${value}`);
  }
};
// 0.5.1 is older than Node's fetch, and would give it the path of a file.
const { fetch } = globalThis;
delete globalThis.fetch;
const old = require("old/jq.wasm.js");
globalThis.fetch = fetch;
old.onInitialized.addListener(async () => {
  show("0.5.1", old);
  console.error = () => {};
  show("0.6.2", await require("new"));
});
JS
out=$(node values.js 2>/dev/null)
echo "$out"
expected='0.5.1: "v1.1"
0.5.1: "1000"
0.5.1: "bad"
0.5.1: "2023-11-15-00"
0.6.2: "v1.10"
0.6.2: "1E+3"
0.6.2: an error
0.6.2: "2023-11-15-00"'
[[ "$out" == "$expected" ]]
