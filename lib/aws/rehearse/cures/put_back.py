import base64
import json

import boto3  # the function's role needs firehose:PutRecordBatch


def within_budget(handler, budget_bytes=5_000_000):
    """Puts back what does not fit. A record that can never fit is ProcessingFailed."""
    firehose = boto3.client("firehose")

    def cured(event, context):
        late, left = [], budget_bytes
        sources = {record["recordId"]: record["data"] for record in event["records"]}
        answers = handler(event, context)["records"]
        for answer in answers:
            size = len(json.dumps(answer)) + 2  # as Lambda's Python writes it
            if size <= left:
                left -= size
            elif answer.pop("data", None) is not None:
                answer.pop("metadata", None)
                answer["result"] = "ProcessingFailed"
                if size <= budget_bytes:
                    late.append(answer)
        for start in range(0, len(late), 4):  # 4 records of 1,000 KiB are under 4 MiB
            some = late[start : start + 4]
            put = firehose.put_record_batch(
                DeliveryStreamName=event["deliveryStreamArn"].split("/")[1],
                Records=[{"Data": base64.b64decode(sources[it["recordId"]])} for it in some],
            )
            for answer, entry in zip(some, put["RequestResponses"]):
                if entry.get("RecordId"):  # only for records that the stream has
                    answer["result"] = "Dropped"
        return {"records": answers}

    return cured


HANDLER = within_budget(HANDLER)
