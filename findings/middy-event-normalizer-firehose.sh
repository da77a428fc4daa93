#!/usr/bin/env bash
# middy's event-normalizer leaves the data of a Firehose event as base64; it decodes only a made-up event.
#
# It is made to decode and parse the data of each event source, Firehose's among them, and chooses by
# the event's deliveryStreamArn. The value that it knows is "aws:lambda:events". A real event
# has the ARN of its delivery stream there. So the handler gets parsed JSON with such a test event, and
# base64 in production, without an error.
#
# Seen on 2026-11-30 with @middy/event-normalizer 6.4.5, @middy/core 6.4.5 and Node 20.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y > /dev/null
npm install --silent --no-audit --no-fund @middy/core@6.4.5 @middy/event-normalizer@6.4.5 > /dev/null

cat > normalize.mjs <<'JS'
import middy from "@middy/core";
import eventNormalizer from "@middy/event-normalizer";

const handler = middy().use(eventNormalizer()).handler((event) => event.records[0].data);
for (const arn of ["aws:lambda:events", "arn:aws:firehose:us-east-1:123456789012:deliverystream/orders"]) {
  const data = Buffer.from('{"id":1}').toString("base64");
  const records = [{ recordId: "1", approximateArrivalTimestamp: 1795512600000, data }];
  const event = { invocationId: "1", deliveryStreamArn: arn, region: "us-east-1", records };
  console.log(arn, JSON.stringify(await handler(event, {})));
}
JS
output=$(node normalize.mjs)
echo "$output"
[ "$output" = 'aws:lambda:events {"id":1}
arn:aws:firehose:us-east-1:123456789012:deliverystream/orders "eyJpZCI6MX0="' ]
