"""The whole path of notebooks 0 and 1 through boto3, against the endpoint in AWS_ENDPOINT_URL.

Run by boto3_test.ts, which starts the sandbox and sets the root key in the environment.
Prints one line of JSON: what it saw.
"""

import gzip
import json
import time

import boto3
from botocore.exceptions import ClientError

REGION = "us-east-1"
RECORDS = 700


def main():
    root = boto3.Session(region_name=REGION)
    account = root.client("sts").get_caller_identity()["Account"]
    admin = admin_session(root.client("iam"))
    caller = admin.client("sts").get_caller_identity()["Arn"]

    s3 = admin.client("s3")
    bucket = f"boto3-pipeline-{account}"
    s3.create_bucket(Bucket=bucket)
    s3.put_object(Bucket=bucket, Key="hello world.txt", Body=b"hello")
    hello = s3.get_object(Bucket=bucket, Key="hello world.txt")["Body"].read().decode()
    tail = s3.get_object(Bucket=bucket, Key="hello world.txt", Range="bytes=-2")["Body"].read().decode()
    listed = [o["Key"] for o in s3.list_objects_v2(Bucket=bucket)["Contents"]]

    wrong = boto3.Session(
        aws_access_key_id=admin.get_credentials().access_key,
        aws_secret_access_key="wrong",
        region_name=REGION,
    )
    wrong_secret = error_code(lambda: wrong.client("s3").list_buckets())

    role_arn = delivery_role(admin.client("iam"), bucket, account)
    firehose = admin.client("firehose")
    firehose.create_delivery_stream(
        DeliveryStreamName="boto3",
        DeliveryStreamType="DirectPut",
        ExtendedS3DestinationConfiguration={
            "RoleARN": role_arn,
            "BucketARN": f"arn:aws:s3:::{bucket}",
            "Prefix": "people/!{timestamp:yyyy}/",
            "ErrorOutputPrefix": "errors/!{firehose:error-output-type}/",
            "BufferingHints": {"SizeInMBs": 1, "IntervalInSeconds": 60},
            "CompressionFormat": "GZIP",
            "ProcessingConfiguration": {
                "Enabled": True,
                "Processors": [{"Type": "AppendDelimiterToRecord", "Parameters": []}],
            },
        },
        Tags=[{"Key": "made-by", "Value": "boto3"}],
    )
    wait_for(lambda: status_of(firehose) == "ACTIVE", "the stream to become ACTIVE")

    sent = [json.dumps({"n": n, "name": "Zoë"}) for n in range(RECORDS)]
    firehose.put_record(DeliveryStreamName="boto3", Record={"Data": sent[0]})
    for start in range(1, RECORDS, 500):
        answer = firehose.put_record_batch(
            DeliveryStreamName="boto3",
            Records=[{"Data": line} for line in sent[start : start + 500]],
        )
        assert answer["FailedPutCount"] == 0, answer

    received = []

    def all_arrived():
        received.clear()
        for entry in s3.list_objects_v2(Bucket=bucket, Prefix="people/").get("Contents", []):
            body = s3.get_object(Bucket=bucket, Key=entry["Key"])["Body"].read()
            received.extend(gzip.decompress(body).decode().split("\n"))
        return len(received) >= RECORDS

    wait_for(all_arrived, "the records in S3")
    too_many = error_code(
        lambda: firehose.put_record_batch(
            DeliveryStreamName="boto3", Records=[{"Data": b"x"}] * 501
        )
    )
    unknown = error_code(
        lambda: firehose.put_record(DeliveryStreamName="nope", Record={"Data": b"x"})
    )
    tags = firehose.list_tags_for_delivery_stream(DeliveryStreamName="boto3")["Tags"]
    firehose.delete_delivery_stream(DeliveryStreamName="boto3")
    print(
        json.dumps(
            {
                "caller": caller,
                "hello": hello,
                "tail": tail,
                "listed": listed,
                "wrongSecret": wrong_secret,
                "exactlyOnce": sorted(received) == sorted(sent),
                "tooMany": too_many,
                "unknown": unknown,
                "tags": tags,
            }
        )
    )


def admin_session(iam):
    iam.create_user(UserName="boto3-admin")
    iam.attach_user_policy(
        UserName="boto3-admin", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess"
    )
    key = iam.create_access_key(UserName="boto3-admin")["AccessKey"]
    return boto3.Session(
        aws_access_key_id=key["AccessKeyId"],
        aws_secret_access_key=key["SecretAccessKey"],
        region_name=REGION,
    )


def delivery_role(iam, bucket, account):
    role = iam.create_role(
        RoleName="boto3-delivery",
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
    iam.put_role_policy(
        RoleName="boto3-delivery",
        PolicyName="write",
        PolicyDocument=json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Action": ["s3:PutObject", "s3:GetBucketLocation", "s3:ListBucket"],
                        "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"],
                    }
                ],
            }
        ),
    )
    assert iam.get_role(RoleName="boto3-delivery")["Role"]["AssumeRolePolicyDocument"]["Version"]
    return role["Arn"]


def status_of(firehose):
    described = firehose.describe_delivery_stream(DeliveryStreamName="boto3")
    return described["DeliveryStreamDescription"]["DeliveryStreamStatus"]


def error_code(call):
    try:
        call()
    except ClientError as error:
        return error.response["Error"]["Code"]
    return None


def wait_for(condition, what):
    deadline = time.monotonic() + 60
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited 60 s for {what}")
        time.sleep(0.05)


if __name__ == "__main__":
    main()
