import json
import time

import boto3
import pytest

TRUST = {
    "Version": "2012-10-17",
    "Statement": {
        "Effect": "Allow",
        "Principal": {"Service": "firehose.amazonaws.com"},
        "Action": "sts:AssumeRole",
    },
}


@pytest.fixture
def stream(firehose_lab_clean):
    """A delivery stream that collects orders in the bucket `orders-raw`."""
    boto3.client("s3").create_bucket(Bucket="orders-raw")
    iam = boto3.client("iam")
    role = iam.create_role(RoleName="delivery", AssumeRolePolicyDocument=json.dumps(TRUST))
    iam.attach_role_policy(
        RoleName="delivery", PolicyArn="arn:aws:iam::aws:policy/AmazonS3FullAccess"
    )
    firehose = boto3.client("firehose")
    firehose.create_delivery_stream(
        DeliveryStreamName="orders",
        ExtendedS3DestinationConfiguration={
            "RoleARN": role["Role"]["Arn"],
            "BucketARN": "arn:aws:s3:::orders-raw",
            "CompressionFormat": "GZIP",
        },
    )
    while _status(firehose) != "ACTIVE":
        time.sleep(0.05)
    return "orders"


def _status(firehose):
    described = firehose.describe_delivery_stream(DeliveryStreamName="orders")
    return described["DeliveryStreamDescription"]["DeliveryStreamStatus"]
