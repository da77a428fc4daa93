#!/usr/bin/env bash
# boto3 does not pass the profile's ca_bundle on to its CRT transfers.
#
# With `ca_bundle` in the AWS config file, boto3's own calls trust an HTTPS endpoint with a private
# authority. The CRT client that upload_file() makes with preferred_transfer_client="crt" is made without
# `verify`, though s3transfer's function takes it: CRT trusts the system's store alone. Against an endpoint
# with a private authority the upload went on trying for more than a minute, without a request and
# without an error; with the authority in the system's store it succeeded.
#
# Seen on 2026-11-30 with boto3 1.44.8, s3transfer 0.19.3, awscrt 0.38.0; Python 3.11, Linux.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet "boto3==1.44.8" "s3transfer==0.19.3" "awscrt==0.38.0"

cat > try.py <<'PY'
import inspect, os
import boto3, boto3.crt
from boto3.s3.transfer import TransferConfig, create_transfer_manager
from s3transfer.crt import create_s3_crt_client

with open("config", "w") as file:
    file.write("[default]\nregion = us-east-1\nca_bundle = private.pem\n")
    file.write("endpoint_url = https://127.0.0.1:1\n")
for name in ("AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE"):
    os.environ.pop(name, None)
os.environ |= {"AWS_CONFIG_FILE": "config", "AWS_SHARED_CREDENTIALS_FILE": "none",
               "AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "secret"}

def spy(*args, **options):
    print("CRT is given:", sorted(options))
    return create_s3_crt_client(*args, **options)

boto3.crt.create_s3_crt_client = spy
client = boto3.client("s3")
print("boto3's own calls trust:", client._endpoint.http_session._verify)
print("CRT takes verify:", "verify" in inspect.signature(create_s3_crt_client).parameters)
manager = create_transfer_manager(client, TransferConfig(preferred_transfer_client="crt"))
print(type(manager).__name__)
PY
output=$(venv/bin/python try.py)
echo "$output"
[ "$output" = "boto3's own calls trust: private.pem
CRT takes verify: True
CRT is given: ['crt_credentials_provider', 'region', 'use_ssl']
CRTTransferManager" ]
