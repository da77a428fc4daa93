"""A producer that looks right, and loses records."""

import json


def send_orders(firehose, stream, orders):
    """Sends all orders in one batch."""
    records = [{"Data": json.dumps(order).encode() + b"\n"} for order in orders]
    # An answer with status 200 may still refuse some of the records.
    firehose.put_record_batch(DeliveryStreamName=stream, Records=records)
