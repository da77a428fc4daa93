#!/usr/bin/env bash
# Spark reads one row of a file of JSON objects without line feeds between them, in every mode.
#
# FAILFAST too says nothing about the objects after the first one of a line. Firehose writes such files
# by default.
#
# Seen on 2026-11-30 with pyspark 4.3.0 and OpenJDK 17: of 3 objects 1 row in PERMISSIVE (without
# _corrupt_record), DROPMALFORMED and FAILFAST. Needs Java 17 and 450 MB.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pyspark==4.3.0
printf '{"id":1}{"id":2}{"id":3}' > "$folder/run-together.json"

cat > "$folder/read.py" <<'EOF'
import sys

from pyspark.sql import SparkSession

builder = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false")
spark = builder.getOrCreate()
spark.sparkContext.setLogLevel("OFF")
schema = "id int, _corrupt_record string"
for mode in ["PERMISSIVE", "DROPMALFORMED", "FAILFAST"]:
    frame = spark.read.schema(schema).option("mode", mode).json(sys.argv[1])
    rows = [tuple(row) for row in frame.cache().collect()]
    print(f"{mode}: {rows}")
    assert rows == [(1, None)], "it reads otherwise now"
EOF
"$folder/venv/bin/python" "$folder/read.py" "$folder/run-together.json" 2> "$folder/log" ||
  { tail -3 "$folder/log"; exit 1; }
