#!/usr/bin/env bash
# awslambdaric 4.2.2 ends the process after a response that Lambda refuses with 413.
#
# The handler has returned and sees nothing. The client prints one line, raises RuntimeError and exits
# with 1; it posts no error, and the next invocation waits for a new process. So each response over 6 MB
# costs a cold start besides. Node's client (aws-lambda-ric 3.3.0 and 4.0.2) and Rust's
# (lambda_runtime 1.5.0) print a line and go on with the same process.
#
# Seen on 2026-11-30 with awslambdaric 4.2.2 and Python 3.11, against a Runtime API that answers as
# AWS's Runtime Interface Emulator does.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check awslambdaric==4.2.2
cat > "$folder/index.py" <<'EOF'
def handler(event, context):
    return {"records": "x" * 6_291_557}
EOF

cat > "$folder/run.py" <<'EOF'
import http.server
import json
import os
import subprocess
import sys
import threading

LIMIT = 6_291_556
asked, posted = [], []


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status, body, headers=()):
        self.send_response(status)
        for name, value in (*headers, ("Content-Length", str(len(body)))):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        asked.append(self.path)
        self.answer(200, b"{}", [
            ("Lambda-Runtime-Aws-Request-Id", f"id-{len(asked)}"),
            ("Lambda-Runtime-Deadline-Ms", "9999999999999"),
            ("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:us-east-1:123456789012:function:f"),
            ("Content-Type", "application/json"),
        ])

    def do_POST(self):
        length = int(self.headers["Content-Length"])
        self.rfile.read(length)
        posted.append(self.path.rsplit("/", 1)[-1])
        error = {"errorMessage": f"Exceeded maximum allowed payload size ({LIMIT} bytes).",
                 "errorType": "RequestEntityTooLarge"}
        self.answer(413 if length > LIMIT else 202, json.dumps(error).encode())

    def log_message(self, *args):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
ended = subprocess.run(
    [sys.executable, "-m", "awslambdaric", "index.handler"],
    cwd=sys.argv[1],
    env={**os.environ, "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{server.server_port}"},
    capture_output=True,
    text=True,
    timeout=60,
)
print(ended.stdout, ended.stderr[-200:], f"exit code {ended.returncode}, asked {len(asked)}, posted {posted}")
assert "Failed to post handler success response. Http response code: 413." in ended.stdout
assert "RuntimeError: Failed to post invocation response" in ended.stderr
assert (ended.returncode, len(asked), posted) == (1, 1, ["response"]), "it does something else now"
EOF
"$folder/venv/bin/python" "$folder/run.py" "$folder"
