"""`aws firehose` against the endpoint in AWS_ENDPOINT_URL: every operation, as people type it.

Run by firehose_test.ts. The CLI's own driver is called in one process: a process for each
command would take half a second each. Asserts what comes back, and prints the operations called.
"""

import contextlib
import io
import json
import time

from awscli.clidriver import create_clidriver

STREAM = ("--delivery-stream-name", "cli")
ROLE = "cli-delivery"
TRUST = {
    "Version": "2012-10-17",
    "Statement": {
        "Effect": "Allow",
        "Principal": {"Service": "firehose.amazonaws.com"},
        "Action": "sts:AssumeRole",
    },
}
WRITE = {
    "Version": "2012-10-17",
    "Statement": {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"},
}
called = set()
# One for all commands: it reads the service's model once.
driver = create_clidriver()


def aws(*args, expect=0):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = driver.main([*args, "--output", "json"])
    assert code == expect, f"aws {' '.join(args)} exited with {code}: {out.getvalue()}{err.getvalue()}"
    return json.loads(out.getvalue()) if out.getvalue() and code == 0 else err.getvalue()


def firehose(operation, *args, expect=0):
    called.add("".join(word.capitalize() for word in operation.split("-")))
    return aws("firehose", operation, *args, expect=expect)


def main():
    aws("s3api", "create-bucket", "--bucket", "cli-bucket")
    role = aws(
        "iam", "create-role", "--role-name", ROLE,
        "--assume-role-policy-document", json.dumps(TRUST),
    )["Role"]["Arn"]
    aws(
        "iam", "put-role-policy", "--role-name", ROLE, "--policy-name", "write",
        "--policy-document", json.dumps(WRITE),
    )

    destination = (
        f"RoleARN={role},BucketARN=arn:aws:s3:::cli-bucket,Prefix=data/,"
        "BufferingHints={SizeInMBs=1,IntervalInSeconds=0}"
    )
    created = firehose(
        "create-delivery-stream", *STREAM, "--tags", "Key=made-by,Value=cli",
        "--extended-s3-destination-configuration", destination,
    )
    assert created["DeliveryStreamARN"].endswith(":deliverystream/cli"), created
    wait_for(lambda: describe()["DeliveryStreamStatus"] == "ACTIVE")
    assert firehose("list-delivery-streams", "--limit", "1") == {
        "DeliveryStreamNames": ["cli"],
        "HasMoreDeliveryStreams": False,
    }

    # Version 1 of the CLI takes the bytes as they are, and a list's structures of one member by it.
    assert firehose("put-record", *STREAM, "--record", "Data=one")["RecordId"]
    batch = firehose("put-record-batch", *STREAM, "--records", "two", "six")
    assert batch["FailedPutCount"] == 0 and len(batch["RequestResponses"]) == 2, batch
    wait_for(lambda: len(sizes()) > 0 and sum(sizes()) == 9)

    firehose(
        "update-destination", *STREAM, "--current-delivery-stream-version-id", "1",
        "--destination-id", "destinationId-000000000001",
        "--extended-s3-destination-update", "CompressionFormat=GZIP",
    )
    assert describe()["VersionId"] == "2"
    stale = firehose(
        "update-destination", *STREAM, "--current-delivery-stream-version-id", "1",
        "--destination-id", "destinationId-000000000001",
        "--extended-s3-destination-update", "CompressionFormat=ZIP",
        expect=255,
    )
    assert "(ConcurrentModificationException)" in stale, stale

    firehose("tag-delivery-stream", *STREAM, "--tags", "Key=a,Value=1")
    firehose("untag-delivery-stream", *STREAM, "--tag-keys", "made-by")
    assert firehose("list-tags-for-delivery-stream", *STREAM)["Tags"] == [
        {"Key": "a", "Value": "1"}
    ]

    firehose("start-delivery-stream-encryption", *STREAM)
    wait_for(lambda: describe()["DeliveryStreamEncryptionConfiguration"]["Status"] == "ENABLED")
    firehose("stop-delivery-stream-encryption", *STREAM)

    firehose("delete-delivery-stream", *STREAM)
    wait_for(lambda: firehose("list-delivery-streams")["DeliveryStreamNames"] == [])
    gone = firehose("describe-delivery-stream", *STREAM, expect=255)
    assert "(ResourceNotFoundException)" in gone, gone
    print(json.dumps(sorted(called)))


def describe():
    return firehose("describe-delivery-stream", *STREAM)["DeliveryStreamDescription"]


def sizes():
    listed = aws("s3api", "list-objects-v2", "--bucket", "cli-bucket", "--prefix", "data/")
    return [entry["Size"] for entry in (listed or {}).get("Contents", [])]


def wait_for(condition):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        found = condition()
        if found:
            return found
        time.sleep(0.05)
    raise TimeoutError("waited 60 s")


if __name__ == "__main__":
    main()
