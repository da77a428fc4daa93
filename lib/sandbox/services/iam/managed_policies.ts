/**
 * The policies that AWS itself manages, as far as the course and a Firehose pipeline need them.
 * @module
 */

const allow = (actions: readonly string[], resource: readonly string[] = ["*"]) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: actions, Resource: resource }],
  });

/** Documents by ARN. */
export const AWS_MANAGED_POLICIES: ReadonlyMap<string, string> = new Map([
  ["arn:aws:iam::aws:policy/AdministratorAccess", allow(["*"])],
  ["arn:aws:iam::aws:policy/AmazonS3FullAccess", allow(["s3:*", "s3-object-lambda:*"])],
  [
    "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess",
    allow([
      "s3:Get*",
      "s3:List*",
      "s3:Describe*",
      "s3-object-lambda:Get*",
      "s3-object-lambda:List*",
    ]),
  ],
  ["arn:aws:iam::aws:policy/AmazonKinesisFirehoseFullAccess", allow(["firehose:*"])],
  [
    "arn:aws:iam::aws:policy/AmazonKinesisFirehoseReadOnlyAccess",
    allow(["firehose:Describe*", "firehose:List*"]),
  ],
  ["arn:aws:iam::aws:policy/AWSLambda_FullAccess", allow(["lambda:*", "logs:*", "iam:PassRole"])],
  ["arn:aws:iam::aws:policy/CloudWatchLogsFullAccess", allow(["logs:*"])],
  [
    "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
    allow(["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]),
  ],
]);
