/**
 * The app whose synthesized template is in `cdk.out/`, made on 2026-11-30 by aws-cdk-lib 2.276.0 and
 * aws-cdk 2.1148.1, with the folder `fn` beside it: `npx cdk synth -q --app "node cdk_app.cjs"`.
 */
const { App, Stack, RemovalPolicy, Duration, Size, CfnOutput, Tags } = require("aws-cdk-lib");
const s3 = require("aws-cdk-lib/aws-s3");
const lambda = require("aws-cdk-lib/aws-lambda");
const iam = require("aws-cdk-lib/aws-iam");
const firehose = require("aws-cdk-lib/aws-kinesisfirehose");
const app = new App();
const stack = new Stack(app, "Pipeline");
Tags.of(stack).add("project", "seeded");
const bucket = new s3.Bucket(stack, "Records", { removalPolicy: RemovalPolicy.DESTROY });
const transform = new lambda.Function(stack, "Transform", {
  runtime: lambda.Runtime.NODEJS_22_X,
  handler: "index.handler",
  code: lambda.Code.fromAsset("fn"),
  timeout: Duration.seconds(60),
  memorySize: 256,
});
const stream = new firehose.DeliveryStream(stack, "Orders", {
  destination: new firehose.S3Bucket(bucket, {
    dataOutputPrefix: "orders/",
    errorOutputPrefix: "errors/",
    bufferingInterval: Duration.seconds(60),
    bufferingSize: Size.mebibytes(1),
    compression: firehose.Compression.GZIP,
    processors: [new firehose.LambdaFunctionProcessor(transform)],
  }),
});
const archive = new s3.Bucket(stack, "Archive", {
  encryption: s3.BucketEncryption.S3_MANAGED,
  blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
  objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
});
const role = new iam.Role(stack, "ArchiveRole", {
  assumedBy: new iam.ServicePrincipal("firehose.amazonaws.com"),
});
archive.grantWrite(role);
new firehose.CfnDeliveryStream(stack, "Plain", {
  deliveryStreamName: "plain",
  deliveryStreamType: "DirectPut",
  extendedS3DestinationConfiguration: {
    bucketArn: archive.bucketArn,
    roleArn: role.roleArn,
    bufferingHints: { intervalInSeconds: 60, sizeInMBs: 1 },
  },
}).node.addDependency(role);
new CfnOutput(stack, "StreamName", { value: stream.deliveryStreamName });
