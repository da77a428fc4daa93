/**
 * Fuzzed requests: requests that no client sends, as text and bytes on a connection.
 * @module
 */

import { NormalizedSchema } from "@smithy/core/schema";
import fc from "fast-check";
import type { BoundOperation, Protocol, Service } from "../operation.ts";
import { codePoint } from "../testing/code_point.ts";

/** A request as it is sent, without Host and Content-Length. */
export interface FuzzedRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Uint8Array;
}

const ENCODER = new TextEncoder();

/** Names of existing and missing things, numbers, times and other odd text. */
const text = fc.oneof(
  fc.constantFrom("things", "people", "k", "root", "test", "null", "-1", "0", "1", "2026-01-01"),
  fc.constantFrom(
    "arn:aws:s3:::things",
    "arn:aws:iam::123456789012:role/r",
    "{}",
    "<a/>",
    "%",
    "*",
  ),
  fc.string({ unit: codePoint, maxLength: 20 }),
  fc.string({ unit: "grapheme-ascii", maxLength: 200 }),
);

const number = fc.oneof(fc.integer(), fc.double(), fc.constantFrom(0, 1, -1, 2 ** 53, 1e308));

/** A value of another kind than the shape has. */
const wrong = fc.jsonValue({ maxDepth: 2 });

/** A JSON value of the shape `schema`, more or less. */
function valueOf(schema: NormalizedSchema, depth = 0): fc.Arbitrary<unknown> {
  const right = depth > 4 ? fc.constant({}) : rightValueOf(schema, depth);
  return fc.oneof({ weight: 12, arbitrary: right }, { weight: 1, arbitrary: wrong });
}

function rightValueOf(schema: NormalizedSchema, depth: number): fc.Arbitrary<unknown> {
  if (schema.isStructSchema()) {
    const members = Object.entries(schema.getMemberSchemas())
      .map(([name, member]) => [name, valueOf(member, depth + 1)] as const);
    return fc.record(Object.fromEntries(members), { requiredKeys: [] });
  }
  if (schema.isListSchema()) {
    return fc.array(valueOf(schema.getValueSchema(), depth + 1), { maxLength: 3 });
  }
  if (schema.isMapSchema()) {
    return fc.dictionary(text, valueOf(schema.getValueSchema(), depth + 1), { maxKeys: 3 });
  }
  if (schema.isBlobSchema()) return fc.oneof(fc.base64String({ maxLength: 40 }), text);
  if (schema.isBooleanSchema()) return fc.boolean();
  if (schema.isNumericSchema() || schema.isTimestampSchema()) return number;
  return text;
}

/** Bytes of which some are changed, left out or cut off; mostly they stay unchanged. */
function mangled(bytes: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> {
  const damage = fc.oneof(
    { weight: 4, arbitrary: fc.constant((whole: Uint8Array) => whole) },
    {
      weight: 1,
      arbitrary: fc.nat(200).map((end) => (whole: Uint8Array) => whole.slice(0, end)),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(fc.nat(300), fc.nat(255)).map(([at, byte]) => (whole: Uint8Array) =>
        whole.map((old, index) => (index === at ? byte : old))
      ),
    },
  );
  return fc.tuple(bytes, damage).map(([whole, act]) => act(whole));
}

const asJson = (value: unknown) => ENCODER.encode(JSON.stringify(value) ?? "");

/** A request to one of the operations of `service`, in `protocol`. */
export function fuzzedRequestFor(
  service: Service,
  protocol: Protocol,
): fc.Arbitrary<FuzzedRequest> {
  const operations = [...service.operations.values()];
  return fc.oneof(...operations.map((chosen) => requestOf(chosen, service.signingName, protocol)));
}

function requestOf(
  operation: BoundOperation,
  signingName: string,
  protocol: Protocol,
): fc.Arbitrary<FuzzedRequest> {
  const name = operation.schema[2];
  const input = NormalizedSchema.of(operation.schema[4]);
  const signed = credentials(signingName);
  switch (protocol.kind) {
    case "awsJson":
      return mangled(valueOf(input).map(asJson)).map((body) => ({
        method: "POST",
        target: "/",
        headers: [...signed, ["x-amz-target", `${protocol.targetPrefix}.${name}`]],
        body,
      }));
    case "rpcV2Cbor":
      return mangled(fc.uint8Array({ maxLength: 100 })).map((body) => ({
        method: "POST",
        target: `/service/${protocol.serviceName}/operation/${name}`,
        headers: [...signed, ["smithy-protocol", "rpc-v2-cbor"]],
        body,
      }));
    case "query":
      return mangled(form(name, input)).map((body) => ({
        method: "POST",
        target: "/",
        headers: [...signed, ["content-type", "application/x-www-form-urlencoded"]],
        body,
      }));
    default:
      return restRequest(operation, signingName, protocol);
  }
}

/** Claims a service; `--open` needs nothing more. */
function credentials(signingName: string): readonly (readonly [string, string])[] {
  const scope = `test/20260101/us-east-1/${signingName}/aws4_request`;
  return [
    ["authorization", `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=00`],
    ["x-amz-date", "20260101T000000Z"],
  ];
}

function form(name: string, input: NormalizedSchema): fc.Arbitrary<Uint8Array> {
  const members = Object.keys(input.getMemberSchemas());
  const suffix = fc.constantFrom("", "", "", ".member.1", ".member.2.Key", ".entry.1.key", ".x.y");
  const pair = fc.tuple(fc.constantFrom("Version", ...members), suffix, text);
  return fc.array(pair, { maxLength: 8 }).map((pairs) => {
    const fields = pairs.map(([key, end, value]) => [`${key}${end}`, value.toWellFormed()]);
    return ENCODER.encode(new URLSearchParams([["Action", name], ...fields]).toString());
  });
}

function restRequest(
  operation: BoundOperation,
  signingName: string,
  protocol: Protocol,
): fc.Arbitrary<FuzzedRequest> {
  const traits = operation.schema[3];
  const [method, uri] = typeof traits === "number" || !traits.http ? ["GET", "/"] : traits.http;
  const input = NormalizedSchema.of(operation.schema[4]);
  const isS3 = protocol.kind === "restXml";
  const [path, literal = ""] = uri.split("?");
  const full = isS3 && operation.schema[2] !== "ListBuckets" ? `/{Bucket}${path}` : path;
  const segment = fc.oneof(
    fc.constantFrom("things", "k", "people", "a/../b", "%zz", "%00", "%C3", "."),
    text.map((value) => encodeURIComponent(value.toWellFormed())),
  );
  const bound = Object.values(input.getMemberSchemas()).map((member) => member.getMergedTraits());
  const queryKeys = bound.flatMap(({ httpQuery }) => httpQuery ?? []);
  const headerNames = bound.flatMap(({ httpHeader, httpPrefixHeaders }) =>
    httpHeader ?? httpPrefixHeaders ?? []
  );
  const target = fc.tuple(
    // Mostly a bucket that exists.
    fc.tuple(
      fc.oneof({ weight: 5, arbitrary: fc.constant("things") }, { weight: 1, arbitrary: segment }),
      ...Array.from({ length: 5 }, () => segment),
    ),
    pairsOf([...queryKeys, "versionId", "x-id", "acl"]),
  ).map(([segments, pairs]) => {
    let next = 0;
    const filled = full.replace(/\{[^}]+\}/g, () => segments[next++] || "x");
    const query = pairs.map(([key, value]) => `${key}=${encodeURIComponent(value.toWellFormed())}`);
    return `${filled}?${[literal, ...query].filter((part) => part !== "").join("&")}`;
  });
  const signed = credentials(signingName);
  return fc.record({
    method: fc.oneof({ weight: 8, arbitrary: fc.constant(method) }, {
      weight: 1,
      arbitrary: fc.constantFrom("GET", "PUT", "POST", "DELETE", "HEAD", "PATCH"),
    }),
    target,
    headers: pairsOf([...headerNames, ...(isS3 ? BODY_HEADERS : [])]).map((pairs) => [
      ...signed,
      ...pairs.map(([name, value]) => [name, headerText(value)] as const),
    ]),
    body: mangled(isS3 ? fc.oneof(xml, chunked, fc.uint8Array()) : valueOf(input).map(asJson)),
  });
}

const pairsOf = (names: readonly string[]): fc.Arbitrary<[string, string][]> =>
  names.length === 0
    ? fc.constant([])
    : fc.array(fc.tuple(fc.constantFrom(...names), fc.oneof(text, telling)), { maxLength: 2 });

/** Headers that S3 reads before any operation. */
const BODY_HEADERS = [
  "content-md5",
  "x-amz-checksum-crc32",
  "x-amz-checksum-sha1",
  "x-amz-content-sha256",
  "x-amz-decoded-content-length",
  "x-amz-trailer",
  "range",
];

/** Values that reach more code than random ones. */
const telling = fc.constantFrom(
  "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
  "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
  "x-amz-checksum-crc32",
  "bytes=0-1",
  "bytes=-0",
  "/things/k",
  "things/k?versionId=null",
  "REPLACE",
  "CRC64NVME",
  "COMPOSITE",
  "AAAAAA==",
  "url",
  "a=1&b=2",
  "*",
);

/** A header ends with its line, and HTTP allows no other control characters. */
const headerText = (value: string) => value.replace(/[^\x20-\x7e]/g, "?");

const tagName = fc.constantFrom(
  ...("Delete Object Key Quiet Tagging TagSet Tag Value CompleteMultipartUpload Part ETag " +
    "PartNumber CreateBucketConfiguration LocationConstraint").split(" "),
);

const { xml } = fc.letrec<{ xml: Uint8Array; node: string }>((tie) => ({
  node: fc.oneof(
    { depthSize: "small" },
    fc.oneof(text, fc.constantFrom("&lt;", "&#0;", "&nope;", "<!-- -->", "<![CDATA[x]]>", "<a>")),
    fc.tuple(tagName, fc.array(tie("node"), { maxLength: 4 })).map(([name, inner]) =>
      `<${name}>${inner.join("")}</${name}>`
    ),
  ),
  xml: tie("node").map((node) => ENCODER.encode(node)),
}));

const chunked = fc.array(
  fc.tuple(fc.constantFrom("1", "5", "ffffffff", "-1", "x", "0", "1;chunk-signature=00"), text),
  { maxLength: 4 },
).map((chunks) => {
  const lines = chunks.map(([size, data]) => `${size}\r\n${data}\r\n`);
  return ENCODER.encode(`${lines.join("")}0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n`);
});

/** Malformed heads, some nearly correct. */
export const rawBytes: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc.tuple(
    fc.constantFrom("GET / HTTP/1.1", "PUT /things/k HTTP/1.1", "POST /../.. HTTP/1.0", "x", "GET"),
    fc.array(
      fc.constantFrom(
        "Host: localhost",
        "Host: a/b?c#d",
        "Host: [::1",
        "Content-Length: 99",
        "Content-Length: -1",
        "Content-Length: 1, 2",
        "Transfer-Encoding: chunked",
        "Transfer-Encoding: gzip, chunked",
        "Expect: 100-continue",
        "Upgrade: h2c",
        "X-Amz-Date: yesterday",
        "Authorization: AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/s3/aws4_request, " +
          "SignedHeaders=host, Signature=00",
        ": no name",
        "no colon",
      ),
      { maxLength: 5 },
    ),
    fc.uint8Array({ maxLength: 60 }),
  ).map(([line, headers, body]) => {
    const head = ENCODER.encode([line, ...headers, "", ""].join("\r\n"));
    return Uint8Array.from([...head, ...body]);
  }),
);

/** Claims about the caller: headers and queries that are nearly correct. */
export const claims: fc.Arbitrary<FuzzedRequest> = fc.record({
  method: fc.constantFrom("GET", "PUT", "POST"),
  target: fc.array(
    fc.tuple(
      fc.constantFrom(
        ...("X-Amz-Algorithm X-Amz-Credential X-Amz-Signature X-Amz-Date X-Amz-Expires " +
          "X-Amz-SignedHeaders X-Amz-Security-Token AWSAccessKeyId Signature Expires").split(" "),
      ),
      claimText(),
    ),
    { maxLength: 8 },
  ).map((pairs) =>
    `/things/k?${pairs.map(([key, value]) => `${key}=${encodeURIComponent(value)}`).join("&")}`
  ),
  headers: fc.array(
    fc.tuple(
      fc.constantFrom(
        "authorization",
        "x-amz-date",
        "date",
        "x-amz-security-token",
        "x-amz-target",
      ),
      claimText().map(headerText),
    ),
    { maxLength: 4 },
  ),
  body: fc.uint8Array({ maxLength: 30 }),
});

function claimText(): fc.Arbitrary<string> {
  return fc.oneof(
    text.map((value) => value.toWellFormed()),
    fc.constantFrom(
      "AWS4-HMAC-SHA256",
      "AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, " +
        "Signature=zz",
      "AWS4-HMAC-SHA256 Credential=a/b/c, SignedHeaders=;;, Signature=",
      "AWS a:b",
      "Bearer x",
      "a/20260101/us-east-1/s3/aws4_request",
      "a/20260101/moon/firehose/aws4_request",
      "20260101T000000Z",
      "99999999T999999Z",
      "604801",
    ),
  );
}
