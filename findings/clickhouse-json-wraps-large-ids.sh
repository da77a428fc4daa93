#!/usr/bin/env bash
# ClickHouse reads 12345678901234567890 as -6101065172474983726 where its sample of the JSON had small numbers.
#
# The column's type comes from the first file, Int64 here, and an id of 64 bits without a sign (a trace, a hash)
# that comes in a later object is taken modulo 2^64, without an error. Daft puts null there, and for a text in
# a column of numbers too. DuckDB and Polars refuse the value. With the large id in the first file
# ClickHouse takes UInt64 and reads both; so does schema_inference_mode='union'.
#
# Seen on 2026-11-30 with chdb 4.4.0 (ClickHouse 26.9), daft 0.7.26, duckdb 2.0.1, polars 2.1.0 and Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check chdb==4.4.0 daft==0.7.26 duckdb==2.0.1 polars==2.1.0

cat > ids.py <<'EOF'
import os

import chdb
import daft
import duckdb
import polars


def write(folder, *values):
    os.mkdir(folder)
    for file, value in enumerate(values):
        with open(f"{folder}/{file}.json", "w") as lines:
            lines.write(f'{{"id":{value}}}\n')


def chdb_ids(folder, settings=""):
    query = f"select id from file('{folder}/{{0,1}}.json', 'JSONEachRow') order by _file{settings}"
    return str(chdb.query(query, "CSV")).split()


def daft_ids(folder):
    return daft.read_json([f"{folder}/0.json", f"{folder}/1.json"]).to_pydict()["id"]


def refused(read):
    try:
        return read()
    except (duckdb.InvalidInputException, polars.exceptions.ComputeError):
        return "refused"


write("ids", 1, 12345678901234567890)
write("first", 12345678901234567890, 1)
write("texts", 1, '"A7"')
print("chdb", *chdb_ids("ids"))
print("chdb, large id first", *chdb_ids("first"))
print("chdb, union", *chdb_ids("ids", " settings schema_inference_mode='union'"))
print("daft", daft_ids("ids"), daft_ids("texts"))
print("duckdb", refused(lambda: duckdb.sql("select id from read_json('ids/*.json', maximum_sample_files=1)").fetchall()))
print("polars", refused(lambda: polars.read_ndjson("ids/*.json")))
EOF
venv/bin/python ids.py 2> log | tee seen.txt || { tail -3 log; exit 1; }

cat > expected.txt <<'EOF'
chdb 1 -6101065172474983726
chdb, large id first 12345678901234567890 1
chdb, union 1 12345678901234567890
daft [1, None] [1, None]
duckdb refused
polars refused
EOF
diff expected.txt seen.txt
