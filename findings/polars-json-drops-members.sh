#!/usr/bin/env bash
# Polars, DataFusion, ClickHouse and pyarrow's dataset leave out a JSON member that their sample did not
# have, without an error.
#
# Events of several kinds share an object of Firehose, and a rare member comes late. The columns are
# those of the first rows or of the first file: Polars looks at 100 rows, DataFusion at 1,000, ClickHouse at
# 25,000; the dataset at the first file. All rows are there, so a count shows nothing. With
# infer_schema_length=None Polars looks at all rows, but still of the first file only. DuckDB raises an error
# if its sample of 20,480 rows lacks a member; pandas and pyarrow.json read every member.
#
# Seen on 2026-11-30 with polars 2.1.0, datafusion 55.0.0, chdb 4.4.0, pyarrow 25.0.1, pandas 3.1.1 and duckdb 2.0.1
# on Python 3.11, for 30,000 rows without "error" and one row with it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check \
  polars==2.1.0 datafusion==55.0.0 chdb==4.4.0 pyarrow==25.0.1 pandas==3.1.1 duckdb==2.0.1

cat > columns.py <<'EOF'
import os

import chdb
import datafusion
import duckdb
import pandas
import polars
import pyarrow.dataset
import pyarrow.json

os.mkdir("events")
with open("events/1.json", "w") as lines:
    lines.write('{"id":1}\n' * 30_000)
    lines.write('{"id":1,"error":"disk"}\n')
os.mkdir("two")
with open("two/1.json", "w") as lines:
    lines.write('{"id":1}\n')
with open("two/2.json", "w") as lines:
    lines.write('{"id":1,"error":"disk"}\n')

file = "events/1.json"
two = ["two/1.json", "two/2.json"]
chdb_rows = chdb.query(f"select * from file('{file}', 'JSONEachRow') limit 1", "JSONEachRow").bytes()
print("polars", polars.read_ndjson(file).columns)
print("polars, all rows", polars.read_ndjson(file, infer_schema_length=None).columns)
print("polars, all rows, two files", polars.read_ndjson(two, infer_schema_length=None).columns)
print("datafusion", datafusion.SessionContext().read_json(file).schema().names)
print("chdb", chdb_rows.decode().strip())
print("pyarrow.dataset, two files", pyarrow.dataset.dataset(two, format="json").to_table().column_names)
print("pyarrow.json", pyarrow.json.read_json(file).column_names)
print("pandas", list(pandas.read_json(file, lines=True).columns))
try:
    print("duckdb", len(duckdb.sql(f"select * from read_json('{file}')").fetchall()))
except duckdb.InvalidInputException as error:
    print("duckdb: has unknown key" if "has unknown key" in str(error) else error)
EOF
venv/bin/python columns.py 2> log | tee seen.txt || { tail -3 log; exit 1; }

cat > expected.txt <<'EOF'
polars ['id']
polars, all rows ['id', 'error']
polars, all rows, two files ['id']
datafusion ['id']
chdb {"id":1}
pyarrow.dataset, two files ['id']
pyarrow.json ['id', 'error']
pandas ['id', 'error']
duckdb: has unknown key
EOF
diff expected.txt seen.txt
