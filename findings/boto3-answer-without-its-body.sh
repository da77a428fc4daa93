#!/usr/bin/env bash
# boto3 takes an answer whose connection ended before its body for a success without members.
#
# A server announces 20 bytes of a body and ends the connection after the head, as a proxy or a host does
# that goes away at this moment. PutRecord of Firehose raises nothing and returns no RecordId; a
# PutRecordBatch has no FailedPutCount either, so that a producer which reads it with .get() counts the
# batch as delivered. With a body in chunks that never come, the same client raises
# ConnectionClosedError.
#
# Seen on 2026-11-30 with boto3 1.44.8 (Python 3.11):
#   content-length: []
#   chunked: ConnectionClosedError
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check boto3==1.44.8

cat > cut.py <<'EOF'
import socket
import threading

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError


def serve(head):
    server = socket.create_server(("127.0.0.1", 0))

    def answer():
        connection, _ = server.accept()
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-type: application/x-amz-json-1.1\r\n" + head + b"\r\n\r\n")
        connection.close()

    threading.Thread(target=answer, daemon=True).start()
    return server.getsockname()[1]


for name, head in [("content-length", b"content-length: 20"), ("chunked", b"transfer-encoding: chunked")]:
    client = boto3.client(
        "firehose",
        endpoint_url=f"http://127.0.0.1:{serve(head)}",
        region_name="us-east-1",
        aws_access_key_id="a",
        aws_secret_access_key="b",
        config=Config(retries={"max_attempts": 0}),
    )
    try:
        answer = client.put_record(DeliveryStreamName="s", Record={"Data": b"x"})
        print(f"{name}:", [member for member in answer if member != "ResponseMetadata"])
    except BotoCoreError as error:
        print(f"{name}:", type(error).__name__)
EOF
output=$(venv/bin/python cut.py)
echo "$output"
[ "$output" = "content-length: []
chunked: ConnectionClosedError" ]
