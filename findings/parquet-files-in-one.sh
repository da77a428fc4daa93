#!/usr/bin/env bash
# Several Parquet files one after the other in one object, as a Firehose stream writes them if its function
# answers a Parquet file for each record: three readers give one file's rows, with the values of another.
#
# Versions:  pyarrow 26.0.1, duckdb 1.4.2, polars 1.35.2 (PyPI), Python 3.11
# Expected:  an error, or all three rows: the file has three files of one row each
# Seen:      one row, and no error. It has the values of the first file: the footer at the end belongs to
#            the last file, and its offsets are counted from the beginning of the whole.
# Run on:    2026-12-01
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet pyarrow==26.0.1 duckdb==1.4.2 polars==1.35.2

"$folder/venv/bin/python" - "$folder/joined.parquet" <<'PYTHON'
import io
import sys

import duckdb
import polars
import pyarrow
import pyarrow.parquet as parquet


def file_of(number):
    buffer = io.BytesIO()
    parquet.write_table(pyarrow.table({"id": [number]}), buffer)
    return buffer.getvalue()


path = sys.argv[1]
with open(path, "wb") as joined:
    joined.write(b"".join(file_of(number) for number in (1, 2, 3)))

seen = {
    "pyarrow": parquet.read_table(path)["id"].to_pylist(),
    "duckdb": [row[0] for row in duckdb.sql(f"select id from '{path}'").fetchall()],
    "polars": polars.read_parquet(path)["id"].to_list(),
}
print(seen)
sys.exit(0 if seen == {"pyarrow": [1], "duckdb": [1], "polars": [1]} else 1)
PYTHON
