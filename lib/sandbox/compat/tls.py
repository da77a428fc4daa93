"""Calls a sandbox with --tls as boto3 does with the sandbox's AWS files and nothing else."""

import os

import boto3
from botocore.exceptions import SSLError

# Machines behind a proxy have these, and they win over the profile.
for name in ("AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE"):
    os.environ.pop(name, None)

session = boto3.Session(profile_name="sandbox")
s3 = session.client("s3")
s3.create_bucket(Bucket="encrypted")
s3.put_object(Bucket="encrypted", Key="k", Body=b"x" * 1_000_000)
assert len(s3.get_object(Bucket="encrypted", Key="k")["Body"].read()) == 1_000_000
assert s3.meta.endpoint_url.startswith("https://127.0.0.1:"), s3.meta.endpoint_url
assert session.client("firehose").list_delivery_streams()["DeliveryStreamNames"] == []

# Without the profile's ca_bundle the authority is nobody's.
stranger = session.client("sts", verify=True)
try:
    stranger.get_caller_identity()
    raise AssertionError("the certificate was taken without its authority")
except SSLError:
    pass
print("ok")
