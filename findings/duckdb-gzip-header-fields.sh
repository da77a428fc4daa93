#!/usr/bin/env bash
# DuckDB reads no gzip file with a comment, a header checksum or the text flag in a member's header.
#
# RFC 1952 allows these optional fields, and gzip, zlib and Python read them. DuckDB reads a header
# with a file name or an extra field. One member with a comment makes a file of thousands unreadable,
# which happens where records are joined that several producers compressed.
#
# Seen on 2026-11-30 with duckdb 2.0.1 from PyPI, Python 3.11: "IO Error: Unsupported GZIP archive"
# for the comment, the checksum and the text flag; the rows for a name and an extra field.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check duckdb==2.0.1

cat > "$folder/read.py" <<'EOF'
import gzip
import struct
import sys
import zlib

import duckdb

folder = sys.argv[1]
TEXT, CHECKSUM, EXTRA, NAME, COMMENT = 1, 2, 4, 8, 16


def member(flags, fields=b""):
    plain = gzip.compress(b'{"id": 1}\n', mtime=0)
    header = plain[:3] + bytes([flags]) + plain[4:10] + fields
    if flags & CHECKSUM:
        header += struct.pack("<H", zlib.crc32(header) & 0xFFFF)
    return header + plain[10:]


def rows(flags, fields=b""):
    path = f"{folder}/{flags}.json.gz"
    with open(path, "wb") as file:
        file.write(member(flags, fields))
    assert gzip.open(path).read() == b'{"id": 1}\n'
    try:
        return duckdb.sql(f"select id from read_json('{path}')").fetchall()
    except duckdb.IOException as error:
        return str(error)


seen = {
    "none": rows(0),
    "extra field": rows(EXTRA, b"\x06\x00AB\x02\x00xy"),
    "name": rows(NAME, b"name\0"),
    "comment": rows(COMMENT, b"comment\0"),
    "checksum": rows(CHECKSUM),
    "text flag": rows(TEXT),
}
for field, result in seen.items():
    print(f"{field}: {result}")
refused = [field for field, result in seen.items() if isinstance(result, str)]
assert refused == ["comment", "checksum", "text flag"], refused
EOF
"$folder/venv/bin/python" "$folder/read.py" "$folder"
