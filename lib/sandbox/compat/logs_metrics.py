"""Every operation of CloudWatch Logs and CloudWatch metrics through boto3, and some through the
AWS CLI, against the endpoint in AWS_ENDPOINT_URL.

Run by logs_metrics_test.ts. Asserts what comes back, and prints one line of JSON: the operations it
called by service, so that none can be forgotten.
"""

import contextlib
import io
import json
import time
from datetime import datetime, timedelta, timezone

import boto3
from awscli.clidriver import create_clidriver
from botocore.exceptions import ClientError

REGION = "eu-west-1"
GROUP = "/aws/lambda/compat"
STREAM = "2026/11/24/[$LATEST]0a1b"

called = {}


def client(name, protocol=None):
    """A client that speaks `protocol`, if the service has several; else what boto3 prefers."""
    session = boto3.Session(region_name=REGION)
    if protocol:
        loader = session._session.get_component("data_loader")
        model = loader.load_service_model(name, "service-2")
        model["metadata"].update(protocol=protocol, protocols=[protocol])
    made = session.client(name)
    assert protocol is None or made.meta.service_model.resolved_protocol == protocol
    names = called.setdefault(name, set())
    made.meta.events.register("before-call.*.*", lambda model, **_: names.add(model.name))
    return made


def error_of(call, **kwargs):
    try:
        call(**kwargs)
    except ClientError as error:
        return error.response["Error"]["Code"], error.response["Error"]["Message"]
    return None


def aws(*args):
    """The CLI's answer to a command, in this process."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        code = create_clidriver().main([*args, "--region", REGION, "--output", "json"])
    assert code == 0, f"aws {' '.join(args)} exited with {code}: {out.getvalue()}"
    return json.loads(out.getvalue()) if out.getvalue() else None


def groups(logs, account):
    logs.create_log_group(logGroupName=GROUP, tags={"made": "here"})
    logs.create_log_group(logGroupName="other")
    assert error_of(logs.create_log_group, logGroupName=GROUP) == (
        "ResourceAlreadyExistsException",
        "The specified log group already exists",
    )
    arn = f"arn:aws:logs:{REGION}:{account}:log-group:{GROUP}"
    found = logs.describe_log_groups(logGroupNamePrefix="/aws/")["logGroups"]
    assert [(g["logGroupArn"], g["arn"], g["storedBytes"]) for g in found] == [(arn, f"{arn}:*", 0)]
    paged = logs.get_paginator("describe_log_groups").paginate(PaginationConfig={"PageSize": 1})
    assert [g["logGroupName"] for page in paged for g in page["logGroups"]] == [GROUP, "other"]
    logs.put_retention_policy(logGroupName=GROUP, retentionInDays=7)
    assert logs.describe_log_groups()["logGroups"][0]["retentionInDays"] == 7
    logs.delete_retention_policy(logGroupName=GROUP)
    assert "retentionInDays" not in logs.describe_log_groups()["logGroups"][0]
    logs.tag_resource(resourceArn=arn, tags={"more": "1"})
    logs.untag_resource(resourceArn=arn, tagKeys=["made"])
    assert logs.list_tags_for_resource(resourceArn=arn)["tags"] == {"more": "1"}
    # The older operations; Terraform's AWS provider 1.60 reads each log group with the last one.
    logs.tag_log_group(logGroupName=GROUP, tags={"older": "2"})
    logs.untag_log_group(logGroupName=GROUP, tags=["more"])
    assert logs.list_tags_log_group(logGroupName=GROUP)["tags"] == {"older": "2"}
    logs.delete_log_group(logGroupName="other")
    assert error_of(logs.delete_log_group, logGroupName="other") == (
        "ResourceNotFoundException",
        "The specified log group does not exist.",
    )


def events(logs):
    place = {"logGroupName": GROUP, "logStreamName": STREAM}
    logs.create_log_stream(**place)
    logs.create_log_stream(logGroupName=GROUP, logStreamName="second")
    start = int(time.time() * 1000) - 5_000
    lines = [f"START {n}" if n % 2 else json.dumps({"level": "ERROR", "n": n}) for n in range(10)]
    put = logs.put_log_events(
        **place,
        logEvents=[{"timestamp": start + n, "message": line} for n, line in enumerate(lines)],
    )
    assert "rejectedLogEventsInfo" not in put
    old = [{"timestamp": start - 20 * 86_400_000, "message": "old"}]
    rejected = logs.put_log_events(**place, logEvents=old)["rejectedLogEventsInfo"]
    assert rejected == {"tooOldLogEventEndIndex": 1}
    logs.put_log_events(
        logGroupName=GROUP,
        logStreamName="second",
        logEvents=[{"timestamp": start + 5, "message": "Zoë 😀"}],
    )
    streams = logs.describe_log_streams(logGroupName=GROUP, orderBy="LastEventTime", descending=True)
    assert [s["logStreamName"] for s in streams["logStreams"]] == [STREAM, "second"]

    got, token = [], None
    while True:
        more = {"nextToken": token} if token else {}
        page = logs.get_log_events(**place, limit=3, startFromHead=True, **more)
        if page["nextForwardToken"] == token:
            break
        token = page["nextForwardToken"]
        got += [event["message"] for event in page["events"]]
    assert got == lines, got

    # What `aws logs tail` does; version 1 of the CLI, which can be installed here, has no such command.
    filtered = logs.get_paginator("filter_log_events")

    def tail(**more):
        pages = filtered.paginate(
            logGroupName=GROUP, interleaved=True, PaginationConfig={"PageSize": 2}, **more
        )
        return [event["message"] for page in pages for event in page["events"]]

    assert tail(startTime=start) == lines[:6] + ["Zoë 😀"] + lines[6:]
    assert tail(filterPattern="START") == lines[1::2]
    assert tail(filterPattern='{ $.level = "ERROR" && $.n >= 6 }') == [lines[6], lines[8]]
    assert error_of(logs.filter_log_events, logGroupName=GROUP, filterPattern="a:b") == (
        "InvalidParameterException",
        "Invalid filter pattern",
    )
    cli = aws("logs", "filter-log-events", "--log-group-name", GROUP, "--filter-pattern", "Zoë")
    assert [event["message"] for event in cli["events"]] == ["Zoë 😀"]
    logs.delete_log_stream(**place)
    assert tail() == ["Zoë 😀"]


def subscriptions(logs):
    """Log group to delivery stream to S3, as in docs/logs_to_s3.md."""
    session = boto3.Session(region_name=REGION)
    iam, s3, firehose = (session.client(name) for name in ("iam", "s3", "firehose"))
    s3.create_bucket(
        Bucket="archived-logs", CreateBucketConfiguration={"LocationConstraint": REGION}
    )

    def role(name, service, action):
        trust = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
        allowed = {"Effect": "Allow", "Action": action, "Resource": "*"}
        document = lambda statement: json.dumps({"Version": "2012-10-17", "Statement": statement})
        made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document(trust))
        iam.put_role_policy(RoleName=name, PolicyName="allow", PolicyDocument=document(allowed))
        return made["Role"]["Arn"]

    delivery = role("archive-delivery", "firehose.amazonaws.com", "s3:PutObject")
    forward = role("archive-forward", "logs.amazonaws.com", "firehose:PutRecord")
    extraction = [{"ParameterName": "DataMessageExtraction", "ParameterValue": "true"}]
    made = firehose.create_delivery_stream(
        DeliveryStreamName="archive",
        ExtendedS3DestinationConfiguration={
            "RoleARN": delivery,
            "BucketARN": "arn:aws:s3:::archived-logs",
            "BufferingHints": {"SizeInMBs": 1, "IntervalInSeconds": 60},
            "ProcessingConfiguration": {
                "Enabled": True,
                "Processors": [
                    {"Type": "Decompression"},
                    {"Type": "CloudWatchLogProcessing", "Parameters": extraction},
                ],
            },
        },
    )

    def status():
        described = firehose.describe_delivery_stream(DeliveryStreamName="archive")
        return described["DeliveryStreamDescription"]["DeliveryStreamStatus"]

    while status() != "ACTIVE":
        time.sleep(0.05)
    place = {"logGroupName": "archived", "logStreamName": "one"}
    logs.create_log_group(logGroupName="archived")
    logs.create_log_stream(**place)
    filter_name = {"logGroupName": "archived", "filterName": "errors"}
    logs.put_subscription_filter(
        **filter_name,
        filterPattern="ERROR",
        destinationArn=made["DeliveryStreamARN"],
        roleArn=forward,
    )
    pages = logs.get_paginator("describe_subscription_filters").paginate(logGroupName="archived")
    found = [found for page in pages for found in page["subscriptionFilters"]]
    assert [(f["filterName"], f["roleArn"], f["distribution"]) for f in found] == [
        ("errors", forward, "ByLogStream")
    ]
    now = int(time.time() * 1000)
    lines = ["ERROR one", "fine", "ERROR Zoë"]
    logs.put_log_events(**place, logEvents=[{"timestamp": now, "message": m} for m in lines])

    def archived():
        keys = [o["Key"] for o in s3.list_objects_v2(Bucket="archived-logs").get("Contents", [])]
        bodies = [s3.get_object(Bucket="archived-logs", Key=key)["Body"].read() for key in keys]
        return b"".join(bodies).decode()

    deadline = time.time() + 20
    while (text := archived()) == "" and time.time() < deadline:
        time.sleep(0.05)
    assert text == "ERROR one\nERROR Zoë\n", text
    logs.delete_subscription_filter(**filter_name)
    assert error_of(logs.delete_subscription_filter, **filter_name) == (
        "ResourceNotFoundException",
        "The specified subscription filter does not exist.",
    )


def metrics(cloudwatch, namespace):
    now = datetime.now(timezone.utc).replace(second=0, microsecond=0)
    names = {"Namespace": namespace, "MetricName": "latency"}
    dimensions = [{"Name": "stage", "Value": "x y"}]
    datum = {"MetricName": "latency", "Dimensions": dimensions, "Unit": "Milliseconds"}
    cloudwatch.put_metric_data(
        Namespace=namespace,
        MetricData=[
            {**datum, "Timestamp": now - timedelta(minutes=2), "Value": 10},
            {**datum, "Timestamp": now - timedelta(minutes=2), "Values": [20, 30], "Counts": [2, 1]},
            {
                **datum,
                "Timestamp": now - timedelta(minutes=1),
                "StatisticValues": {"SampleCount": 2, "Sum": 7, "Minimum": 3, "Maximum": 4},
            },
        ],
    )
    span = {"StartTime": now - timedelta(minutes=10), "EndTime": now + timedelta(minutes=1)}
    points = cloudwatch.get_metric_statistics(
        **names, **span, Dimensions=dimensions, Period=60, Statistics=["Sum", "Maximum"]
    )["Datapoints"]
    points.sort(key=lambda point: point["Timestamp"])
    assert [(p["Sum"], p["Maximum"], p["Unit"]) for p in points] == [
        (80.0, 30.0, "Milliseconds"),
        (7.0, 4.0, "Milliseconds"),
    ]
    assert points[0]["Timestamp"] == now - timedelta(minutes=2)

    def query(stat):
        metric = {**names, "Dimensions": dimensions}
        return {"Id": stat.lower(), "MetricStat": {"Metric": metric, "Period": 60, "Stat": stat}}

    pages = cloudwatch.get_paginator("get_metric_data").paginate(
        **span,
        MetricDataQueries=[query("Average"), query("SampleCount")],
        PaginationConfig={"PageSize": 3},
    )
    values = {}
    for page in pages:
        for result in page["MetricDataResults"]:
            values.setdefault(result["Label"], []).extend(result["Values"])
    assert values == {"latency Average": [3.5, 20.0], "latency SampleCount": [2.0, 4.0]}, values

    listed = cloudwatch.list_metrics(Namespace=namespace)["Metrics"]
    assert listed == [{**names, "Dimensions": dimensions}]
    both = {"MetricName": "x", "Value": 1, "Values": [1]}
    assert error_of(cloudwatch.put_metric_data, Namespace=namespace, MetricData=[both]) == (
        "InvalidParameterCombination",
        "The parameters MetricData.member.1.Value and MetricData.member.1.Values are mutually "
        "exclusive and you have specified both.",
    )
    cli = aws("cloudwatch", "list-metrics", "--namespace", namespace)
    assert [metric["MetricName"] for metric in cli["Metrics"]] == ["latency"]


def main():
    account = boto3.client("sts", region_name=REGION).get_caller_identity()["Account"]
    logs = client("logs")
    groups(logs, account)
    events(logs)
    subscriptions(logs)
    for protocol in [None, "json", "smithy-rpc-v2-cbor", "query"]:
        metrics(client("cloudwatch", protocol), f"Compat/{protocol}")
    print(json.dumps({name: sorted(names) for name, names in called.items()}))


if __name__ == "__main__":
    main()
