#!/usr/bin/env bash
# The AWS SDK for JavaScript reads a character reference above U+FFFF in an answer as another character.
#
# XML may write a character as it is or as a reference: U+1F600 is &#x1F600;. The SDK's reader keeps the
# last 16 bits of the number, so the key of such an object in a list is another key, and GetObject does not
# find it. S3 itself writes the character as it is; other servers' serialisers may write references. A
# server that reads requests with the same reader deletes another object.
#
# Seen on 2026-12-01 with @aws-sdk/client-s3 3.1175.0 (@aws-sdk/xml-builder 3.972.43) and Node 20:
#   as it is: 1f600
#   a reference: f600
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y > /dev/null
npm install --silent --no-audit --no-fund @aws-sdk/client-s3@3.1175.0 @aws-sdk/xml-builder@3.972.43 > /dev/null

cat > list.mjs <<'JS'
import { createServer } from "node:http";
import { ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";

const answer = (key) =>
  `<?xml version="1.0" encoding="UTF-8"?><ListBucketResult><Contents><Key>${key}</Key></Contents></ListBucketResult>`;
let key = "";
const server = createServer((_, response) => {
  response.setHeader("content-type", "application/xml");
  response.end(answer(key));
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const s3 = new S3Client({
  endpoint: `http://127.0.0.1:${server.address().port}`,
  forcePathStyle: true,
  region: "us-east-1",
  credentials: { accessKeyId: "a", secretAccessKey: "b" },
});
for (const [how, text] of [["as it is", String.fromCodePoint(0x1f600)], ["a reference", "&#x1F600;"]]) {
  key = text;
  const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket: "things" }));
  console.log(`${how}: ${Contents[0].Key.codePointAt(0).toString(16)}`);
}
s3.destroy();
server.close();
JS
node list.mjs | tee seen.txt
diff seen.txt - <<'EOF'
as it is: 1f600
a reference: f600
EOF
