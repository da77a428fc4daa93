#!/usr/bin/env bash
# requests with urllib3 2.8 loses rows of a response of several gzip members, without an error.
#
# Members that follow each other are one gzip file (RFC 1952, section 2.2), and S3 serves an object
# with the Content-Encoding that it was stored with. urllib3 2.5 returns all rows.
#
# Seen on 2026-11-30 with requests 2.34.2 and Python 3.11, for 6,000 members with a row each:
# urllib3 2.8.0 gives 1,281 rows, 2.5.0 gives 6,000. raw.read(decode_content=False) and
# gzip.decompress give 6,000 with both.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

cat > "$folder/read.py" <<'EOF'
import gzip
import http.server
import json
import sys
import threading

import requests
import urllib3

COUNT = 6_000
LINES = [json.dumps({"id": id, "name": f"name {id * 7919 % 6151}"}) for id in range(COUNT)]
BODY = b"".join(gzip.compress(f"{line}\n".encode()) for line in LINES)


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("content-encoding", "gzip")
        self.send_header("content-length", str(len(BODY)))
        self.end_headers()
        self.wfile.write(BODY)

    def log_message(self, *args):
        pass


server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f"http://127.0.0.1:{server.server_port}/"
whole = set(LINES)
rows = [line for line in requests.get(url).text.split("\n") if line in whole]
raw = requests.get(url, stream=True).raw.read(decode_content=False)
raw_rows = gzip.decompress(raw).decode().split("\n")[:-1]
print(f"urllib3 {urllib3.__version__}: {len(rows)} of {COUNT} rows, {len(raw_rows)} of the raw bytes")
assert raw_rows == LINES
assert (rows == LINES) == (sys.argv[1] == "right"), "it reads otherwise now"
EOF

for version in "2.5.0 right" "2.8.0 wrong"; do
  read -r number expected <<< "$version"
  python3 -m venv --clear "$folder/venv"
  "$folder/venv/bin/pip" install --quiet --disable-pip-version-check requests==2.34.2 "urllib3==$number"
  "$folder/venv/bin/python" "$folder/read.py" "$expected"
done
