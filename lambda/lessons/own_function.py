"""A whole transform in one file: the same as own_function.ts. Handler: own_function.handler.

It decompresses each record, reads its partition keys, stays within a budget, and puts back the rest.
"""

import base64
import gzip
import json

import boto3

BUDGET_BYTES = 5 * 1024 * 1024  # Lambda takes 6,291,556 bytes of response
firehose = boto3.client("firehose")


def handler(event, context):
    """Answers every record: Ok if it fits, Dropped if it is put back, else ProcessingFailed."""
    size_so_far = len('{"records": []}')
    answers = []
    for record in event["records"]:
        answer = answer_of(record)
        # As json.dumps does, Python's runtime writes ", " and ": "; before 3.12 it also escapes letters.
        size = len(json.dumps(answer)) + 2
        if size_so_far + size <= BUDGET_BYTES:
            size_so_far += size
        else:
            result = "ProcessingFailed" if size > BUDGET_BYTES else "Dropped"
            answer = {"recordId": record["recordId"], "result": result}
        answers.append(answer)
    dropped = [r for r, a in zip(event["records"], answers) if a["result"] == "Dropped"]
    refused = put_back(event["deliveryStreamArn"].split("/")[1], dropped)
    for answer in answers:
        # Dropped only if the stream has accepted the record again.
        if answer["recordId"] in refused:
            answer["result"] = "ProcessingFailed"
    return {"records": answers}


def answer_of(record):
    record_id = record["recordId"]
    try:
        document = gzip.decompress(base64.b64decode(record["data"]))
        fields = json.loads(document)
        keys = {"database": str(fields["database"]), "table": str(fields["table"])}
        data = base64.b64encode(document + b"\n").decode()
        return {"recordId": record_id, "result": "Ok", "data": data, "metadata": {"partitionKeys": keys}}
    except Exception as error:  # one bad record fails alone
        print(record_id, repr(error))
        return {"recordId": record_id, "result": "ProcessingFailed"}


def put_back(stream, records):
    """The ids of records that the stream did not accept."""
    refused = set()
    for start in range(0, len(records), 4):  # 4 records of 1,000 KiB are under 4 MiB
        some = records[start : start + 4]
        data = [{"Data": base64.b64decode(record["data"])} for record in some]
        try:
            answer = firehose.put_record_batch(DeliveryStreamName=stream, Records=data)
            entries = answer["RequestResponses"]
        except Exception as error:
            print(repr(error))
            entries = [{}] * len(some)
        refused |= {r["recordId"] for r, e in zip(some, entries) if not e.get("RecordId")}
    return refused
