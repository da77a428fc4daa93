"""One function that fails in every way. The variable CASE chooses how; it is set for the whole process."""
import os
import sys

CASE = os.environ["CASE"]
if CASE == "importError":
    import absent_package
if CASE == "initError":
    raise RuntimeError("no such table")

RESPONSE = {
    "records": [
        {"recordId": "1", "result": "Ok", "data": "YQ==", "metadata": {"partitionKeys": {"city": "Zürich 🚆"}}},
        {"recordId": "2", "result": "Dropped"},
    ]
}


def handler(event, context):
    print("a line of the function")
    if CASE == "throw":
        return {"country": event["country"]}
    if CASE == "throwLines":
        raise ValueError("no country in the record\nrecord 7\nof 12")
    if CASE == "tooLarge":
        return {"records": "x" * 6_291_557}
    if CASE == "exit":
        os._exit(3)
    if CASE == "sysExit":
        sys.exit("no more work")
    if CASE == "memory":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (400_000_000, 400_000_000))
        return len(b"x" * 1_000_000_000)
    if CASE == "unserialisable":
        return {"records": {1, 2}}
    if CASE == "userText":
        print("the child said: signal: killed, and ResponseSizeTooLarge")
    if CASE in ("response", "userText"):
        return RESPONSE
    return event
