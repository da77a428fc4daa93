#!/usr/bin/env bash
# `deno test FOLDER` leaves out the tests of FOLDER if a workspace member lies below it.
#
# The root's deno.json names the member `a/page`. `deno test .` runs the tests of `a`; `deno test a` finds
# "No test modules", and `deno test a b_test.ts` passes without those of `a`: a run that names folders
# loses tests without a word.
#
# Seen on 2026-11-30 with Deno 2.9.6.
set -euo pipefail
deno=(npx -y deno@2.9.6)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

mkdir -p a/page
echo '{ "workspace": ["a/page"] }' > deno.json
echo '{}' > a/page/deno.json
echo 'Deno.test("in a", () => {});' > a/a_test.ts
echo 'Deno.test("beside a", () => {});' > b_test.ts

passed() { NO_COLOR=1 "${deno[@]}" test "$@" 2>&1 | grep -oE '^ok \| [0-9]+ passed|No test modules found' || true; }
all=$(passed .)
one=$(passed a)
both=$(passed a b_test.ts)
printf '%s\n' ".: $all" "a: $one" "a b_test.ts: $both"
[ "$all" = "ok | 2 passed" ]
grep -q "No test modules found" <<< "$(NO_COLOR=1 "${deno[@]}" test a 2>&1 || true)"
[ "$both" = "ok | 1 passed" ]
