#!/usr/bin/env bash
# awslambdaric 4.2.2 writes letters outside of ASCII by the name of the environment, not of the Python.
#
# With AWS_EXECUTION_ENV=AWS_Lambda_python3.12 (to 3.15) a response is UTF-8; with 3.11, or without
# the variable, as in a container image that does not set it, the same Python escapes every letter
# (é takes 6 bytes in place of 2, an emoji 12 in place of 4). Lambda counts those bytes against its 6 MB,
# so the same code answers another number of bytes in an image than in the managed runtime.
#
# Seen on 2026-11-30 with awslambdaric 4.2.2 and Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check awslambdaric==4.2.2
cat > "$folder/write.py" <<'EOF'
from awslambdaric.lambda_runtime_marshaller import LambdaMarshaller

body, _ = LambdaMarshaller().marshal_response({"city": "Zürich 🚆"})
print(len(body.encode()))
EOF
bytes_with() { AWS_EXECUTION_ENV="$1" "$folder/venv/bin/python" "$folder/write.py"; }

new=$(bytes_with AWS_Lambda_python3.12)
old=$(bytes_with AWS_Lambda_python3.11)
none=$(bytes_with "")
echo "python3.12: $new bytes, python3.11: $old bytes, no name: $none bytes"
[ "$new $old $none" = "24 36 36" ]
