"""A producer that sends refused records again."""

import json
import time

#: Records that one batch takes.
BATCH_RECORDS_MAX = 500
ATTEMPTS_MAX = 8


def send_orders(firehose, stream, orders, pause=time.sleep):
    """Sends all orders; raises a RuntimeError if some are refused again and again."""
    records = [{"Data": json.dumps(order).encode() + b"\n"} for order in orders]
    for start in range(0, len(records), BATCH_RECORDS_MAX):
        _send(firehose, stream, records[start : start + BATCH_RECORDS_MAX], pause)


def _send(firehose, stream, records, pause):
    for attempt in range(ATTEMPTS_MAX):
        answer = firehose.put_record_batch(DeliveryStreamName=stream, Records=records)
        results = zip(records, answer["RequestResponses"])
        records = [record for record, result in results if "ErrorCode" in result]
        if not records:
            return
        pause(0.1 * 2**attempt)
    raise RuntimeError(f"{len(records)} orders were refused {ATTEMPTS_MAX} times")
