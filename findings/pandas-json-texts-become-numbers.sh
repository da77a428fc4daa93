#!/usr/bin/env bash
# pandas.read_json makes numbers of JSON texts that look like numbers, so that two ids become one.
#
# "00123" and "123" are texts in the file and both 123 in the frame; ids of 20 digits lose the last ones. It
# depends on all rows of the object: with one id of letters among them all stay texts. So the same
# member is a number in one object of Firehose and text in the next. dtype=False leaves the texts as they
# are; polars, pyarrow, DuckDB and ClickHouse do so without being asked.
#
# Seen on 2026-11-30 with pandas 3.1.1 and Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check pandas==3.1.1

cat > ids.py <<'EOF'
from io import StringIO

import pandas


def ids(*texts, **options):
    lines = "\n".join(f'{{"customer":"{text}"}}' for text in texts)
    return pandas.read_json(StringIO(lines), lines=True, **options)["customer"].tolist()


print("two customers:", ids("00123", "123"))
print("a third with letters:", ids("00123", "123", "A7"))
print("twenty digits:", ids("12345678901234567890", "12345678901234567891", "0.5"))
print("dtype=False:", ids("00123", "123", dtype=False))
EOF
venv/bin/python ids.py | tee seen.txt

cat > expected.txt <<'EOF'
two customers: [123, 123]
a third with letters: ['00123', '123', 'A7']
twenty digits: [1.2345678901234567e+19, 1.2345678901234567e+19, 0.5]
dtype=False: ['00123', '123']
EOF
diff expected.txt seen.txt
