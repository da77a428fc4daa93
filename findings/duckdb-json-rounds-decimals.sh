#!/usr/bin/env bash
# DuckDB, DataFusion and Daft read 1.5 as 2 or 1 where their sample of the JSON had whole numbers only.
#
# They take the type of a member from the first rows or files and convert later values to it, without an
# error. Firehose delivers many small objects, so a sample soon ends: DuckDB looks at 20,480 rows and at 32
# files at most, and sample_size=-1 lifts only the first limit. Its union_by_name=true looks at every file.
# maximum_sample_files lifts the second. Polars refuses the value.
#
# Seen on 2026-11-30 with duckdb 2.0.1, datafusion 55.0.0, daft 0.7.26, polars 2.1.0 and Python 3.11, for 40
# files of 1,000 rows, the last of which has 1.5 in each row (DataFusion: the same rows in one file): the sum
# is 40,500.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check duckdb==2.0.1 datafusion==55.0.0 daft==0.7.26 polars==2.1.0

cat > total.py <<'EOF'
import os

import daft
import datafusion
import duckdb
import polars

os.mkdir("orders")
for file in range(40):
    amount = "1.5" if file == 39 else "1"
    with open(f"orders/{file:02}.json", "w") as lines:
        lines.write(f'{{"amount":{amount}}}\n' * 1000)


def duckdb_total(options):
    return duckdb.sql(f"select sum(amount) from read_json('orders/*.json'{options})").fetchall()[0][0]


with open("one.json", "w") as lines:
    lines.write('{"amount":1}\n' * 39_000 + '{"amount":1.5}\n' * 1000)
context = datafusion.SessionContext()
context.register_json("orders", "one.json")
rows = context.sql("select sum(amount) as total from orders").to_pylist()
paths = [f"orders/{file:02}.json" for file in range(40)]
print("duckdb", duckdb_total(""))
print("duckdb, sample_size=-1", duckdb_total(", sample_size=-1"))
print("duckdb, union_by_name", duckdb_total(", union_by_name=true"))
print("datafusion, one file", rows[0]["total"])
print("daft", daft.read_json(paths).sum("amount").to_pydict()["amount"][0])
try:
    print("polars", polars.read_ndjson("orders/*.json")["amount"].sum())
except polars.exceptions.ComputeError as error:
    print("polars:", error)
EOF
venv/bin/python total.py 2> log | tee seen.txt || { tail -3 log; exit 1; }

cat > expected.txt <<'EOF'
duckdb 41000
duckdb, sample_size=-1 41000
duckdb, union_by_name 40500.0
datafusion, one file 40000
daft 40000
polars: cannot parse '1.5' (f64) as Int64
EOF
diff expected.txt seen.txt
