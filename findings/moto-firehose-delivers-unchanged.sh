#!/usr/bin/env bash
# moto accepts compression, partition keys and processors of a Firehose stream, and delivers without them.
#
# DescribeDeliveryStream returns each setting as it was given. But the records of a batch come as one plain
# object, glued together, and the prefix is used to the letter: "!{partitionKeyFromQuery:customer}" is a
# folder's name, with the date that AWS adds only to a prefix without expressions. A test that lists the
# bucket and reads JSON passes on moto for a pipeline whose objects on AWS are gzip, in other folders.
#
# Seen on 2026-11-30 with moto 5.2.5, boto3 1.44.8 and Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export AWS_ACCESS_KEY_ID=a AWS_SECRET_ACCESS_KEY=b AWS_DEFAULT_REGION=us-east-1
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check "moto[firehose,s3]==5.2.5" boto3==1.44.8

cat > deliver.py <<'EOF'
import re

import boto3
from moto import mock_aws


def processor(type, **parameters):
    pairs = [{"ParameterName": name, "ParameterValue": value} for name, value in parameters.items()]
    return {"Type": type, "Parameters": pairs}


with mock_aws():
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="orders")
    firehose = boto3.client("firehose")
    query = {"MetadataExtractionQuery": "{customer: .customer}", "JsonParsingEngine": "JQ-1.6"}
    processors = [processor("MetadataExtraction", **query), processor("AppendDelimiterToRecord", Delimiter="\\n")]
    firehose.create_delivery_stream(
        DeliveryStreamName="orders",
        ExtendedS3DestinationConfiguration={
            "RoleARN": "arn:aws:iam::123456789012:role/firehose",
            "BucketARN": "arn:aws:s3:::orders",
            "CompressionFormat": "GZIP",
            "BufferingHints": {"SizeInMBs": 64, "IntervalInSeconds": 60},
            "Prefix": "customer=!{partitionKeyFromQuery:customer}/",
            "ErrorOutputPrefix": "errors/",
            "DynamicPartitioningConfiguration": {"Enabled": True},
            "ProcessingConfiguration": {"Enabled": True, "Processors": processors},
        },
    )
    firehose.put_record_batch(
        DeliveryStreamName="orders", Records=[{"Data": b'{"customer":"a"}'}, {"Data": b'{"customer":"b"}'}]
    )
    stream = firehose.describe_delivery_stream(DeliveryStreamName="orders")["DeliveryStreamDescription"]
    print(stream["Destinations"][0]["ExtendedS3DestinationDescription"]["CompressionFormat"])
    for item in s3.list_objects_v2(Bucket="orders")["Contents"]:
        print(re.sub(r"\d{4}/\d\d/\d\d/\d\d/.*", "DATE/NAME", item["Key"]))
        print(s3.get_object(Bucket="orders", Key=item["Key"])["Body"].read().decode())
EOF
venv/bin/python deliver.py | tee seen.txt

cat > expected.txt <<'EOF'
GZIP
customer=!{partitionKeyFromQuery:customer}/DATE/NAME
{"customer":"a"}{"customer":"b"}
EOF
diff expected.txt seen.txt
