#!/usr/bin/env bash
# The TypeScript Powertools' parser gives a Firehose record's data as text, so bytes that are not UTF-8 are lost.
#
# KinesisFirehoseSchema decodes base64 and then UTF-8. A record that CloudWatch Logs or a producer compressed
# with gzip parses without an error, each invalid byte is U+FFFD, and no gunzip reads what is left. The event's
# own base64 is not in the result. The same package's schema for Kinesis data streams gunzips such a record.
#
# Seen on 2026-11-30 with @aws-lambda-powertools/parser 2.35.0, zod 4.6.7 and Node 20.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @aws-lambda-powertools/parser@2.35.0 zod@4.6.7 >/dev/null

cat > parse.mjs <<'EOF'
import { KinesisFirehoseSchema } from "@aws-lambda-powertools/parser/schemas/kinesis-firehose";
import { KinesisDataStreamSchema } from "@aws-lambda-powertools/parser/schemas/kinesis";
import { gunzipSync, gzipSync } from "node:zlib";

const sent = gzipSync('{"id":1}');
const data = sent.toString("base64");
const arn = "arn:aws:firehose:us-east-1:123456789012:deliverystream/orders";
const firehose = KinesisFirehoseSchema.parse({
  invocationId: "1",
  deliveryStreamArn: arn,
  region: "us-east-1",
  records: [{ recordId: "1", approximateArrivalTimestamp: 1795512600000, data }],
});
const text = firehose.records[0].data;
console.log("Firehose:", typeof text, text.includes("\ufffd") ? "with U+FFFD" : "whole");
for (const encoding of ["utf8", "latin1"]) {
  try {
    console.log(encoding, gunzipSync(Buffer.from(text, encoding)).toString());
  } catch (error) {
    console.log(encoding, error.message);
  }
}

const kinesis = KinesisDataStreamSchema.parse({
  Records: [{
    eventSource: "aws:kinesis",
    eventVersion: "1.0",
    eventID: "shardId-000000000000:1",
    eventName: "aws:kinesis:record",
    awsRegion: "us-east-1",
    invokeIdentityArn: "arn:aws:iam::123456789012:role/reader",
    eventSourceARN: "arn:aws:kinesis:us-east-1:123456789012:stream/orders",
    kinesis: {
      kinesisSchemaVersion: "1.0",
      partitionKey: "1",
      sequenceNumber: "1",
      data,
      approximateArrivalTimestamp: 1795512600,
    },
  }],
});
console.log("Kinesis:", JSON.stringify(kinesis.Records[0].kinesis.data));
EOF
node parse.mjs | tee seen.txt

cat > expected.txt <<'EOF'
Firehose: string with U+FFFD
utf8 incorrect header check
latin1 incorrect header check
Kinesis: {"id":1}
EOF
diff expected.txt seen.txt
