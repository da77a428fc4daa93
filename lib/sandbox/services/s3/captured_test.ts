/**
 * S3 on the wire, as AWS was recorded: in LocalStack's snapshot tests of 2026-02
 * (https://github.com/localstack/localstack/tree/main/tests/aws/services/s3, as of 2026-03-23).
 * Requests are plain HTTP to a sandbox without signatures.
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { startSandbox } from "../../sandbox.ts";

interface Wire {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: BodyInit;
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

type Send = (path: string, wire?: Wire) => Promise<Answer>;

/** A test with the bucket `b`, in it the object `k` of eight bytes. */
function wireTest(name: string, run: (send: Send) => Promise<void>): void {
  Deno.test(`captured: ${name}`, async () => {
    const sandbox = await startSandbox({ port: 0, dataDir: undefined, speed: 60, isOpen: true });
    const send: Send = async (path, { method = "GET", headers, body } = {}) => {
      const response = await fetch(`${sandbox.endpoint}${path}`, { method, headers, body });
      return {
        status: response.status,
        headers: response.headers,
        text: await response.text(),
      };
    };
    try {
      await send("/bucket-b", { method: "PUT" });
      await send("/bucket-b/k", { method: "PUT", body: "12345678" });
      await run(send);
    } finally {
      await sandbox.stop();
    }
  });
}

const B = "/bucket-b";
const K = "/bucket-b/k";
const PRECONDITION =
  "<Message>At least one of the pre-conditions you specified did not hold</Message>";
const tagging = (key: string) =>
  `<Tagging><TagSet><Tag><Key>${key}</Key><Value>1</Value></Tag></TagSet></Tagging>`;
const newBucketTags = (key: string) =>
  `<CreateBucketConfiguration><Tags><Tag><Key>${key}</Key><Value>1</Value></Tag></Tags>` +
  "</CreateBucketConfiguration>";
const delete1 = "<Delete><Object><Key>k</Key></Object></Delete>";

/** A request, the status, and what its answer's XML has. */
const REFUSALS: readonly (readonly [string, string, Wire, number, readonly string[]])[] = [
  [
    "a checksum of an algorithm that S3 does not know",
    K,
    { method: "PUT", headers: { "x-amz-checksum-crc128": "eHh4eA==" }, body: "x" },
    400,
    [
      "<Code>InvalidRequest</Code><Message>Checksum algorithm provided is unsupported. Please try " +
      "again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256",
    ],
  ],
  ["a bucket's name that is none", "/Bad_Name", { method: "PUT" }, 400, [
    "<Code>InvalidBucketName</Code><Message>The specified bucket is not valid.</Message>" +
    "<BucketName>Bad_Name</BucketName>",
  ]],
  [
    "the constraint us-east-1 in us-east-1",
    "/bucket-c",
    {
      method: "PUT",
      body: "<CreateBucketConfiguration><LocationConstraint>us-east-1</LocationConstraint>" +
        "</CreateBucketConfiguration>",
    },
    400,
    [
      "<Code>InvalidLocationConstraint</Code>",
      "<Message>The specified location-constraint is not valid</Message>",
      "<LocationConstraint>us-east-1</LocationConstraint>",
    ],
  ],
  ["a bucket that is not there", "/bucket-x?list-type=2", {}, 404, [
    "<Code>NoSuchBucket</Code><Message>The specified bucket does not exist</Message>" +
    "<BucketName>bucket-x</BucketName>",
  ]],
  ["a bucket that is not empty", B, { method: "DELETE" }, 409, [
    "<Code>BucketNotEmpty</Code><Message>The bucket you tried to delete is not empty</Message>" +
    "<BucketName>bucket-b</BucketName>",
  ]],
  ["a key that is not there", "/bucket-b/nope", {}, 404, [
    "<Code>NoSuchKey</Code><Message>The specified key does not exist.</Message><Key>nope</Key>",
  ]],
  [
    "If-None-Match: * where there is an object",
    K,
    { method: "PUT", body: "x", headers: { "if-none-match": "*" } },
    412,
    ["<Code>PreconditionFailed</Code>", PRECONDITION, "<Condition>If-None-Match</Condition>"],
  ],
  [
    "If-None-Match with an ETag on a put",
    K,
    { method: "PUT", body: "x", headers: { "if-none-match": '"x"' } },
    501,
    [
      "<Code>NotImplemented</Code>",
      "<Header>If-None-Match</Header>",
      "<additionalMessage>We don&apos;t accept the provided value of If-None-Match header for this " +
      "API</additionalMessage>",
    ],
  ],
  [
    "If-Match: * on a put",
    K,
    { method: "PUT", body: "x", headers: { "if-match": "*" } },
    501,
    [
      "<Code>NotImplemented</Code>",
      "<Header>If-Match</Header>",
      "<additionalMessage>We don&apos;t accept the provided value of If-Match header for this API" +
      "</additionalMessage>",
    ],
  ],
  [
    "both conditions on a put",
    K,
    { method: "PUT", body: "x", headers: { "if-match": '"x"', "if-none-match": "*" } },
    501,
    [
      "<Header>If-Match,If-None-Match</Header>",
      "<additionalMessage>Multiple conditional request headers present in the request" +
      "</additionalMessage>",
    ],
  ],
  [
    "If-Match where there is no object",
    "/bucket-b/nope",
    { method: "PUT", body: "x", headers: { "if-match": '"x"' } },
    404,
    ["<Code>NoSuchKey</Code>"],
  ],
  ["If-Match on a read", K, { headers: { "if-match": '"x"' } }, 412, [
    PRECONDITION,
    "<Condition>If-Match</Condition>",
  ]],
  [
    "a Content-MD5 that is none",
    K,
    { method: "PUT", body: "x", headers: { "content-md5": "nope" } },
    400,
    [
      "<Code>InvalidDigest</Code><Message>The Content-MD5 you specified was invalid.</Message>",
      "<Content-MD5>nope</Content-MD5>",
    ],
  ],
  [
    "a Content-MD5 of other bytes",
    K,
    { method: "PUT", body: "x", headers: { "content-md5": "1B2M2Y8AsgTpgAmY7PhCfg==" } },
    400,
    [
      "<Message>The Content-MD5 you specified did not match what we received.</Message>",
      "<ExpectedDigest>d41d8cd98f00b204e9800998ecf8427e</ExpectedDigest>",
      "<CalculatedDigest>ndTkYSaMgDT1yFZOFVxnpg==</CalculatedDigest>",
    ],
  ],
  [
    "a range behind the end",
    K,
    { headers: { range: "bytes=1024-4096" } },
    416,
    [
      "<Code>InvalidRange</Code><Message>The requested range is not satisfiable</Message>",
      "<RangeRequested>bytes=1024-4096</RangeRequested><ActualObjectSize>8</ActualObjectSize>",
    ],
  ],
  ["a version that is none", `${K}?versionId=x`, { method: "DELETE" }, 400, [
    "<Message>Invalid version id specified</Message><ArgumentName>versionId</ArgumentName>",
  ]],
  ["DeleteObjects without a digest", `${B}?delete`, { method: "POST", body: delete1 }, 400, [
    "<Message>Missing required header for this request: Content-MD5 OR x-amz-checksum-*</Message>",
  ]],
  [
    "a copy of nothing nameable",
    "/bucket-b/c",
    { method: "PUT", headers: { "x-amz-copy-source": "bucket-b" } },
    400,
    [
      "<Message>Invalid copy source object key</Message>" +
      "<ArgumentName>x-amz-copy-source</ArgumentName>" +
      "<ArgumentValue>x-amz-copy-source</ArgumentValue>",
    ],
  ],
  ["a token that is none", `${B}?list-type=2&continuation-token=`, {}, 400, [
    "<Message>The continuation token provided is incorrect</Message>" +
    "<ArgumentName>continuation-token</ArgumentName><RequestId>",
  ]],
  ["an encoding that is none", `${B}?list-type=2&encoding-type=`, {}, 400, [
    "<Message>Invalid Encoding Method specified in Request</Message>" +
    "<ArgumentName>encoding-type</ArgumentName>",
  ]],
  ["a region of buckets that is none", "/?bucket-region=eu-east-1", {}, 400, [
    "<Message>Argument value eu-east-1 is not a valid AWS Region</Message>" +
    "<ArgumentName>bucket-region</ArgumentName>",
  ]],
  [
    "an ownership that is none",
    "/bucket-c",
    { method: "PUT", headers: { "x-amz-object-ownership": "Random" } },
    400,
    [
      "<Message>Invalid x-amz-object-ownership header: Random</Message>" +
      "<ArgumentName>x-amz-object-ownership</ArgumentName>",
    ],
  ],
  [
    "a bypass of a lock that no bucket has",
    K,
    { method: "DELETE", headers: { "x-amz-bypass-governance-retention": "false" } },
    400,
    [
      "<Message>x-amz-bypass-governance-retention is only applicable to Object Lock enabled " +
      "buckets.</Message><ArgumentName>x-amz-bypass-governance-retention</ArgumentName>",
    ],
  ],
  [
    "a tag of the system in a new bucket",
    "/bucket-c",
    { method: "PUT", body: newBucketTags("aws:x") },
    400,
    [
      "<Code>InvalidTag</Code><Message>User-defined tag keys can&apos;t start with " +
      "&quot;aws:&quot;. This prefix is reserved for system tags. Remove &quot;aws:&quot; from " +
      "your tag keys and try again.</Message>",
    ],
  ],
  [
    "a tag of the system on a bucket",
    `${B}?tagging`,
    { method: "PUT", body: tagging("aws:x") },
    400,
    [
      "<Code>InvalidTag</Code><Message>System tags cannot be added/updated by requester</Message>" +
      "<TagKey>aws:x</TagKey>",
    ],
  ],
  [
    "a tag of the system on an object",
    `${K}?tagging`,
    { method: "PUT", body: tagging("aws:x") },
    400,
    [
      "<Code>InvalidTag</Code><Message>Your TagKey cannot be prefixed with aws:</Message>" +
      "<TagKey>aws:x</TagKey>",
    ],
  ],
  [
    "a header of tags that is no form",
    K,
    { method: "PUT", body: "x", headers: { "x-amz-tagging": "key1=val1,key2=val2" } },
    400,
    [
      "<Message>The header &apos;x-amz-tagging&apos; shall be encoded as UTF-8 then URLEncoded URL " +
      "query parameters without tag name duplicates.</Message>" +
      "<ArgumentName>x-amz-tagging</ArgumentName><ArgumentValue>key1=val1,key2=val2</ArgumentValue>",
    ],
  ],
  ["a read of tags of a key that is not there", "/bucket-b/nope?tagging", {}, 404, [
    "<Code>NoSuchKey</Code><Message>The specified key does not exist.</Message>" +
    "<Key>bucket-b/nope</Key>",
  ]],
  // Measured on S3 in September 2026: https://github.com/brekkylab/backlot, tests/test_s3.py.
  ["a negative page", `${B}?list-type=2&max-keys=-01`, {}, 400, [
    "<Message>Argument maxKeys must be an integer between 0 and 2147483647</Message>" +
    "<ArgumentName>maxKeys</ArgumentName><ArgumentValue>-1</ArgumentValue>",
  ]],
  ["a page that is no number", `/no-such-bucket?max-keys=abc`, {}, 400, [
    "<Message>Provided max-keys not an integer or within integer range</Message>" +
    "<ArgumentName>max-keys</ArgumentName><ArgumentValue>abc</ArgumentValue>",
  ]],
  ["a page above 32 bits", `${B}?uploads&max-uploads=00002147483648`, {}, 400, [
    "<Message>Provided max-uploads not an integer or within integer range</Message>",
  ]],
  ["two things asked for at once", `/no-such-bucket?versioning&acl`, {}, 400, [
    "<Message>Conflicting query string parameters: acl, versioning</Message>" +
    "<ArgumentName>ResourceType</ArgumentName><ArgumentValue>acl</ArgumentValue>",
  ]],
  ["tags and an ACL to delete", `${K}?tagging&acl`, { method: "DELETE" }, 400, [
    "<Message>Conflicting query string parameters: acl, tagging</Message>",
  ]],
  ["a HEAD of tags", `${K}?tagging`, { method: "HEAD" }, 405, []],
  ["a marker in version 2 of the list", `/no-such-bucket?list-type=2&marker=`, {}, 400, [
    "<Message>Marker unsupported with REST.GET.BUCKET in list-type=2</Message>" +
    "<ArgumentName>marker</ArgumentName>",
  ]],
  ["a start in version 1 of the list", `${B}?start-after=x`, {}, 400, [
    "<Message>startAfter only supported in REST.GET.BUCKET with list-type=2</Message>",
  ]],
  ["a token in version 1 of the list", `${B}?start-after=x&continuation-token=y`, {}, 400, [
    "<Message>continuation-token only supported in REST.GET.BUCKET with list-type=2</Message>",
  ]],
  ["an upload as a marker that is none", `${B}?uploads&key-marker=a&upload-id-marker=x`, {}, 400, [
    "<Message>Invalid uploadId marker</Message><ArgumentName>upload-id-marker</ArgumentName>",
  ]],
  // https://github.com/amazon-archives/aws-sdk-core-ruby/issues/76 and, in 2024,
  // https://github.com/noobaa/noobaa-core/pull/7970.
  ["an empty version", `${K}?versionId=`, {}, 400, [
    "<Message>Version id cannot be the empty string</Message>" +
    "<ArgumentName>versionId</ArgumentName>",
  ]],
  [
    "a checksum that is none",
    K,
    { method: "PUT", body: "x", headers: { "x-amz-checksum-crc32": "nope" } },
    400,
    ["<Message>Value for x-amz-checksum-crc32 header is invalid.</Message>"],
  ],
  [
    "two checksums",
    K,
    {
      method: "PUT",
      body: "x",
      headers: { "x-amz-checksum-crc32": "AAAAAA==", "x-amz-checksum-crc32c": "AAAAAA==" },
    },
    400,
    ["Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed."],
  ],
  // These two by OpenStack Swift's tests of S3 checksums, which are run against AWS as well:
  // https://github.com/openstack/swift/blob/master/test/s3api/test_object_checksums.py
  [
    "a checksum that is announced and not sent",
    K,
    { method: "PUT", body: "x", headers: { "x-amz-sdk-checksum-algorithm": "CRC32" } },
    400,
    [
      "<Message>x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or " +
      "x-amz-trailer headers were found.</Message>",
    ],
  ],
  [
    "a checksum of another algorithm than announced",
    K,
    {
      method: "PUT",
      body: "x",
      headers: {
        "x-amz-sdk-checksum-algorithm": "SHA1",
        "x-amz-checksum-crc32": "jNyDFQ==",
      },
    },
    400,
    ["<Message>Value for x-amz-sdk-checksum-algorithm header is invalid.</Message>"],
  ],
  ["an upload that is none", `${K}?uploadId=x`, { method: "DELETE" }, 404, [
    "<Message>The specified upload does not exist. The upload ID may be invalid, or the upload " +
    "may have been aborted or completed.</Message>",
  ]],
  ["a bucket owner that is none", B, { headers: { "x-amz-expected-bucket-owner": "abcd" } }, 400, [
    "<Code>InvalidBucketOwnerAWSAccountID</Code>",
    "The value of the expected bucket owner parameter must be an AWS Account ID... [abcd]",
  ]],
];

for (const [what, path, wire, status, parts] of REFUSALS) {
  wireTest(`${what} is refused with ${status} and AWS's words`, async (send) => {
    const answer = await send(path, wire);
    assertEquals(answer.status, status);
    for (const part of parts) assertStringIncludes(answer.text, part);
    assert(!answer.text.includes("xmlns"), "errors have no namespace");
  });
}

wireTest(
  "creating an own bucket again succeeds in us-east-1, and only without tags",
  async (send) => {
    const again = await send(B, { method: "PUT" });
    assertEquals([again.status, again.headers.get("location")], [200, B]);
    assertEquals(again.headers.get("x-amz-bucket-arn"), "arn:aws:s3:::bucket-b");
    const tagged = await send(B, {
      method: "PUT",
      body: "<CreateBucketConfiguration><Tags><Tag><Key>a</Key><Value>1</Value></Tag></Tags>" +
        "</CreateBucketConfiguration>",
    });
    assertEquals(tagged.status, 409);
  },
);

wireTest("HeadBucket returns region and ARN in headers, and no body", async (send) => {
  const { status, headers, text } = await send(B, { method: "HEAD" });
  assertEquals([status, text], [200, ""]);
  assertEquals(headers.get("x-amz-bucket-region"), "us-east-1");
  assertEquals(headers.get("x-amz-bucket-arn"), "arn:aws:s3:::bucket-b");
  assertEquals(headers.get("x-amz-access-point-alias"), "false");
  // moto's test_s3_response_headers.py (2026-08), which its authors run against AWS.
  assertEquals(headers.get("content-type"), "application/xml");
  assertEquals((await send(K, { method: "PUT", body: "x" })).headers.get("content-type"), null);
  assertEquals((await send("/bucket-x", { method: "HEAD" })).status, 404);
});

wireTest("the location of us-east-1 is empty", async (send) => {
  const { text } = await send(`${B}?location`);
  assertStringIncludes(
    text,
    '<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/"/>',
  );
});

wireTest("owners have an id and no DisplayName", async (send) => {
  const { text } = await send("/");
  assertStringIncludes(text, "<ListAllMyBucketsResult");
  assertStringIncludes(text, "<Name>bucket-b</Name>");
  assert(!text.includes("DisplayName"));
});

for (
  const [range, status, body, why] of [
    ["bytes=0-3", 206, "1234", "from and to"],
    ["bytes=6-100", 206, "78", "an end behind the end is cut"],
    ["bytes=-3", 206, "678", "the last three"],
    ["bytes=-100", 206, "12345678", "more than there is"],
    ["bytes=1-0", 200, "12345678", "nonsense is ignored"],
    ["bytes=0-1,3-4", 200, "12345678", "several ranges are ignored"],
    ["lines=0-1", 200, "12345678", "another unit is ignored"],
  ] as const
) {
  wireTest(`Range ${range} gives ${body} with ${status}: ${why}`, async (send) => {
    const answer = await send(K, { headers: { range } });
    assertEquals([answer.status, answer.text], [status, body]);
  });
}

wireTest("an object's answer has ETag, type, encryption and Accept-Ranges", async (send) => {
  const { headers } = await send(K);
  assertEquals(headers.get("etag"), '"25d55ad283aa400af464c76d713c07ad"');
  assertEquals(headers.get("accept-ranges"), "bytes");
  assertEquals(headers.get("x-amz-server-side-encryption"), "AES256");
  assert(/^[0-9A-Z]{16}$/.test(headers.get("x-amz-request-id") ?? ""));
});

wireTest("a list always has Prefix, and of the rest only the elements that apply", async (send) => {
  const { text } = await send(`${B}?list-type=2`);
  assertStringIncludes(
    text,
    '<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">',
  );
  assertStringIncludes(text, "<Name>bucket-b</Name>");
  for (const part of ["<KeyCount>1</KeyCount>", "<MaxKeys>1000</MaxKeys>", "<Size>8</Size>"]) {
    assertStringIncludes(text, part);
  }
  assert(/<Prefix\/>|<Prefix><\/Prefix>/.test(text));
  assert(/<LastModified>[-\dT:]+\.000Z<\/LastModified>/.test(text));
  for (const absent of ["Delimiter", "ContinuationToken", "StartAfter", "CommonPrefixes"]) {
    assert(!text.includes(`<${absent}`), absent);
  }
  const none = await send(`${B}?list-type=2&max-keys=0`);
  assertStringIncludes(none.text, "<IsTruncated>false</IsTruncated>");
  const unsaid = await send(`${B}?list-type=2&max-keys=&prefix=!*()~&encoding-type=URL`);
  for (
    const part of [
      "<MaxKeys>1000</MaxKeys>",
      "<Prefix>%21*%28%29%7E</Prefix>",
      "<EncodingType>URL</EncodingType>",
    ]
  ) assertStringIncludes(unsaid.text, part);
});

// Clients give it as `ExpiresString` for this reason (GetObjectOutput of client-s3 3.1173).
wireTest("Expires is any text, and comes back as it was sent", async (send) => {
  await send("/bucket-b/expires", { method: "PUT", body: "x", headers: { expires: "0" } });
  assertEquals((await send("/bucket-b/expires")).headers.get("expires"), "0");
  const overridden = await send("/bucket-b/expires?response-expires=never");
  assertEquals(overridden.headers.get("expires"), "never");
  const broken = await send("/bucket-b/expires?response-expires=a%0Ab");
  assertEquals(broken.status, 400);
});

/** A value between tags of XML; undefined if there is none. */
const valueOf = (text: string, name: string) =>
  new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1];

wireTest("an upload without an algorithm takes and shows no checksums of parts", async (send) => {
  const id = valueOf((await send(`${K}?uploads`, { method: "POST" })).text, "UploadId");
  const crc32 = { "x-amz-checksum-crc32": "2H9+DA==" };
  const part = await send(`${K}?partNumber=1&uploadId=${id}`, {
    method: "PUT",
    body: "test",
    headers: crc32,
  });
  const etag = part.headers.get("etag");
  const listed = await send(`${K}?uploadId=${id}`);
  assertStringIncludes(listed.text, "<Size>4</Size>");
  assert(!listed.text.includes("ChecksumCRC32"));
  const complete = (partFields: string, headers = {}) =>
    send(`${K}?uploadId=${id}`, {
      method: "POST",
      headers,
      body: "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber>" +
        `<ETag>${etag}</ETag>${partFields}</Part></CompleteMultipartUpload>`,
    });
  const refused = await complete("<ChecksumCRC32>2H9+DA==</ChecksumCRC32>");
  assertEquals([refused.status, valueOf(refused.text, "Code")], [400, "InvalidPart"]);
  const typed = await complete("", { "x-amz-checksum-type": "FULL_OBJECT" });
  assertEquals(
    valueOf(typed.text, "Message"),
    "The upload was created using the null checksum mode. The complete request must use the same " +
      "checksum mode.",
  );
  assertEquals((await complete("")).status, 200);
});

wireTest("a part's checksum of another algorithm is a bad digest", async (send) => {
  const headers = { "x-amz-checksum-algorithm": "CRC32" };
  const id = valueOf((await send(`${K}?uploads`, { method: "POST", headers })).text, "UploadId");
  const part = await send(`${K}?partNumber=1&uploadId=${id}`, {
    method: "PUT",
    body: "abc",
    headers: { "x-amz-checksum-crc32": "NSRBwg==" },
  });
  const { text } = await send(`${K}?uploadId=${id}`, {
    method: "POST",
    body: "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber>" +
      `<ETag>${part.headers.get("etag")}</ETag>` +
      "<ChecksumSHA256>ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=</ChecksumSHA256>" +
      "</Part></CompleteMultipartUpload>",
  });
  assertEquals([valueOf(text, "Code"), valueOf(text, "Message")], [
    "BadDigest",
    "The sha256 you specified for part 1 did not match what we received.",
  ]);
});

wireTest("ListMultipartUploads shows the next markers on every page", async (send) => {
  const markers = async (query = "") => {
    const { text } = await send(`${B}?uploads${query}`);
    return [valueOf(text, "NextKeyMarker"), valueOf(text, "NextUploadIdMarker")]
      .concat(text.includes("Prefix") ? ["with a prefix"] : []);
  };
  assertEquals(await markers(), ["", ""]);
  const id = valueOf(
    (await send("/bucket-b/folder/a?uploads", { method: "POST" })).text,
    "UploadId",
  );
  assertEquals(await markers(), ["folder/a", id]);
  assertEquals(await markers("&delimiter=/"), ["", "", "with a prefix"]);
  const other = await send(`${B}?uploads&key-marker=b&upload-id-marker=${id}`);
  assertEquals(valueOf(other.text, "Message"), "Invalid uploadId marker");
});

wireTest("a copy of a range that begins behind the end is an invalid request", async (send) => {
  const id = valueOf((await send(`${K}?uploads`, { method: "POST" })).text, "UploadId");
  const { status, text } = await send(`${K}?partNumber=1&uploadId=${id}`, {
    method: "PUT",
    headers: {
      "x-amz-copy-source": "bucket-b/k",
      "x-amz-copy-source-range": "bytes=100-200",
    },
  });
  assertEquals([status, valueOf(text, "Code"), valueOf(text, "Message")], [
    400,
    "InvalidRequest",
    "The specified copy range is invalid for the source object size",
  ]);
});

wireTest("a list of buckets by prefix has their regions, and one of all has none", async (send) => {
  assertStringIncludes((await send("/?prefix=bucket")).text, "<BucketRegion>us-east-1<");
  assert(!(await send("/")).text.includes("BucketRegion"));
});

wireTest("a set of tags that is not there removes the tags", async (send) => {
  await send(`${B}?tagging`, { method: "PUT", body: tagging("a") });
  assertEquals((await send(`${B}?tagging`, { method: "PUT", body: "<Tagging/>" })).status, 204);
  assertEquals(valueOf((await send(`${B}?tagging`)).text, "Code"), "NoSuchTagSet");
});

wireTest("DeleteObjects names a version that is not there beside its key", async (send) => {
  const body = "<Delete><Object><Key>k</Key><VersionId>x</VersionId></Object></Delete>";
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(body));
  const headers = { "x-amz-checksum-sha256": new Uint8Array(digest).toBase64() };
  const { status, text } = await send(`${B}?delete`, { method: "POST", body, headers });
  assertEquals(status, 200);
  assertEquals(["Code", "Key", "Message", "VersionId"].map((name) => valueOf(text, name)), [
    "NoSuchVersion",
    "k",
    "The specified version does not exist.",
    "x",
  ]);
  assertEquals((await send(K)).status, 200);
});

wireTest("deleting a missing key succeeds, and it is listed as Deleted", async (send) => {
  assertEquals((await send("/bucket-b/nope", { method: "DELETE" })).status, 204);
  const body = "<Delete><Object><Key>nope</Key></Object></Delete>";
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(body));
  const sum = { "x-amz-checksum-sha256": new Uint8Array(digest).toBase64() };
  const { text } = await send(`${B}?delete`, { method: "POST", body, headers: sum });
  assertStringIncludes(text, "<Deleted><Key>nope</Key></Deleted>");
});

// TestS3PutObjectChecksum.test_s3_get_object_checksum, 2026-02-21.
wireTest("a checksum is asked for in any case", async (send) => {
  await send(`${B}/c`, {
    method: "PUT",
    headers: { "x-amz-checksum-crc32": "jNwWgw==" },
    body: "x",
  });
  for (const mode of ["ENABLED", "enabled"]) {
    const { headers } = await send(`${B}/c`, { headers: { "x-amz-checksum-mode": mode } });
    assertEquals(headers.get("x-amz-checksum-crc32"), "jNwWgw==", mode);
  }
});

// test_s3_invalid_content_md5, 2026-02-21: PutObject shows the digest that was sent in hex.
wireTest("UploadPart shows the Content-MD5 that was sent in base64", async (send) => {
  const { text } = await send(`${B}/m?uploads`, { method: "POST" });
  const part = await send(`${B}/m?partNumber=1&uploadId=${valueOf(text, "UploadId")}`, {
    method: "PUT",
    body: "x",
    headers: { "content-md5": "1B2M2Y8AsgTpgAmY7PhCfg==" },
  });
  assertEquals([part.status, valueOf(part.text, "Code")], [400, "BadDigest"]);
  assertEquals(valueOf(part.text, "ExpectedDigest"), "1B2M2Y8AsgTpgAmY7PhCfg==");
  assertEquals(valueOf(part.text, "CalculatedDigest"), "ndTkYSaMgDT1yFZOFVxnpg==");
});

// AWS's answers in https://github.com/JuliaWeb/HTTP.jl/issues/98 (2017) and
// https://github.com/irods/irods_resource_plugin_s3/issues/2301 (2026-07).
wireTest("a body of an unknown length is not implemented", async (send) => {
  const body = new Blob(["x"]).stream();
  const { status, text } = await send(`${B}/n`, { method: "PUT", body });
  assertEquals([status, valueOf(text, "Code"), valueOf(text, "Header")], [
    501,
    "NotImplemented",
    "Transfer-Encoding",
  ]);
  assertStringIncludes(
    text,
    "<Message>A header you provided implies functionality that is not implemented</Message>",
  );
  assertEquals((await send(`${B}/n`)).status, 404);
});

// test_object_content_encoding_aws_chunked of https://github.com/ceph/s3-tests (2026-05).
wireTest("a Content-Encoding loses aws-chunked, and is else kept as it was sent", async (send) => {
  for (
    const [sent, kept] of [
      ["deflate, gzip", "deflate, gzip"],
      ["gzip, aws-chunked", "gzip"],
      ["aws-chunked, gzip", "gzip"],
      ["deflate, gzip, aws-chunked", "deflate, gzip"],
      ["aws-chunked, aws-chunked", null],
    ] as const
  ) {
    await send(`${B}/e`, { method: "PUT", headers: { "content-encoding": sent } });
    const { headers } = await send(`${B}/e`, { method: "HEAD" });
    assertEquals(headers.get("content-encoding"), kept, sent);
  }
});
