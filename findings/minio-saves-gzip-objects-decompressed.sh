#!/usr/bin/env bash
# minio's Python client saves an object with "Content-Encoding: gzip" decompressed, under its name in .gz.
#
# fget_object(), get_object().read() and stream() let urllib3 decode the body. S3 stores this header with
# an object and sends it with each GET; Firehose sets it with CompressionFormat GZIP. So a copy differs from
# its object in size and checksum, and gzip.open() refuses the file that is named orders.json.gz. boto3's
# download_file() keeps the bytes. client.get_object(...).read(decode_content=False) does too.
#
# Seen on 2026-11-30 with minio 7.2.20, boto3 1.44.8, urllib3 2.8.0 and Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check minio==7.2.20 boto3==1.44.8 urllib3==2.8.0

cat > download.py <<'EOF'
import gzip
import hashlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import boto3
from minio import Minio

OBJECT = gzip.compress(b'{"id":1}\n' * 1000)


class S3(BaseHTTPRequestHandler):
    """One object, as S3 serves it."""

    def do_HEAD(self):
        self.send_response(200)
        self.send_header("Content-Length", str(len(OBJECT)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Type", "application/octet-stream")
        self.send_header("ETag", f'"{hashlib.md5(OBJECT).hexdigest()}"')
        self.send_header("Last-Modified", "Mon, 30 Nov 2026 10:00:00 GMT")
        self.end_headers()

    def do_GET(self):
        self.do_HEAD()
        self.wfile.write(OBJECT)

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), S3)
threading.Thread(target=server.serve_forever, daemon=True).start()
host = f"127.0.0.1:{server.server_port}"
place = {"bucket_name": "orders", "object_name": "orders.json.gz"}
minio = Minio(endpoint=host, access_key="a", secret_key="b", secure=False, region="us-east-1")
minio.fget_object(**place, file_path="minio.json.gz")
boto3.client(
    "s3",
    endpoint_url=f"http://{host}",
    region_name="us-east-1",
    aws_access_key_id="a",
    aws_secret_access_key="b",
).download_file("orders", "orders.json.gz", "boto3.json.gz")
raw = minio.get_object(**place).read(decode_content=False)


def kind(content):
    return "the object" if content == OBJECT else "its lines" if content == gzip.decompress(OBJECT) else "?"


for name in ["minio.json.gz", "boto3.json.gz"]:
    with open(name, "rb") as file:
        print(f"{name}: {kind(file.read())}")
print("decode_content=False:", kind(raw))
EOF
venv/bin/python download.py | tee seen.txt

cat > expected.txt <<'EOF'
minio.json.gz: its lines
boto3.json.gz: the object
decode_content=False: the object
EOF
diff expected.txt seen.txt
