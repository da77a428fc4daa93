import json

import boto3
import pytest

import naive_producer
import producer

ORDERS = [{"id": number} for number in range(10)]


@pytest.fixture
def two_records_refused(firehose_lab_clean):
    """Firehose refuses two records of the first batch, as it does when a stream is throttled."""
    fault = firehose_lab_clean.fault(
        on={"service": "firehose", "operation": "PutRecordBatch"},
        when={"first": 1},
        then={"failRecords": [2, 7]},
    )
    with fault:
        yield


def delivered(lab):
    """The ids of all orders in the bucket, sorted."""
    lab.flush("orders")
    lines = [line for stored in lab.objects("orders-raw") for line in stored.text().splitlines()]
    return sorted(json.loads(line)["id"] for line in lines)


def test_orders_are_delivered(firehose_lab_clean, stream):
    producer.send_orders(boto3.client("firehose"), stream, ORDERS)
    assert delivered(firehose_lab_clean) == list(range(10))


def test_refused_orders_are_sent_again(firehose_lab_clean, stream, two_records_refused):
    producer.send_orders(boto3.client("firehose"), stream, ORDERS, pause=lambda seconds: None)
    assert delivered(firehose_lab_clean) == list(range(10))


def test_the_naive_producer_loses_refused_orders(firehose_lab_clean, stream, two_records_refused):
    naive_producer.send_orders(boto3.client("firehose"), stream, ORDERS)  # no exception
    assert delivered(firehose_lab_clean) == [0, 1, 3, 4, 5, 6, 8, 9]
