#!/usr/bin/env bash
# Debian 12's jq says "jq-1.6", and its security update of 2026 reads JSON that jq 1.6 refuses: `nan`
# is a number. It also changes the words for every other literal that begins with "n".
#
# So a text member "nan" that an expression turns into a number is an error in the release, and null in
# the update; and a program that compares jq's words finds others. PyPI's jq 1.4.1 carries the release.
#
# Seen on 2026-11-30 with Debian's jq 1.6-2.1+deb12u3 and PyPI's jq 1.4.1 on Python 3.11. It needs
# Debian 12's apt-get.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

apt-get download -qq jq=1.6-2.1+deb12u3 libjq1=1.6-2.1+deb12u3 libonig5 2>/dev/null
for package in *.deb; do dpkg -x "$package" debian; done
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check jq==1.4.1

expression='.[] | try tonumber catch .'
input='["nan", "new york"]'
debian=$(LD_LIBRARY_PATH=$(echo debian/usr/lib/*-linux-gnu) debian/usr/bin/jq -c "$expression" <<<"$input")
release=$(python/bin/python - "$expression" "$input" <<'PY'
import json, sys
import jq

for value in jq.compile(sys.argv[1]).input(text=sys.argv[2]).all():
    print(json.dumps(value))
PY
)
out="Debian:
$debian
the release:
$release"
echo "$out"
expected="Debian:
null
\"Invalid numeric literal at line 1, column 4 (while parsing 'new york')\"
the release:
\"Invalid literal at EOF at line 1, column 3 (while parsing 'nan')\"
\"Invalid literal at line 1, column 4 (while parsing 'new york')\""
[[ "$out" == "$expected" ]]
