"""Every operation of Firehose through boto3, against the endpoint in AWS_ENDPOINT_URL.

Run by boto3_test.ts, which starts the sandbox and sets the root key in the environment.
Prints one line of JSON: what it saw.
"""

import datetime
import gzip
import io
import json
import struct
import time
import zipfile

import boto3
import cramjam
from botocore.exceptions import ClientError

REGION = "us-east-1"
STREAM = "compat"
BUCKET = "boto3-firehose"
ROLE = "boto3-firehose-delivery"
DATA = b'{"id": 1, "name": "Zo\xc3\xab"}\n' * 200


def main():
    session = boto3.Session(region_name=REGION)
    called = set()
    session.events.register("before-call.firehose", lambda model, **_: called.add(model.name))
    account = session.client("sts").get_caller_identity()["Account"]
    session.client("s3").create_bucket(Bucket=BUCKET)
    role_arn = create_role(session.client("iam"), account)
    firehose = session.client("firehose")
    arn = firehose.create_delivery_stream(
        DeliveryStreamName=STREAM,
        S3DestinationConfiguration={
            "RoleARN": role_arn,
            "BucketARN": f"arn:aws:s3:::{BUCKET}",
            "Prefix": "old/",
            "BufferingHints": {"SizeInMBs": 1, "IntervalInSeconds": 900},
        },
        DeliveryStreamEncryptionConfigurationInput={"KeyType": "AWS_OWNED_CMK"},
    )["DeliveryStreamARN"]
    seen = {
        "arn": arn,
        "creating": describe(firehose)["DeliveryStreamStatus"],
        "putWhileCreating": error_of(lambda: put(firehose, b"early")),
    }
    wait_for(lambda: describe(firehose)["DeliveryStreamStatus"] == "ACTIVE", "ACTIVE")
    seen["duplicate"] = error_of(
        lambda: firehose.create_delivery_stream(
            DeliveryStreamName=STREAM,
            S3DestinationConfiguration={
                "RoleARN": role_arn,
                "BucketARN": f"arn:aws:s3:::{BUCKET}",
            },
        )
    )
    seen["encryption"] = encryption(firehose)
    seen["update"] = update(session, firehose)
    seen["formats"] = formats(session.client("s3"), firehose)
    seen["lists"] = lists(firehose, role_arn)
    seen["tags"] = tags(firehose)
    seen["denied"] = denied(session, firehose)
    seen["metrics"] = metrics(session.client("cloudwatch"))
    firehose.delete_delivery_stream(DeliveryStreamName=STREAM)
    firehose.delete_delivery_stream(DeliveryStreamName=STREAM)
    seen["deleting"] = describe(firehose)["DeliveryStreamStatus"]
    wait_for(lambda: error_of(lambda: describe(firehose)), "the stream to be gone")
    seen["gone"] = error_of(lambda: describe(firehose))
    seen["called"] = sorted(called)
    print(json.dumps(seen))


def encryption(firehose):
    seen = [put(firehose, b"secret,")["Encrypted"]]
    firehose.stop_delivery_stream_encryption(DeliveryStreamName=STREAM)
    seen.append(encryption_status(firehose))
    wait_for(lambda: encryption_status(firehose) == "DISABLED", "DISABLED")
    firehose.start_delivery_stream_encryption(DeliveryStreamName=STREAM)
    wait_for(lambda: encryption_status(firehose) == "ENABLED", "ENABLED")
    kms = {"KeyType": "CUSTOMER_MANAGED_CMK"}
    refused = error_of(
        lambda: firehose.start_delivery_stream_encryption(
            DeliveryStreamName=STREAM, DeliveryStreamEncryptionConfigurationInput=kms
        )
    )
    return seen + [refused]


def update(session, firehose):
    """A record that waits takes the new prefix and version."""
    change = {
        "Prefix": "new/!{timestamp:yyyy}/",
        "ErrorOutputPrefix": "errors/!{firehose:error-output-type}/",
        "BufferingHints": {"SizeInMBs": 1, "IntervalInSeconds": 0},
    }
    update_destination(firehose, "1", change)
    key = wait_for(lambda: first_key(session, "new/"), "the waiting record")
    described = describe(firehose)
    update_destination(firehose, "2", change)
    return {
        "name": key.split("/")[2].split("-")[:2],
        "version": described["VersionId"],
        "updated": "LastUpdateTimestamp" in described,
        "unchanged": describe(firehose)["VersionId"],
        "stale": error_of(lambda: update_destination(firehose, "1", {"Prefix": "x/"})),
        "refused": error_of(lambda: update_destination(firehose, "2", {"CustomTimeZone": "EST"})),
    }


def formats(s3, firehose):
    """Each format is read back by a reader that has nothing to do with the sandbox."""
    readers = {
        "GZIP": gzip.decompress,
        "ZIP": unzip,
        "Snappy": xerial,
        "HADOOP_SNAPPY": hadoop,
    }
    seen = {}
    for version, (name, read) in enumerate(readers.items(), start=2):
        update_destination(
            firehose, str(version), {"CompressionFormat": name, "Prefix": f"{name}/", "ErrorOutputPrefix": "e/"}
        )
        half = len(DATA) // 2
        answer = firehose.put_record_batch(
            DeliveryStreamName=STREAM, Records=[{"Data": DATA[:half]}, {"Data": DATA[half:]}]
        )
        assert answer["FailedPutCount"] == 0 and len(answer["RequestResponses"]) == 2, answer
        listed = lambda: s3.list_objects_v2(Bucket=BUCKET, Prefix=f"{name}/").get("Contents")
        [entry] = wait_for(listed, name)
        answer = s3.get_object(Bucket=BUCKET, Key=entry["Key"])
        body = answer["Body"].read()
        seen[name] = [
            entry["Key"].rsplit(".", 1)[1],
            answer["ContentEncoding"],
            answer["ContentType"],
            bytes(read(body)) == DATA,
        ]
    return seen


def unzip(body):
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        assert archive.testzip() is None
        [name] = archive.namelist()
        return archive.read(name)


def xerial(body):
    assert body[:8] == b"\x82SNAPPY\x00"
    return b"".join(blocks(body, 16, lengths=1))


def hadoop(body):
    return b"".join(blocks(body, 0, lengths=2))


def blocks(body, at, lengths):
    while at < len(body):
        [size] = struct.unpack_from(">I", body, at + 4 * (lengths - 1))
        at += 4 * lengths
        yield bytes(cramjam.snappy.decompress_raw(body[at : at + size]))
        at += size


def lists(firehose, role_arn):
    for name in ["compat-a", "compat-b"]:
        firehose.create_delivery_stream(
            DeliveryStreamName=name,
            ExtendedS3DestinationConfiguration={
                "RoleARN": role_arn,
                "BucketARN": f"arn:aws:s3:::{BUCKET}",
            },
        )
    first = firehose.list_delivery_streams(Limit=2)
    rest = firehose.list_delivery_streams(
        ExclusiveStartDeliveryStreamName=first["DeliveryStreamNames"][-1],
        DeliveryStreamType="DirectPut",
    )
    kinesis = firehose.list_delivery_streams(DeliveryStreamType="KinesisStreamAsSource")
    return [
        [answer["DeliveryStreamNames"], answer["HasMoreDeliveryStreams"]]
        for answer in (first, rest, kinesis)
    ]


def tags(firehose):
    firehose.tag_delivery_stream(
        DeliveryStreamName=STREAM, Tags=[{"Key": k, "Value": k.upper()} for k in "cab"]
    )
    firehose.untag_delivery_stream(DeliveryStreamName=STREAM, TagKeys=["b", "unknown"])
    answer = firehose.list_tags_for_delivery_stream(DeliveryStreamName=STREAM, Limit=1)
    return [answer["Tags"], answer["HasMoreTags"]]


def denied(session, firehose):
    """A role that may no longer write: the log says so, in AWS's words."""
    logs = session.client("logs")
    logs.create_log_group(logGroupName="/aws/kinesisfirehose/compat")
    logs.create_log_stream(
        logGroupName="/aws/kinesisfirehose/compat", logStreamName="DestinationDelivery"
    )
    update_destination(
        firehose,
        describe(firehose)["VersionId"],
        {
            "CloudWatchLoggingOptions": {
                "Enabled": True,
                "LogGroupName": "/aws/kinesisfirehose/compat",
                "LogStreamName": "DestinationDelivery",
            }
        },
    )
    allow(session.client("iam"), ["logs:PutLogEvents"])
    put(firehose, b"kept")
    events = lambda: logs.get_log_events(
        logGroupName="/aws/kinesisfirehose/compat",
        logStreamName="DestinationDelivery",
        startFromHead=True,
    )["events"]
    line = json.loads(wait_for(events, "a log line")[0]["message"])
    return [line["errorCode"], line["destination"], line["deliveryStreamVersionId"]]


def metrics(cloudwatch):
    """What the metrics of the stream are called, and two sums of them."""
    stream = [{"Name": "DeliveryStreamName", "Value": STREAM}]
    listed = cloudwatch.list_metrics(Namespace="AWS/Firehose", Dimensions=stream)["Metrics"]
    now = datetime.datetime.now(datetime.timezone.utc)

    def total(name):
        points = cloudwatch.get_metric_statistics(
            Namespace="AWS/Firehose",
            MetricName=name,
            Dimensions=stream,
            StartTime=now - datetime.timedelta(hours=1),
            EndTime=now + datetime.timedelta(minutes=2),
            Period=60,
            Statistics=["Sum"],
        )["Datapoints"]
        return sum(point["Sum"] for point in points)

    return {
        "names": sorted(metric["MetricName"] for metric in listed),
        "incoming": [total("IncomingRecords"), total("IncomingBytes")],
        "delivered": [total("DeliveryToS3.Records"), total("DeliveryToS3.Bytes")],
    }


def create_role(iam, account):
    role = iam.create_role(
        RoleName=ROLE,
        AssumeRolePolicyDocument=json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": {"Service": "firehose.amazonaws.com"},
                        "Action": "sts:AssumeRole",
                        "Condition": {"StringEquals": {"sts:ExternalId": account}},
                    }
                ],
            }
        ),
    )["Role"]
    allow(iam, ["s3:PutObject", "logs:PutLogEvents"])
    return role["Arn"]


def allow(iam, actions):
    statement = {"Effect": "Allow", "Action": actions, "Resource": "*"}
    iam.put_role_policy(
        RoleName=ROLE,
        PolicyName="deliver",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
    )


def describe(firehose):
    return firehose.describe_delivery_stream(DeliveryStreamName=STREAM)["DeliveryStreamDescription"]


def encryption_status(firehose):
    return describe(firehose)["DeliveryStreamEncryptionConfiguration"]["Status"]


def update_destination(firehose, version, change):
    firehose.update_destination(
        DeliveryStreamName=STREAM,
        CurrentDeliveryStreamVersionId=version,
        DestinationId=describe(firehose)["Destinations"][0]["DestinationId"],
        ExtendedS3DestinationUpdate=change,
    )


def put(firehose, data):
    return firehose.put_record(DeliveryStreamName=STREAM, Record={"Data": data})


def first_key(session, prefix):
    listed = session.client("s3").list_objects_v2(Bucket=BUCKET, Prefix=prefix)
    return listed["Contents"][0]["Key"] if listed["KeyCount"] else None


def error_of(call):
    try:
        call()
    except ClientError as error:
        return error.response["Error"]["Code"]
    return None


def wait_for(condition, what):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        found = condition()
        if found:
            return found
        time.sleep(0.05)
    raise TimeoutError(f"waited 60 s for {what}")


if __name__ == "__main__":
    main()
