#!/usr/bin/env bash
# CDK's DeliveryStream takes one of the two buffering hints of a Lambda processor; Firehose takes both or
# none.
#
# LambdaFunctionProcessor has the optional properties bufferSize and bufferInterval. With one of them,
# synth succeeds, and the template has that parameter alone. CreateDeliveryStream answers such a processor
# with InvalidArgumentException, "Both BufferSizeInMBs and BufferIntervalInSeconds are required to
# configure buffering for lambda processor.", so the mistake shows when the stack is deployed.
#
# Seen on 2026-11-30 with aws-cdk-lib 2.276.0, constructs 10.8.1; Node 20.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund aws-cdk-lib@2.276.0 constructs@10.8.1 > /dev/null

cat > app.cjs <<'JS'
const { App, Stack, Size } = require("aws-cdk-lib");
const firehose = require("aws-cdk-lib/aws-kinesisfirehose");
const lambda = require("aws-cdk-lib/aws-lambda");
const s3 = require("aws-cdk-lib/aws-s3");

const app = new App();
const stack = new Stack(app, "S");
const transform = new lambda.Function(stack, "F", {
  runtime: lambda.Runtime.NODEJS_22_X,
  handler: "index.handler",
  code: lambda.Code.fromInline("exports.handler = async () => {};"),
});
const processor = new firehose.LambdaFunctionProcessor(transform, { bufferSize: Size.mebibytes(1) });
const destination = new firehose.S3Bucket(new s3.Bucket(stack, "B"), { processors: [processor] });
new firehose.DeliveryStream(stack, "D", { destination });
const { Resources } = app.synth().getStackByName("S").template;
const { Properties } = Object.values(Resources).find(({ Type }) => Type.endsWith("::DeliveryStream"));
const [{ Parameters }] =
  Properties.ExtendedS3DestinationConfiguration.ProcessingConfiguration.Processors;
console.log(Parameters.map(({ ParameterName }) => ParameterName).join(" "));
JS
output=$(node app.cjs 2> /dev/null)
echo "$output"
[ "$output" = "RoleArn LambdaArn BufferSizeInMBs" ]
