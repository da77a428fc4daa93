import { SignatureV4 } from "@smithy/signature-v4";
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { Buffer } from "node:buffer";
import { createHmac } from "node:crypto";
import { Sha256 } from "../testing/signing.ts";
import type { SignedParts } from "./claim.ts";
import { checkSignature, readClaim, sha256Hex } from "./signature.ts";

const SECRET = "a-secret-of-a-test";

interface Unsigned {
  readonly method: string;
  /** The path as it is sent. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Signs with the SDK's own signer, and returns the request as the server sees it. */
async function signed(service: string, request: Unsigned): Promise<SignedParts> {
  const signer = new SignatureV4({
    service,
    region: "us-east-1",
    credentials: { accessKeyId: "AKIATEST", secretAccessKey: SECRET },
    sha256: Sha256,
    uriEscapePath: service !== "s3",
  });
  const { headers } = await signer.sign({
    ...request,
    protocol: "http:",
    hostname: "127.0.0.1",
    query: { ...request.query },
    headers: { host: "127.0.0.1:4566", ...request.headers },
  });
  const rawQuery = Object.entries(request.query)
    .map(([name, value]) => `${encode(name)}=${encode(value)}`).join("&");
  return { method: request.method, rawPath: request.path, rawQuery, headers: new Headers(headers) };
}

const encode = (text: string) =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (c) => "%" + c.charCodeAt(0).toString(16).toUpperCase(),
  );

function isAccepted(parts: SignedParts, body: string): boolean {
  const claim = readClaim(parts);
  assert(!("fault" in claim), "the signer's header can be read");
  return checkSignature(parts, claim, SECRET, sha256Hex(body)).matches;
}

const segment = fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 })
  .filter((text) => text.isWellFormed() && text !== "." && text !== "..");
const word = fc.string({ unit: "grapheme", maxLength: 12 }).filter((text) => text.isWellFormed());
const requests = fc.record({
  path: fc.array(segment, { minLength: 1, maxLength: 4 })
    .map((segments) => "/" + segments.map(encode).join("/")),
  query: fc.dictionary(word.filter((name) => name !== "" && name !== "__proto__"), word, {
    maxKeys: 4,
  }),
  body: word,
});

for (const service of ["s3", "lambda"]) {
  Deno.test(`a request that the SDK's signer signed for ${service} is accepted, whatever its path and query`, async () => {
    await fc.assert(fc.asyncProperty(requests, async ({ path, query, body }) => {
      const headers = { "x-amz-content-sha256": sha256Hex(body), "content-type": "text/plain" };
      const parts = await signed(service, { method: "PUT", path, query, headers, body });
      assert(isAccepted(parts, body));
    }));
  });
}

Deno.test("a signature is wrong after any change of method, path, query, signed header or body", async () => {
  const request = {
    method: "POST",
    path: "/a",
    query: { b: "c" },
    headers: { "x-amz-d": "e" },
    body: "f",
  };
  const parts = await signed("firehose", request);
  assert(isAccepted(parts, "f"));
  const headers = new Headers(parts.headers);
  headers.set("x-amz-d", "changed");
  assertEquals(
    [
      isAccepted({ ...parts, method: "PUT" }, "f"),
      isAccepted({ ...parts, rawPath: "/b" }, "f"),
      isAccepted({ ...parts, rawQuery: "b=d" }, "f"),
      isAccepted({ ...parts, headers }, "f"),
      isAccepted(parts, "g"),
    ],
    [false, false, false, false, false],
  );
});

Deno.test("a header sent in two lines, as the SDK for Go sends a list, is signed with a comma between", () => {
  // Captured from aws-sdk-go-v2 1.48.0, GetObjectAttributes.
  const headers = new Headers({
    host: "127.0.0.1:4691",
    "accept-encoding": "identity",
    "amz-sdk-invocation-id": "053c2be0-b1db-45c9-8ef7-df0dcbca5745",
    "amz-sdk-request": "attempt=1; max=1",
    authorization: "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261125/us-east-1/s3/" +
      "aws4_request, SignedHeaders=accept-encoding;amz-sdk-invocation-id;amz-sdk-request;host;" +
      "x-amz-content-sha256;x-amz-date;x-amz-object-attributes, " +
      "Signature=2d410597f9d002d23d89af050b9f57920e74bba40ce280d8676605cc66000dbb",
    "x-amz-content-sha256": sha256Hex(""),
    "x-amz-date": "20261125T091152Z",
  });
  headers.append("x-amz-object-attributes", "ETag");
  headers.append("x-amz-object-attributes", "ObjectSize");
  const parts = { method: "GET", rawPath: "/records/big", rawQuery: "attributes=", headers };
  const claim = readClaim(parts);
  assert(!("fault" in claim), "the header can be read");
  const secret = "ci-only-ci-only-ci-only-ci-only-ci-only-";
  assert(checkSignature(parts, claim, secret, sha256Hex("")).matches);
});

Deno.test("a header sent in one line with a comma and a space is signed unchanged", async () => {
  const headers = { "x-amz-meta-note": "one, two" };
  const request = { method: "PUT", path: "/b/k", query: {}, headers, body: "" };
  assert(isAccepted(await signed("s3", request), ""));
});

/** Bytes that HTTP allows in a header's value: all but control characters, and the tab. */
const headerByte = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0x20, max: 0x7e }) },
  { weight: 2, arbitrary: fc.integer({ min: 0x80, max: 0xff }) },
  { weight: 1, arbitrary: fc.constantFrom(0x09, 0x20, 0x2c, 0xa0) },
);

/** A signature computed by hand over the bytes, as any client computes it. */
function signedByHand(path: string, name: string, value: Uint8Array): SignedParts {
  const scope = "20260221/us-east-1/s3/aws4_request";
  const [amzDate, names] = ["20260221T000000Z", `host;${name};x-amz-date`];
  const canonical = Buffer.concat([
    Buffer.from(`GET\n${path}\n\nhost:127.0.0.1\n${name}:`),
    trimmedBytes(value),
    Buffer.from(`\nx-amz-date:${amzDate}\n\n${names}\n${sha256Hex("")}`),
  ]);
  const key = scope.split("/").reduce<Uint8Array>(
    (last, part) => createHmac("sha256", last).update(part).digest(),
    Buffer.from(`AWS4${SECRET}`),
  );
  const text = `AWS4-HMAC-SHA256\n${amzDate}\n${scope}\n${sha256Hex(canonical)}`;
  const signature = createHmac("sha256", key).update(text).digest("hex");
  const headers = new Headers({
    host: "127.0.0.1",
    [name]: Buffer.from(value).toString("latin1"),
    "x-amz-date": amzDate,
    authorization: `AWS4-HMAC-SHA256 Credential=AKIATEST/${scope}, SignedHeaders=${names}, ` +
      `Signature=${signature}`,
  });
  return { method: "GET", rawPath: path, rawQuery: "", headers };
}

function trimmedBytes(value: Uint8Array): Uint8Array {
  const text = Buffer.from(value).toString("latin1");
  return Buffer.from(text.replace(/^[ \t]+|[ \t]+$/g, "").replace(/ +/g, " "), "latin1");
}

Deno.test("a signed header verifies as its bytes were sent, whatever bytes HTTP allows", () => {
  const bytes = fc.array(headerByte, { maxLength: 24 }).map((list) => Uint8Array.from(list));
  fc.assert(fc.property(bytes, (value) => {
    assert(isAccepted(signedByHand("/b/k", "x-amz-meta-note", value), ""));
  }));
});

Deno.test("a letter that was signed as UTF-8 and sent as Latin-1 verifies", () => {
  const parts = signedByHand("/b/k", "x-amz-meta-note", new TextEncoder().encode("Größe"));
  const headers = new Headers(parts.headers);
  headers.set("x-amz-meta-note", "Größe");
  assert(isAccepted({ ...parts, headers }, ""));
});

Deno.test("a header in several lines verifies if one line itself holds a comma", () => {
  const value = new TextEncoder().encode("one,two, three,four");
  const parts = signedByHand("/b/k", "x-amz-meta-note", value);
  const headers = new Headers(parts.headers);
  headers.delete("x-amz-meta-note");
  for (const line of ["one", "two, three", "four"]) headers.append("x-amz-meta-note", line);
  assert(isAccepted({ ...parts, headers }, ""));
});

Deno.test("readClaim() names what an Authorization header lacks", () => {
  const claimOf = (headers: Record<string, string>, rawQuery = "") =>
    readClaim({ method: "GET", rawPath: "/", rawQuery, headers: new Headers(headers) });
  assertEquals(claimOf({}), { fault: "missing" });
  assertEquals(claimOf({ authorization: "AWS4-HMAC-SHA256 Credential=a/b" }), {
    fault: "incomplete",
    missing: ["Signature", "SignedHeaders"],
    header: "AWS4-HMAC-SHA256 Credential=a/b",
  });
  assertEquals(
    claimOf({ authorization: "AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=0" }),
    { fault: "badCredential" },
  );
  assertEquals(claimOf({}, "X-Amz-Credential=a"), { fault: "incompleteQuery" });
});
