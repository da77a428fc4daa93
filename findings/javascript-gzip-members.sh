#!/usr/bin/env bash
# pako fed in pieces and fflate's gunzipSync lose rows of a file of several gzip members, silently.
#
# pako 3.0.3's Inflate ends for good where a piece ends with a member; fflate 0.8.3's gunzipSync
# returns as many bytes as the last member says of itself. pako's ungzip of the whole and fflate's
# Gunzip, which streams, read all.
#
# Seen on 2026-11-30 with Node 20.20.2: of 6,000 rows in as many members
#   pako ungzip 6000, pako Inflate in two pieces 1, fflate gunzipSync 1, fflate Gunzip 6000.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "type": "module" }' > package.json
npm install --silent --no-audit --no-fund pako@3.0.3 fflate@0.8.3

cat > read.mjs <<'EOF'
import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { Gunzip, gunzipSync } from "fflate";
import { Inflate, ungzip } from "pako";

const COUNT = 6_000;
const members = Array.from({ length: COUNT }, (_, id) => gzipSync(`{"id":${id}}\n`));
const file = Buffer.concat(members);
const rowsOf = (parts) => Buffer.concat(parts).toString().split("\n").length - 1;

function inPieces() {
  const parts = [];
  const inflate = new Inflate();
  inflate.onData = (part) => parts.push(part);
  inflate.push(members[0], false);
  inflate.push(file.subarray(members[0].length), true);
  assert.equal(inflate.err, 0);
  return parts;
}

function streamed(pieceBytes) {
  const parts = [];
  const gunzip = new Gunzip((part) => parts.push(part));
  for (let at = 0; at < file.length; at += pieceBytes) {
    gunzip.push(file.subarray(at, at + pieceBytes), at + pieceBytes >= file.length);
  }
  return parts;
}

const seen = {
  "pako ungzip": rowsOf([ungzip(file)]),
  "pako Inflate in two pieces": rowsOf(inPieces()),
  "fflate gunzipSync": rowsOf([gunzipSync(file)]),
  "fflate Gunzip": rowsOf(streamed(16_384)),
};
console.log(seen);
assert.deepEqual(Object.values(seen), [COUNT, 1, 1, COUNT]);
EOF
node read.mjs
