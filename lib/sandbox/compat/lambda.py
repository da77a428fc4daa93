"""Every operation of Lambda through boto3, against the endpoint in AWS_ENDPOINT_URL.

Run by lambda_test.ts, which starts the sandbox and sets the root key in the environment.
Prints one line of JSON: what it saw, and which operations it called.
"""

import base64
import io
import json
import zipfile

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

REGION = "us-east-1"
CONFIG = Config(retries={"total_max_attempts": 1})
session = boto3.Session(region_name=REGION)
called = set()
session.events.register("before-call.lambda", lambda model, **_: called.add(model.name))
lam = session.client("lambda", config=CONFIG)
iam = session.client("iam", config=CONFIG)


def zip_of(handler):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("index.mjs", f"export const handler = {handler};")
    return data.getvalue()


def refusal(call, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        return error.response["Error"]["Code"]
    return "accepted"


def wait(name):
    lam.get_waiter("function_updated_v2").wait(
        FunctionName=name, WaiterConfig={"Delay": 0.05, "MaxAttempts": 200}
    )


trust = {
    "Version": "2012-10-17",
    "Statement": {
        "Effect": "Allow",
        "Principal": {"Service": "lambda.amazonaws.com"},
        "Action": "sts:AssumeRole",
    },
}
role = iam.create_role(RoleName="boto3-execution", AssumeRolePolicyDocument=json.dumps(trust))
settings = {
    "FunctionName": "f",
    "Role": role["Role"]["Arn"],
    "Runtime": "nodejs24.x",
    "Handler": "index.handler",
    "Environment": {"Variables": {"COLOUR": "blue"}},
    "Tags": {"made-by": "boto3"},
}
created = lam.create_function(
    Code={"ZipFile": zip_of("async (event) => ({ ...event, colour: process.env.COLOUR })")},
    **settings,
)
lam.get_waiter("function_active_v2").wait(
    FunctionName="f", WaiterConfig={"Delay": 0.05, "MaxAttempts": 200}
)
seen = {"created": [created["State"], created["FunctionArn"]]}

answer = lam.invoke(FunctionName="f", Payload=json.dumps({"a": "é"}), LogType="Tail")
log = base64.b64decode(answer["LogResult"]).decode()
seen["invoked"] = [
    answer["StatusCode"],
    answer["ExecutedVersion"],
    json.loads(answer["Payload"].read()),
    log.startswith("START RequestId: " + answer["ResponseMetadata"]["RequestId"]),
]
seen["otherTypes"] = [
    lam.invoke(FunctionName="f", InvocationType=kind)["StatusCode"] for kind in ("Event", "DryRun")
]

version = lam.publish_version(FunctionName="f", Description="first")
alias = lam.create_alias(FunctionName="f", Name="prod", FunctionVersion=version["Version"])
lam.update_function_code(FunctionName="f", ZipFile=zip_of("async () => { throw new Error('no') }"))
wait("f")
failed = lam.invoke(FunctionName="f")
by_alias = lam.invoke(FunctionName=alias["AliasArn"], Payload="{}")
seen["versions"] = [
    failed["FunctionError"],
    json.loads(failed["Payload"].read())["errorMessage"],
    by_alias["ExecutedVersion"],
    json.loads(by_alias["Payload"].read()),
    [v["Version"] for v in lam.list_versions_by_function(FunctionName="f")["Versions"]],
    [a["Name"] for a in lam.list_aliases(FunctionName="f")["Aliases"]],
]
lam.update_alias(FunctionName="f", Name="prod", FunctionVersion="$LATEST")
seen["alias"] = lam.get_alias(FunctionName="f", Name="prod")["FunctionVersion"]
lam.delete_alias(FunctionName="f", Name="prod")

lam.update_function_configuration(FunctionName="f", Timeout=9)
wait("f")
configuration = lam.get_function_configuration(FunctionName="f")
seen["configuration"] = [configuration["Timeout"], configuration["Environment"]["Variables"]]
signing = lam.get_function_code_signing_config(FunctionName="f")
seen["codeSigning"] = [name for name in signing if name != "ResponseMetadata"]

lam.add_permission(
    FunctionName="f",
    StatementId="s3",
    Action="lambda:InvokeFunction",
    Principal="s3.amazonaws.com",
    SourceAccount="123456789012",
)
policy = json.loads(lam.get_policy(FunctionName="f")["Policy"])
lam.remove_permission(FunctionName="f", StatementId="s3")
seen["policy"] = [
    policy["Statement"][0]["Condition"],
    refusal(lam.get_policy, FunctionName="f"),
]

lam.put_function_concurrency(FunctionName="f", ReservedConcurrentExecutions=0)
seen["concurrency"] = [
    lam.get_function_concurrency(FunctionName="f")["ReservedConcurrentExecutions"],
    refusal(lam.invoke, FunctionName="f"),
]
lam.delete_function_concurrency(FunctionName="f")

lam.tag_resource(Resource=created["FunctionArn"], Tags={"b": "B"})
lam.untag_resource(Resource=created["FunctionArn"], TagKeys=["made-by"])
seen["tags"] = [
    lam.list_tags(Resource=created["FunctionArn"])["Tags"],
    lam.get_function(FunctionName="f")["Tags"],
]

seen["refusals"] = [
    refusal(lam.create_function, Code={"ZipFile": zip_of("1")}, **settings),
    refusal(lam.create_function, Code={"ZipFile": b"no zip"}, **{**settings, "FunctionName": "g"}),
    refusal(lam.invoke, FunctionName="f", Payload="not JSON"),
    refusal(lam.invoke, FunctionName="f", Payload=json.dumps("x" * 6_291_455)),
    refusal(lam.get_function, FunctionName="nope"),
]
seen["listed"] = [f["FunctionName"] for f in lam.list_functions()["Functions"]]
lam.delete_function(FunctionName="f")
seen["gone"] = refusal(lam.get_function, FunctionName="f")

print(json.dumps({**seen, "called": sorted(called)}))
