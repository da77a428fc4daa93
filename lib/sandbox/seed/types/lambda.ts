/**
 * `AWS::Lambda::Function` and `AWS::Lambda::Permission`.
 * @module
 */

import { strToU8 } from "fflate";
import {
  type Call,
  joinedName,
  refuse,
  type Resource,
  type ResourceType,
  tagMap,
} from "../resource.ts";
import { isMap, textAt, type Value, type ValueMap } from "../value.ts";
import { zipOf } from "../zip.ts";
import { createBucket } from "./s3.ts";

export const FUNCTION: ResourceType = {
  nameProperty: "FunctionName",
  newName: joinedName,
  reads: "all",
  attributes: {
    Arn: ({ name, stack: { region, accountId } }) =>
      `arn:aws:lambda:${region}:${accountId}:function:${name}`,
  },
  calls(lambda) {
    const {
      Code: _,
      Tags: __,
      ReservedConcurrentExecutions: reserved,
      KmsKeyArn,
      ...others
    } = lambda.properties();
    const FunctionName = lambda.name;
    const Code = codeOf(lambda);
    return [
      ...upload(lambda, Code),
      {
        operation: "CreateFunction",
        input: {
          ...others,
          KMSKeyArn: KmsKeyArn,
          Tags: tagMap(lambda),
          FunctionName,
          Code,
        },
      },
      ...(reserved === undefined ? [] : [{
        operation: "PutFunctionConcurrency",
        input: { FunctionName, ReservedConcurrentExecutions: reserved },
      }]),
    ];
  },
};

export const PERMISSION: ResourceType = {
  newName: (parts) => joinedName(parts, 100),
  reads: "all",
  calls: (permission) => [{
    operation: "AddPermission",
    input: { ...permission.properties(), StatementId: permission.name },
  }],
};

/** The calls that put a file of CDK's into its bucket, which `cdk bootstrap` makes on AWS. */
function upload({ assets, stack: { region } }: Resource, { S3Bucket, S3Key }: ValueMap): Call[] {
  const file = assets.get(`${S3Bucket}/${S3Key}`);
  if (file === undefined || typeof S3Bucket !== "string" || S3Key === undefined) return [];
  return [
    createBucket(S3Bucket, region),
    { operation: "PutObject", input: { Bucket: S3Bucket, Key: S3Key, Body: { File: file } } },
  ];
}

/** Code in the template, in S3, or in a folder or zip beside the template. */
function codeOf(lambda: Resource): ValueMap {
  const code = lambda.property("Code");
  if (typeof code === "string") return { ZipFile: { File: code } };
  if (!isMap(code)) return {};
  const { ZipFile, ...others } = code;
  return ZipFile === undefined ? code : { ...others, ZipFile: inlineZip(lambda, ZipFile) };
}

/**
 * Code in the template is the file `index`, for runtimes of Node.js and Python.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-lambda-function-code.html
 */
function inlineZip(lambda: Resource, code: Value): Uint8Array {
  const runtime = textAt(lambda.property("Runtime") ?? "", [...lambda.path, "Runtime"]);
  const text = textAt(code, [...lambda.path, "Code", "ZipFile"]);
  if (runtime.startsWith("nodejs")) return zipOf({ "index.js": strToU8(text) });
  if (runtime.startsWith("python")) return zipOf({ "index.py": strToU8(text) });
  refuse(lambda, ["Code", "ZipFile"], `: code in the template is for nodejs and python`);
}
