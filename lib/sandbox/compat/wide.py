"""Every operation of S3, IAM and STS through boto3, against the endpoint in AWS_ENDPOINT_URL.

Run by wide_test.ts. Asserts what comes back, and prints one line of JSON: the operations it called
by service, so that none can be forgotten.
"""

import io
import json
import os
import urllib.request

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.exceptions import ClientError

REGION = "eu-central-1"
MIB = 1024 * 1024

called = {}


def client(name, **credentials):
    made = boto3.Session(region_name=REGION, **credentials).client(name)
    names = called.setdefault(name, set())
    made.meta.events.register(
        "before-call.*.*", lambda model, **_: names.add(model.name)
    )
    return made


def error_code(call, *args, **kwargs):
    try:
        call(*args, **kwargs)
    except ClientError as error:
        return error.response["Error"]["Code"]
    return None


def buckets(s3):
    constraint = {"LocationConstraint": REGION}
    s3.create_bucket(Bucket="wide", CreateBucketConfiguration=constraint)
    assert error_code(s3.create_bucket, Bucket="wide2") == "IllegalLocationConstraintException"
    again = error_code(s3.create_bucket, Bucket="wide", CreateBucketConfiguration=constraint)
    assert again == "BucketAlreadyOwnedByYou"
    assert s3.get_bucket_location(Bucket="wide")["LocationConstraint"] == REGION
    assert s3.head_bucket(Bucket="wide")["BucketRegion"] == REGION
    assert [b["Name"] for b in s3.list_buckets()["Buckets"]] == ["wide"]
    assert error_code(s3.get_bucket_tagging, Bucket="wide") == "NoSuchTagSet"
    tags = [{"Key": "team", "Value": "Zoë"}]
    s3.put_bucket_tagging(Bucket="wide", Tagging={"TagSet": tags})
    assert s3.get_bucket_tagging(Bucket="wide")["TagSet"] == tags
    s3.delete_bucket_tagging(Bucket="wide")
    assert error_code(s3.get_bucket_tagging, Bucket="wide") == "NoSuchTagSet"
    assert error_code(s3.head_bucket, Bucket="never-made") == "404"
    assert error_code(s3.get_bucket_policy, Bucket="wide") == "NoSuchBucketPolicy"
    settings(s3)


def settings(s3):
    """What a bucket answers whose settings nobody configured."""
    for call, code in [
        (s3.get_bucket_policy_status, "NoSuchBucketPolicy"),
        (s3.get_bucket_cors, "NoSuchCORSConfiguration"),
        (s3.get_bucket_lifecycle_configuration, "NoSuchLifecycleConfiguration"),
        (s3.get_bucket_replication, "ReplicationConfigurationNotFoundError"),
        (s3.get_bucket_website, "NoSuchWebsiteConfiguration"),
        (s3.get_object_lock_configuration, "ObjectLockConfigurationNotFoundError"),
    ]:
        assert error_code(call, Bucket="wide") == code, code
    assert "Status" not in s3.get_bucket_versioning(Bucket="wide")
    assert "LoggingEnabled" not in s3.get_bucket_logging(Bucket="wide")
    assert "TopicConfigurations" not in s3.get_bucket_notification_configuration(Bucket="wide")
    assert "Status" not in s3.get_bucket_accelerate_configuration(Bucket="wide")
    assert s3.get_bucket_request_payment(Bucket="wide")["Payer"] == "BucketOwner"
    assert s3.get_bucket_acl(Bucket="wide")["Grants"][0]["Permission"] == "FULL_CONTROL"
    assert s3.get_bucket_encryption(Bucket="wide")["ServerSideEncryptionConfiguration"]["Rules"]
    assert s3.get_bucket_ownership_controls(Bucket="wide")["OwnershipControls"]["Rules"]
    assert s3.get_public_access_block(Bucket="wide")["PublicAccessBlockConfiguration"]
    s3.put_bucket_encryption(
        Bucket="wide",
        ServerSideEncryptionConfiguration={
            "Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
        },
    )
    s3.delete_bucket_encryption(Bucket="wide")
    block = dict.fromkeys(
        ["BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"], True
    )
    s3.delete_public_access_block(Bucket="wide")
    absent = error_code(s3.get_public_access_block, Bucket="wide")
    assert absent == "NoSuchPublicAccessBlockConfiguration", absent
    s3.put_public_access_block(Bucket="wide", PublicAccessBlockConfiguration=block)
    got = s3.get_public_access_block(Bucket="wide")
    assert got["PublicAccessBlockConfiguration"] == block, got
    s3.delete_bucket_ownership_controls(Bucket="wide")
    absent = error_code(s3.get_bucket_ownership_controls, Bucket="wide")
    assert absent == "OwnershipControlsNotFoundError", absent
    rules = [{"ObjectOwnership": "BucketOwnerEnforced"}]
    s3.put_bucket_ownership_controls(Bucket="wide", OwnershipControls={"Rules": rules})
    got = s3.get_bucket_ownership_controls(Bucket="wide")
    assert got["OwnershipControls"]["Rules"] == rules, got


def objects(s3):
    key = "a folder/ü+%20 //..//\N{SNOWMAN}"
    put = s3.put_object(
        Bucket="wide",
        Key=key,
        Body=b"hello world",
        ContentType="text/plain",
        CacheControl="no-cache",
        Metadata={"who": "me"},
        Tagging="a=1",
    )
    got = s3.get_object(Bucket="wide", Key=key)
    assert got["Body"].read() == b"hello world"
    assert (got["ETag"], got["ContentType"], got["Metadata"]) == (
        put["ETag"],
        "text/plain",
        {"who": "me"},
    )
    head = s3.head_object(Bucket="wide", Key=key)
    assert (head["ContentLength"], head["CacheControl"]) == (11, "no-cache")
    part = s3.get_object(Bucket="wide", Key=key, Range="bytes=6-")
    assert (part["Body"].read(), part["ContentRange"]) == (b"world", "bytes 6-10/11")
    assert error_code(s3.get_object, Bucket="wide", Key=key, IfMatch='"0"') == "PreconditionFailed"
    assert error_code(s3.get_object, Bucket="wide", Key=key, IfNoneMatch=put["ETag"]) == "304"
    assert error_code(s3.get_object, Bucket="wide", Key="nope") == "NoSuchKey"
    assert error_code(s3.put_object, Bucket="wide", Key=key, IfNoneMatch="*") == "PreconditionFailed"
    tags = [{"Key": "b", "Value": "2"}]
    assert s3.get_object_tagging(Bucket="wide", Key=key)["TagSet"] == [{"Key": "a", "Value": "1"}]
    s3.put_object_tagging(Bucket="wide", Key=key, Tagging={"TagSet": tags})
    assert s3.get_object_tagging(Bucket="wide", Key=key)["TagSet"] == tags
    s3.delete_object_tagging(Bucket="wide", Key=key)
    copied = s3.copy_object(Bucket="wide", Key="copy", CopySource={"Bucket": "wide", "Key": key})
    assert copied["CopyObjectResult"]["ETag"] == put["ETag"]
    for algorithm in ["CRC32", "SHA1", "SHA256"]:
        s3.put_object(Bucket="wide", Key="sum", Body=io.BytesIO(b"x"), ChecksumAlgorithm=algorithm)
        head = s3.head_object(Bucket="wide", Key="sum", ChecksumMode="ENABLED")
        assert head[f"Checksum{algorithm}"], head
    presigned(s3, key)
    s3.delete_object(Bucket="wide", Key="sum")
    objects = [{"Key": key}, {"Key": "copy"}, {"Key": "uploaded"}]
    assert len(s3.delete_objects(Bucket="wide", Delete={"Objects": objects})["Deleted"]) == 3


def presigned(s3, key):
    url = s3.generate_presigned_url("get_object", Params={"Bucket": "wide", "Key": key})
    assert urllib.request.urlopen(url).read() == b"hello world"
    url = s3.generate_presigned_url("put_object", Params={"Bucket": "wide", "Key": "uploaded"})
    assert "X-Amz-Signature" in url
    urllib.request.urlopen(urllib.request.Request(url, data=b"by link", method="PUT"))
    assert s3.get_object(Bucket="wide", Key="uploaded")["Body"].read() == b"by link"


def listings(s3):
    keys = [f"list/{n:02}" for n in range(7)] + ["list/\x01odd", "list/sub/1", "list/sub/2"]
    for key in keys:
        s3.put_object(Bucket="wide", Key=key, Body=b"")
    for operation in ["list_objects", "list_objects_v2"]:
        pages = s3.get_paginator(operation).paginate(
            Bucket="wide", Prefix="list/", Delimiter="/", PaginationConfig={"PageSize": 3}
        )
        found = [entry["Key"] for page in pages for entry in page.get("Contents", [])]
        assert sorted(found) == sorted(keys[:8]), found
        prefixes = pages.search("CommonPrefixes[].Prefix")
        assert [prefix for prefix in prefixes if prefix] == ["list/sub/"]
    pages = s3.get_paginator("list_object_versions").paginate(
        Bucket="wide", Prefix="list/", PaginationConfig={"PageSize": 3}
    )
    versions = [(v["Key"], v["VersionId"]) for page in pages for v in page["Versions"]]
    assert sorted(versions) == sorted((key, "null") for key in keys), versions
    # No XML document can carry that one, so that DeleteObjects could not name it.
    s3.delete_object(Bucket="wide", Key="list/\x01odd")
    s3.delete_objects(Bucket="wide", Delete={"Objects": [{"Key": key} for key in keys if "\x01" not in key]})


def multipart(s3):
    body = os.urandom(MIB) * 11
    config = TransferConfig(multipart_threshold=5 * MIB, multipart_chunksize=5 * MIB)
    s3.upload_fileobj(io.BytesIO(body), "wide", "big", Config=config)
    got = io.BytesIO()
    s3.download_fileobj("wide", "big", got, Config=config)
    assert got.getvalue() == body
    assert s3.head_object(Bucket="wide", Key="big")["ETag"].endswith('-3"')
    s3.copy({"Bucket": "wide", "Key": "big"}, "wide", "big2", Config=config)
    assert s3.head_object(Bucket="wide", Key="big2")["ContentLength"] == len(body)
    upload = s3.create_multipart_upload(Bucket="wide", Key="left")
    at = {"Bucket": "wide", "Key": "left", "UploadId": upload["UploadId"]}
    s3.upload_part(**at, PartNumber=1, Body=b"x")
    assert [part["Size"] for part in s3.list_parts(**at)["Parts"]] == [1]
    assert [u["Key"] for u in s3.list_multipart_uploads(Bucket="wide")["Uploads"]] == ["left"]
    s3.abort_multipart_upload(**at)
    assert error_code(s3.list_parts, **at) == "NoSuchUpload"
    s3.delete_objects(Bucket="wide", Delete={"Objects": [{"Key": "big"}, {"Key": "big2"}]})


def document(action, **more):
    statement = {"Effect": "Allow", "Action": action, **more}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def users(iam, sts, account):
    assert iam.create_user(UserName="ada", Path="/team/")["User"]["Path"] == "/team/"
    assert iam.get_user(UserName="ada")["User"]["Arn"].endswith(":user/team/ada")
    assert [user["UserName"] for user in iam.list_users()["Users"]] == ["ada"]
    key = iam.create_access_key(UserName="ada")["AccessKey"]
    mine = {"aws_access_key_id": key["AccessKeyId"], "aws_secret_access_key": key["SecretAccessKey"]}
    unused = iam.get_access_key_last_used(AccessKeyId=key["AccessKeyId"])
    assert unused["AccessKeyLastUsed"] == {"ServiceName": "N/A", "Region": "N/A"}, unused
    assert client("sts", **mine).get_caller_identity()["Arn"].endswith("/ada")
    assert error_code(client("s3", **mine).list_buckets) == "AccessDenied"
    used = iam.get_access_key_last_used(AccessKeyId=key["AccessKeyId"])
    assert used["UserName"] == "ada" and used["AccessKeyLastUsed"]["ServiceName"] == "s3"
    allow = document("s3:ListAllMyBuckets", Resource="*")
    iam.put_user_policy(UserName="ada", PolicyName="list", PolicyDocument=allow)
    client("s3", **mine).list_buckets()
    assert iam.list_user_policies(UserName="ada")["PolicyNames"] == ["list"]
    got = iam.get_user_policy(UserName="ada", PolicyName="list")["PolicyDocument"]
    assert got == json.loads(allow)
    iam.delete_user_policy(UserName="ada", PolicyName="list")
    iam.tag_user(UserName="ada", Tags=[{"Key": "team", "Value": "a"}])
    assert iam.list_user_tags(UserName="ada")["Tags"] == [{"Key": "team", "Value": "a"}]
    iam.untag_user(UserName="ada", TagKeys=["team"])
    assert iam.list_user_tags(UserName="ada")["Tags"] == []
    named = {"UserName": "ada", "AccessKeyId": key["AccessKeyId"]}
    iam.update_access_key(**named, Status="Inactive")
    assert [k["Status"] for k in iam.list_access_keys(UserName="ada")["AccessKeyMetadata"]] == ["Inactive"]
    assert error_code(client("sts", **mine).get_caller_identity) == "InvalidClientTokenId"
    iam.delete_access_key(**named)
    assert error_code(iam.create_user, UserName="ADA") == "EntityAlreadyExists"


def policies(iam, account):
    arn = iam.create_policy(
        PolicyName="reader", PolicyDocument=document("s3:GetObject", Resource="*")
    )["Policy"]["Arn"]
    assert iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"] == "v1"
    version = iam.get_policy_version(PolicyArn=arn, VersionId="v1")["PolicyVersion"]
    assert version["Document"]["Statement"][0]["Action"] == "s3:GetObject"
    assert arn in [p["Arn"] for p in iam.list_policies(Scope="Local")["Policies"]]
    versions(iam, arn)
    iam.attach_user_policy(UserName="ada", PolicyArn=arn)
    simulations(iam, account)
    attached = iam.list_attached_user_policies(UserName="ada")["AttachedPolicies"]
    assert [p["PolicyName"] for p in attached] == ["reader"]
    assert error_code(iam.delete_user, UserName="ada") == "DeleteConflict"
    iam.detach_user_policy(UserName="ada", PolicyArn=arn)
    iam.attach_role_policy(RoleName="worker", PolicyArn=arn)
    assert len(iam.list_attached_role_policies(RoleName="worker")["AttachedPolicies"]) == 1
    users = iam.list_entities_for_policy(PolicyArn=arn)
    assert [role["RoleName"] for role in users["PolicyRoles"]] == ["worker"]
    iam.detach_role_policy(RoleName="worker", PolicyArn=arn)
    iam.delete_policy(PolicyArn=arn)
    assert error_code(iam.get_policy, PolicyArn=arn) == "NoSuchEntity"


def versions(iam, arn):
    both = document(["s3:GetObject", "s3:PutObject"], Resource="*")
    made = iam.create_policy_version(PolicyArn=arn, PolicyDocument=both, SetAsDefault=True)
    assert made["PolicyVersion"]["VersionId"] == "v2"
    listed = iam.list_policy_versions(PolicyArn=arn)["Versions"]
    assert [(v["VersionId"], v["IsDefaultVersion"]) for v in listed] == [("v2", True), ("v1", False)]
    refused = error_code(iam.delete_policy_version, PolicyArn=arn, VersionId="v2")
    assert refused == "DeleteConflict"
    iam.set_default_policy_version(PolicyArn=arn, VersionId="v1")
    iam.delete_policy_version(PolicyArn=arn, VersionId="v2")
    iam.tag_policy(PolicyArn=arn, Tags=[{"Key": "team", "Value": "a"}])
    assert iam.list_policy_tags(PolicyArn=arn)["Tags"] == [{"Key": "team", "Value": "a"}]
    iam.untag_policy(PolicyArn=arn, TagKeys=["team"])


def simulations(iam, account):
    actions = ["s3:GetObject", "s3:PutObject"]
    simulated = iam.simulate_principal_policy(
        PolicySourceArn=f"arn:aws:iam::{account}:user/team/ada", ActionNames=actions
    )["EvaluationResults"]
    assert [r["EvalDecision"] for r in simulated] == ["allowed", "implicitDeny"]
    assert simulated[0]["MatchedStatements"][0]["SourcePolicyId"] == "reader"
    custom = iam.simulate_custom_policy(
        PolicyInputList=[document("s3:Put*", Resource="*")], ActionNames=actions
    )["EvaluationResults"]
    assert [r["EvalDecision"] for r in custom] == ["implicitDeny", "allowed"]


def roles(iam, account):
    trust = document("sts:AssumeRole", Principal={"AWS": f"arn:aws:iam::{account}:user/team/ada"})
    iam.create_role(RoleName="worker", AssumeRolePolicyDocument=trust)
    got = iam.get_role(RoleName="worker")["Role"]
    assert got["AssumeRolePolicyDocument"] == json.loads(trust)
    assert "worker" in [role["RoleName"] for role in iam.list_roles()["Roles"]]
    assert iam.list_instance_profiles_for_role(RoleName="worker")["InstanceProfiles"] == []
    iam.update_assume_role_policy(RoleName="worker", PolicyDocument=trust)
    allow = document("s3:ListAllMyBuckets", Resource="*")
    iam.put_role_policy(RoleName="worker", PolicyName="list", PolicyDocument=allow)
    assert iam.list_role_policies(RoleName="worker")["PolicyNames"] == ["list"]
    got = iam.get_role_policy(RoleName="worker", PolicyName="list")
    assert got["PolicyDocument"] == json.loads(allow)
    iam.tag_role(RoleName="worker", Tags=[{"Key": "team", "Value": "a"}])
    assert iam.list_role_tags(RoleName="worker")["Tags"] == [{"Key": "team", "Value": "a"}]
    iam.untag_role(RoleName="worker", TagKeys=["team"])
    return f"arn:aws:iam::{account}:role/worker"


def sessions(iam, role_arn):
    key = iam.create_access_key(UserName="ada")["AccessKey"]
    ada = {"aws_access_key_id": key["AccessKeyId"], "aws_secret_access_key": key["SecretAccessKey"]}
    session = client("sts", **ada).assume_role(RoleArn=role_arn, RoleSessionName="shift")
    given = session["Credentials"]
    worker = {
        "aws_access_key_id": given["AccessKeyId"],
        "aws_secret_access_key": given["SecretAccessKey"],
        "aws_session_token": given["SessionToken"],
    }
    assert client("sts", **worker).get_caller_identity()["Arn"].endswith("assumed-role/worker/shift")
    client("s3", **worker).list_buckets()
    assert error_code(client("s3", **worker).list_objects_v2, Bucket="wide") == "AccessDenied"
    iam.delete_access_key(UserName="ada", AccessKeyId=key["AccessKeyId"])


def main():
    s3, iam, sts = client("s3"), client("iam"), client("sts")
    account = sts.get_caller_identity()["Account"]
    assert sts.get_session_token(DurationSeconds=900)["Credentials"]["SessionToken"]
    buckets(s3)
    objects(s3)
    listings(s3)
    multipart(s3)
    users(iam, sts, account)
    role_arn = roles(iam, account)
    sessions(iam, role_arn)
    policies(iam, account)
    iam.delete_role_policy(RoleName="worker", PolicyName="list")
    iam.delete_role(RoleName="worker")
    assert iam.list_groups_for_user(UserName="ada")["Groups"] == []
    iam.delete_user(UserName="ada")
    s3.delete_bucket(Bucket="wide")
    print(json.dumps({name: sorted(names) for name, names in called.items()}))


if __name__ == "__main__":
    main()
