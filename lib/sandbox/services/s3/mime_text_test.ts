/** User metadata that is not ASCII, as S3 returned it to others. */
import { GetObjectCommand, HeadObjectCommand } from "@aws-sdk/client-s3";
import { assertEquals } from "@std/assert";
import { AwsClient } from "aws4fetch";
import fc from "fast-check";
import { Buffer } from "node:buffer";
import { codePoint } from "../../testing/code_point.ts";
import { mimeText } from "./mime_text.ts";
import { Bucket, s3Test } from "./testing.ts";

/** The bytes of UTF-8 as letters of Latin-1: so a header arrives. */
const sent = (text: string) => Buffer.from(text).toString("latin1");

for (
  const [text, returned, source] of [
    ["AMAZONS3", "AMAZONS3", "UsingMetadata.html"],
    ["ÄMÄZÕÑ S3", "=?UTF-8?B?w4PChE3Dg8KEWsODwpXDg8KRIFMz?=", "UsingMetadata.html"],
    ["Miniö", "=?UTF-8?Q?Mini=C3=83=C2=B6?=", "minio/minio pull request 21282"],
    ["ö", "=?UTF-8?B?w4PCtg==?=", "minio/minio pull request 21282"],
  ] as const
) {
  Deno.test(`user metadata ${text} comes back as ${returned}: ${source}`, () => {
    assertEquals(mimeText(sent(text)), returned);
  });
}

// The words of 50, 25 and 25 letters in aws-amplify/aws-sdk-ios issue 241 come about in this way.
Deno.test("a text that is too long for an encoded word is halved, and only the half that is too long again", () => {
  const words = ["a".repeat(50), "b".repeat(25), `${"b".repeat(22)}“““`];
  assertEquals(
    mimeText(words.join("")).split(" "),
    words.map((word) => `=?UTF-8?Q?${word.replaceAll("“", "=E2=80=9C")}?=`),
  );
});

Deno.test("encoded words hold the text, and none is longer than 75 letters", () => {
  fc.assert(fc.property(fc.string({ unit: codePoint, minLength: 1, maxLength: 200 }), (text) => {
    const words = mimeText(`${text}é`).split(" ");
    const decoded = words.map((word) => {
      const [, name, encoded] = /^=\?UTF-8\?([BQ])\?([!->@-~]*)\?=$/.exec(word)!;
      if (name === "B") return Buffer.from(encoded, "base64").toString();
      const bytes = encoded.replaceAll("_", " ")
        .replace(/=(..)/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
      return Buffer.from(bytes, "latin1").toString();
    });
    assertEquals(decoded.join(""), Buffer.from(`${text}é`).toString());
    assertEquals(words.filter((word) => word.length > 75), []);
  }));
});

s3Test("GetObject and HeadObject return user metadata as encoded words", async (s3, sandbox) => {
  const { accessKeyId, secretAccessKey } = sandbox.rootKey;
  const aws = new AwsClient({ accessKeyId, secretAccessKey, service: "s3", region: "us-east-1" });
  const headers = { "x-amz-meta-name": sent("Miniö"), "x-amz-meta-plain": "a  b" };
  const put = await aws.fetch(`${sandbox.endpoint}/${Bucket}/a`, {
    method: "PUT",
    body: "x",
    headers,
  });
  assertEquals([put.status, await put.text()], [200, ""]);
  const wanted = { name: "=?UTF-8?Q?Mini=C3=83=C2=B6?=", plain: "a  b" };
  const at = { Bucket, Key: "a" };
  assertEquals((await s3.send(new HeadObjectCommand(at))).Metadata, wanted);
  const { Body, Metadata } = await s3.send(new GetObjectCommand(at));
  await Body?.transformToString();
  assertEquals(Metadata, wanted);
});
