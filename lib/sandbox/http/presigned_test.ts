/** Signatures that expire: presigned URLs, and the keys of sessions. */
import { SignatureV4 } from "@smithy/signature-v4";
import { assertEquals, assertStringIncludes } from "@std/assert";
import { Sha256, signedHeaders } from "../testing/signing.ts";
import { CHECKSUM_ALGORITHMS, digestOf } from "../checksums.ts";
import type { Sandbox } from "../sandbox.ts";
import { EMPTY_SUMS } from "./presigned_headers.ts";
import {
  type Answer,
  answerOf,
  answerTo,
  atTheGate,
  CALLS,
  KEY,
  type Kind,
  KINDS,
  MINUTE_MS,
  MISMATCH,
  NOW,
} from "./testing.ts";

/** The query of a correct presigned URL with `changed` parameters; a plus appends to a parameter. */
async function presigned({ endpoint }: Sandbox, changed: Record<string, string | undefined>) {
  const signer = new SignatureV4({
    service: "s3",
    region: "us-east-1",
    credentials: KEY,
    sha256: Sha256,
    uriEscapePath: false,
  });
  const host = new URL(endpoint).host;
  const request = {
    method: "GET",
    path: "/",
    protocol: "http:",
    hostname: host,
    headers: { host, "x-amz-content-sha256": "UNSIGNED-PAYLOAD" },
    query: {},
  };
  const { query } = await signer.presign(request, { signingDate: NOW, expiresIn: 60 });
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...query, ...changed })) {
    if (typeof value !== "string") continue;
    search.set(name, value.startsWith("+") ? `${query?.[name]}${value.slice(1)}` : value);
  }
  const response = await fetch(`${endpoint}/?${search}`);
  return { response, text: await response.text() };
}

const PARAMETERS_ERROR = "AuthorizationQueryParametersError";
const PRESIGNED:
  readonly (readonly [string, Record<string, string | undefined>, number, Answer])[] = [
    ["that is right", {}, 0, [200, "", ""]],
    ["in its last second", {}, 60_000, [200, "", ""]],
    ["a second too late", {}, 61_000, [403, "AccessDenied", "Request has expired"]],
    ["long before its time", {}, -16 * MINUTE_MS, [
      403,
      "AccessDenied",
      "Request is not valid yet",
    ]],
    [
      "good for more than was signed",
      { "X-Amz-Expires": "61" },
      0,
      [403, "SignatureDoesNotMatch", `${MISMATCH}key and signing method.`],
    ],
    [
      "good for more than a week",
      { "X-Amz-Expires": "604801" },
      0,
      [
        400,
        PARAMETERS_ERROR,
        "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires " +
        "must be less than 604800 seconds",
      ],
    ],
    [
      "whose time is no number",
      { "X-Amz-Expires": "soon" },
      0,
      [400, PARAMETERS_ERROR, "X-Amz-Expires should be a number"],
    ],
    [
      "with a negative time",
      { "X-Amz-Expires": "-1" },
      0,
      [400, PARAMETERS_ERROR, "X-Amz-Expires must be non-negative"],
    ],
    [
      "with a date of another form",
      { "X-Amz-Date": "2026-02-21T00:15:00Z" },
      0,
      [
        400,
        PARAMETERS_ERROR,
        `X-Amz-Date must be in the ISO8601 Long Format "yyyyMMdd'T'HHmmss'Z'"`,
      ],
    ],
    [
      "of another day than its key",
      { "X-Amz-Date": "20260222T001500Z" },
      0,
      [
        400,
        PARAMETERS_ERROR,
        'Invalid credential date "20260221". This date is not the same as X-Amz-Date: "20260222".',
      ],
    ],
    [
      "with letters after its signature's digits",
      { "X-Amz-Signature": "+zz" },
      0,
      [403, "SignatureDoesNotMatch", `${MISMATCH}key and signing method.`],
    ],
    [
      "of another algorithm",
      { "X-Amz-Algorithm": "AWS4-HMAC-SHA1" },
      0,
      [
        400,
        PARAMETERS_ERROR,
        'X-Amz-Algorithm only supports "AWS4-HMAC-SHA256 and AWS4-ECDSA-P256-SHA256"',
      ],
    ],
    [
      "without a parameter",
      { "X-Amz-SignedHeaders": undefined },
      0,
      [
        400,
        PARAMETERS_ERROR,
        "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, " +
        "X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.",
      ],
    ],
    [
      "with half a credential",
      { "X-Amz-Credential": "AKIAGATEGATEGATEGATE/20260221" },
      0,
      [
        400,
        PARAMETERS_ERROR,
        "Error parsing the X-Amz-Credential parameter; the Credential is mal-formed; expecting " +
        '"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".',
      ],
    ],
  ];

for (const [why, changed, laterMs, expected] of PRESIGNED) {
  Deno.test(`a presigned URL ${why} is answered with ${expected[1] || expected[0]}`, async () => {
    await atTheGate(async (sandbox) => {
      const { response, text } = await presigned(sandbox, changed);
      assertEquals(answerOf(response, text), expected);
    }, laterMs);
  });
}

Deno.test("a session's key is refused from the moment it expires, in each protocol", async () => {
  await atTheGate(async (sandbox, clock) => {
    const credentials = await assumeRole(sandbox);
    const signer = { credentials, date: NOW };
    for (const kind of KINDS) {
      const { response } = await answerTo(sandbox, CALLS[kind], { signer });
      assertEquals([kind, response.status], [kind, 200]);
    }
    clock.advance(900_000);
    const late = { credentials, date: new Date(NOW.getTime() + 900_000) };
    const expired = "The security token included in the request is expired";
    const expected: Readonly<Record<Kind, Answer>> = {
      json: [400, "ExpiredTokenException", expired],
      query: [403, "ExpiredToken", expired],
      restJson: [403, "ExpiredTokenException", expired],
      s3: [400, "ExpiredToken", "The provided token has expired."],
    };
    for (const kind of KINDS) {
      const { response, text } = await answerTo(sandbox, CALLS[kind], { signer: late });
      assertEquals([kind, ...answerOf(response, text)], [kind, ...expected[kind]]);
    }
  });
});

Deno.test("the query protocol takes its form in the address, signed in headers or presigned", async () => {
  await atTheGate(async (sandbox) => {
    const form = { Action: "GetCallerIdentity", Version: "2011-06-15" };
    const call = { service: "sts", method: "GET", path: "/", query: form };
    const host = new URL(sandbox.endpoint).host;
    const headers = await signedHeaders(host, call, { credentials: KEY, date: NOW });
    const signed = await fetch(`${sandbox.endpoint}/?${new URLSearchParams(form)}`, { headers });
    assertStringIncludes(await signed.text(), "<Arn>arn:aws:iam::123456789012:root</Arn>");
    // As botocore's generate_presigned_url does: over the hash of an empty body, except for S3.
    const signer = new SignatureV4({
      service: "sts",
      region: "us-east-1",
      credentials: KEY,
      sha256: Sha256,
    });
    const request = { method: "GET", path: "/", protocol: "http:", hostname: host, query: form };
    const { query } = await signer.presign({ ...request, headers: { host } }, {
      signingDate: NOW,
      expiresIn: 60,
    });
    const search = new URLSearchParams(Object.entries(query ?? {}).map(([k, v]) => [k, String(v)]));
    const presigned = await fetch(`${sandbox.endpoint}/?${search}`);
    assertStringIncludes(await presigned.text(), "<Arn>arn:aws:iam::123456789012:root</Arn>");
    const metrics = { ...call, service: "monitoring", query: { Action: "ListMetrics" } };
    const listed = await fetch(`${sandbox.endpoint}/?Action=ListMetrics`, {
      headers: await signedHeaders(host, metrics, { credentials: KEY, date: NOW }),
    });
    assertStringIncludes(await listed.text(), "<ListMetricsResult>");
  });
});

/** A role that may do everything, assumed by a user for 15 minutes. */
async function assumeRole(sandbox: Sandbox) {
  const form = async (
    service: "iam" | "sts",
    parameters: Record<string, string>,
    credentials = KEY,
  ) => {
    const Version = { iam: "2010-05-08", sts: "2011-06-15" }[service];
    const body = new URLSearchParams({ Version, ...parameters }).toString();
    const call = { ...CALLS.query, service, body };
    const { response, text } = await answerTo(sandbox, call, { signer: { credentials } });
    assertEquals(response.status, 200, text);
    const found = (element: string) => new RegExp(`<${element}>([^<]*)<`).exec(text)?.[1] ?? "";
    return {
      accessKeyId: found("AccessKeyId"),
      secretAccessKey: found("SecretAccessKey"),
      sessionToken: found("SessionToken"),
    };
  };
  const PolicyArn = "arn:aws:iam::aws:policy/AdministratorAccess";
  await form("iam", { Action: "CreateUser", UserName: "u" });
  await form("iam", { Action: "AttachUserPolicy", UserName: "u", PolicyArn });
  const { sessionToken: _none, ...key } = await form("iam", {
    Action: "CreateAccessKey",
    UserName: "u",
  });
  const Statement = {
    Effect: "Allow",
    Principal: { AWS: "123456789012" },
    Action: "sts:AssumeRole",
  };
  await form("iam", {
    Action: "CreateRole",
    RoleName: "r",
    AssumeRolePolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement }),
  });
  await form("iam", {
    Action: "AttachRolePolicy",
    RoleName: "r",
    PolicyArn,
  });
  const session = {
    Action: "AssumeRole",
    RoleArn: "arn:aws:iam::123456789012:role/r",
    RoleSessionName: "shift",
    DurationSeconds: "900",
  };
  return await form("sts", session, key);
}

Deno.test("conditions, checksums and the source of a copy count in a presigned query", async () => {
  await atTheGate(async (sandbox) => {
    const bucket = { ...CALLS.s3, method: "PUT", path: "/records" };
    await answerTo(sandbox, bucket);
    const send = (method: string, path: string, query: Record<string, string>, body?: string) =>
      sendPresigned(sandbox, { method, path, query, body });
    assertEquals(await send("PUT", "/records/k", { "x-amz-checksum-crc32": "AAAAAA==" }, "one"), [
      200,
      "",
    ]);
    for (
      const [method, path, query, expected] of [
        ["PUT", "/records/k", { "If-None-Match": "*" }, [412, "PreconditionFailed"]],
        ["PUT", "/records/k", { "if-match": '"0"' }, [412, "PreconditionFailed"]],
        ["GET", "/records/k", { "if-match": '"0"' }, [412, "PreconditionFailed"]],
        ["PUT", "/records/k", { "x-amz-checksum-crc32": "jNyDFQ==" }, [400, "BadDigest"]],
        ["PUT", "/records/c", { "x-amz-copy-source": "/records/nope" }, [404, "NoSuchKey"]],
        ["PUT", "/records/c", { "x-amz-copy-source": "/records/k" }, [200, ""]],
      ] as const
    ) {
      const body = method === "PUT" && !("x-amz-copy-source" in query) ? "two" : undefined;
      assertEquals([query, ...await send(method, path, query, body)], [query, ...expected]);
    }
    assertEquals(await send("HEAD", "/records/c", {}), [200, ""]);
  });
});

Deno.test("the checksums of an empty body are those of the algorithms", async () => {
  for (const algorithm of CHECKSUM_ALGORITHMS) {
    assertEquals([algorithm, EMPTY_SUMS.get(algorithm)], [
      algorithm,
      await digestOf(algorithm).base64(),
    ]);
  }
});

/** Status and error code of a request to a presigned address. */
async function sendPresigned(
  { endpoint }: Sandbox,
  { method, path, query, body }: {
    readonly method: string;
    readonly path: string;
    readonly query: Record<string, string>;
    readonly body: string | undefined;
  },
): Promise<[status: number, code: string]> {
  const signer = new SignatureV4({
    service: "s3",
    region: "us-east-1",
    credentials: KEY,
    sha256: Sha256,
    uriEscapePath: false,
  });
  const { host } = new URL(endpoint);
  const headers = { host, "x-amz-content-sha256": "UNSIGNED-PAYLOAD" };
  const request = { method, path, protocol: "http:", hostname: host, headers, query };
  const signed = await signer.presign(request, { signingDate: NOW, expiresIn: 60 });
  const search = Object.entries(signed.query ?? {}).map(([name, value]) =>
    `${name}=${encodeURIComponent(String(value))}`
  );
  const response = await fetch(`${endpoint}${path}?${search.join("&")}`, { method, body });
  const [status, code] = answerOf(response, await response.text());
  return [status, code];
}
