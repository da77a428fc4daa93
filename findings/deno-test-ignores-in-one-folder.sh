#!/usr/bin/env bash
# `deno test --ignore=FILE A B` leaves FILE out of the folder A only: in B it is run.
#
# So a run that names two folders, and leaves out what another run has, does some tests twice without a
# word, and the sum of passed tests is too high. With one folder at a time all is as one expects.
#
# Seen on 2026-12-01 with Deno 2.9.6: the file of the folder that is named second runs, whichever it is.
set -euo pipefail
deno=(npx -y deno@2.9.6)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

mkdir a b
for file in a/kept a/left_out b/kept b/left_out; do
  echo "Deno.test('$file', () => {});" > "${file}_test.ts"
done
ran() {
  NO_COLOR=1 "${deno[@]}" test --ignore=a/left_out_test.ts,b/left_out_test.ts "$@" 2>&1 |
    grep -oE '^[ab]/(kept|left_out)' | sort | paste -sd' '
}
out="a: $(ran a)
b: $(ran b)
a b: $(ran a b)
b a: $(ran b a)"
echo "$out"
expected='a: a/kept
b: b/kept
a b: a/kept b/kept b/left_out
b a: a/kept a/left_out b/kept'
[[ "$out" == "$expected" ]]
