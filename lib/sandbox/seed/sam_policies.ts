/**
 * SAM's policy templates for the services that are here. The documents are those of
 * aws-sam-translator 1.115.0, which have no `Version`.
 * https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-policy-templates.html
 * @module
 */

import { type Path, SeedMistake, type Value, type ValueMap } from "./value.ts";

interface PolicyTemplate {
  /** The one parameter; undefined for a template without. */
  readonly parameter: string | undefined;
  readonly actions: readonly string[];
  /** Resources, in which the parameter is `${bucketName}`, with a small first letter. */
  readonly resources: readonly string[];
}

const BUCKET = {
  parameter: "BucketName",
  resources: [
    "arn:${AWS::Partition}:s3:::${bucketName}",
    "arn:${AWS::Partition}:s3:::${bucketName}/*",
  ],
};
const STREAM = {
  parameter: "DeliveryStreamName",
  resources: [
    "arn:${AWS::Partition}:firehose:${AWS::Region}:${AWS::AccountId}:deliverystream/${deliveryStreamName}",
  ],
};

const READ = [
  "s3:GetObject",
  "s3:ListBucket",
  "s3:GetBucketLocation",
  "s3:GetObjectVersion",
];

const TEMPLATES: Readonly<Record<string, PolicyTemplate>> = {
  CloudWatchPutMetricPolicy: {
    parameter: undefined,
    actions: ["cloudwatch:PutMetricData"],
    resources: ["*"],
  },
  FirehoseCrudPolicy: {
    ...STREAM,
    actions: [
      "firehose:CreateDeliveryStream",
      "firehose:DeleteDeliveryStream",
      "firehose:DescribeDeliveryStream",
      "firehose:PutRecord",
      "firehose:PutRecordBatch",
      "firehose:UpdateDestination",
    ],
  },
  FirehoseWritePolicy: { ...STREAM, actions: ["firehose:PutRecord", "firehose:PutRecordBatch"] },
  LambdaInvokePolicy: {
    parameter: "FunctionName",
    actions: ["lambda:InvokeFunction"],
    resources: [
      "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:${functionName}*",
    ],
  },
  S3CrudPolicy: {
    ...BUCKET,
    actions: [
      ...READ,
      "s3:PutObject",
      "s3:PutObjectAcl",
      "s3:GetLifecycleConfiguration",
      "s3:PutLifecycleConfiguration",
      "s3:DeleteObject",
    ],
  },
  S3ReadPolicy: { ...BUCKET, actions: [...READ, "s3:GetLifecycleConfiguration"] },
  S3WritePolicy: {
    ...BUCKET,
    actions: ["s3:PutObject", "s3:PutObjectAcl", "s3:PutLifecycleConfiguration"],
  },
};

/** The document of a policy template. Throws a {@linkcode SeedMistake} for one that is not here. */
export function samPolicy(name: string, parameters: ValueMap, path: Path): ValueMap {
  const template = TEMPLATES[name];
  if (!template) {
    const known = Object.keys(TEMPLATES).join(", ");
    throw new SeedMistake(
      `the sandbox does not support SAM's policy template ${name}; it has ${known}`,
      path,
    );
  }
  const { parameter, actions, resources } = template;
  const value = parameter === undefined ? undefined : parameters[parameter];
  if (parameter !== undefined && value === undefined) {
    throw new SeedMistake(`${name} takes the parameter ${parameter}`, path);
  }
  const names = parameter === undefined ? {} : { [lowered(parameter)]: value };
  const substituted = resources.map((text): Value =>
    value === undefined ? text : { "Fn::Sub": [text, names] }
  );
  const Resource = substituted.length === 1 ? substituted[0] : substituted;
  return { Statement: [{ Action: actions, Effect: "Allow", Resource }] };
}

const lowered = (name: string) => name[0].toLowerCase() + name.slice(1);
