/** Answers to requests with a wrong signature: AWS's code and text, in each protocol. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import type { Sandbox } from "../sandbox.ts";
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
  type Sent,
  type SentFault,
} from "./testing.ts";

interface Fault extends SentFault {
  readonly why: string;
  readonly answers: Partial<Record<Kind, Answer>>;
}

/** The same text under each protocol's code; undefined if a protocol has none. */
function everywhere(codes: readonly string[], texts: string | readonly string[]): Fault["answers"] {
  const [json, query, s3] = codes;
  const [text, queryText = text, s3Text = text] = typeof texts === "string" ? [texts] : texts;
  return {
    json: [400, json, text],
    query: [403, query, queryText],
    restJson: [403, json, text],
    s3: [403, s3, s3Text],
  };
}

const WRONG = ["InvalidSignatureException", "SignatureDoesNotMatch", "SignatureDoesNotMatch"];
const UNKNOWN = ["UnrecognizedClientException", "InvalidClientTokenId", "InvalidAccessKeyId"];
const AWS_MISMATCH = `${MISMATCH}AWS Secret Access Key and signing method. Consult the service ` +
  "documentation for details.";
const MISMATCHES = everywhere(WRONG, [
  AWS_MISMATCH,
  AWS_MISMATCH,
  `${MISMATCH}key and signing method.`,
]);
const TOO_SKEWED: Answer = [
  403,
  "RequestTimeTooSkewed",
  "The difference between the request time and the current time is too large.",
];
const INVALID_TOKEN = "The security token included in the request is invalid.";
const BAD_CREDENTIAL = "Credential must have exactly 5 slash-delimited elements, e.g. " +
  "keyid/date/region/service/term";
/** As in https://github.com/krobertson/deb-s3/issues/157 (2018). */
const CREDENTIAL_OF_S3 = "The authorization header is malformed; the Credential is mal-formed; " +
  'expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".';
const REQUIRES_DATE =
  "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.";
const HOST_UNSIGNED = "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.";

/** S3's text, as many issues of clients quote it; assumed for other services. */
const TWO_MECHANISMS =
  "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query " +
  "string parameter or the Authorization header should be specified";

const edit = (name: string, to: (value: string) => string | undefined) => (sent: Sent): Sent => {
  const headers = new Headers(sent.headers);
  const value = to(headers.get(name) ?? "");
  if (value === undefined) headers.delete(name);
  else headers.set(name, value);
  return { ...sent, headers };
};

const FAULTS: readonly Fault[] = [
  {
    why: "no signature",
    change: edit("authorization", () => undefined),
    answers: {
      json: [400, "MissingAuthenticationTokenException", "Missing Authentication Token"],
      query: [403, "MissingAuthenticationToken", "Request is missing Authentication Token"],
      // Nothing tells an unsigned GET of Lambda's from one of S3's.
      s3: [403, "AccessDenied", "Access Denied"],
    },
  },
  {
    why: "an unknown key",
    signer: { credentials: { ...KEY, accessKeyId: "AKIANOBODYNOBODYNOBO" } },
    answers: everywhere(UNKNOWN, [
      INVALID_TOKEN,
      INVALID_TOKEN,
      "The AWS Access Key Id you provided does not exist in our records.",
    ]),
  },
  {
    why: "a wrong secret",
    signer: { credentials: { ...KEY, secretAccessKey: "wrong" } },
    answers: MISMATCHES,
  },
  {
    why: "a session token that its key does not have",
    signer: { credentials: { ...KEY, sessionToken: "made-up" } },
    answers: {
      ...everywhere(UNKNOWN, [INVALID_TOKEN, INVALID_TOKEN.slice(0, -1)]),
      s3: [400, "InvalidToken", "The provided token is malformed or otherwise invalid."],
    },
  },
  {
    why: "a clock that is behind by more than 15 minutes",
    signer: { date: new Date(NOW.getTime() - 15 * MINUTE_MS - 1000) },
    answers: {
      ...everywhere(WRONG, [
        "Signature expired: 20260220T235959Z is now earlier than 20260221T001000Z " +
        "(20260221T001500Z - 5 min.)",
        "Signature expired: 20260220T235959Z is now earlier than 20260221T000000Z " +
        "(20260221T001500Z - 15 min.)",
      ]),
      s3: TOO_SKEWED,
    },
  },
  {
    why: "a clock that is ahead by more than 15 minutes",
    signer: { date: new Date(NOW.getTime() + 15 * MINUTE_MS + 1000) },
    answers: {
      ...everywhere(WRONG, [
        "Signature not yet current: 20260221T003001Z is still later than 20260221T002000Z " +
        "(20260221T001500Z + 5 min.)",
        "Signature not yet current: 20260221T003001Z is still later than 20260221T003000Z " +
        "(20260221T001500Z + 15 min.)",
      ]),
      s3: TOO_SKEWED,
    },
  },
  {
    why: "a clock that is behind by 5 minutes and a second",
    signer: { date: new Date(NOW.getTime() - 5 * MINUTE_MS - 1000) },
    answers: {
      json: [
        400,
        "InvalidSignatureException",
        "Signature expired: 20260221T000959Z is now earlier than 20260221T001000Z " +
        "(20260221T001500Z - 5 min.)",
      ],
      query: [200, "", ""],
      s3: [200, "", ""],
    },
  },
  {
    why: "a body that was changed",
    change: (sent) => ({ ...sent, body: sent.body === undefined ? undefined : `${sent.body} ` }),
    answers: { json: MISMATCHES.json, query: MISMATCHES.query },
  },
  {
    why: "a query that was changed",
    change: (sent) => ({ ...sent, path: `${sent.path}?prefix=x` }),
    answers: MISMATCHES,
  },
  {
    why: "a signed header that was changed",
    change: edit("x-amz-date", (date) => date.replace(/..Z$/, "01Z")),
    answers: MISMATCHES,
  },
  ...([
    ["letters after the signature's digits", (text: string) => `${text}zz`],
    ["a blank and more after the signature's digits", (text: string) => `${text} more`],
    ["digits after the signature's digits", (text: string) => `${text}00`],
    [
      "a signature in capitals",
      (text: string) => text.replace(/[0-9a-f]{64}/, (found) => found.toUpperCase()),
    ],
  ] as const).map(([why, change]) => ({
    why,
    change: edit("authorization", change),
    answers: MISMATCHES,
  })),
  {
    why: "a region that AWS does not have",
    signer: { region: "eu-west-9" },
    answers: {
      ...everywhere(WRONG, "Credential should be scoped to a valid region. "),
      s3: [
        400,
        "AuthorizationHeaderMalformed",
        "The authorization header is malformed; the region 'eu-west-9' is wrong; expecting " +
        "'us-east-1'",
      ],
    },
  },
  {
    why: "an Authorization header beside a presigned query",
    change: (sent) => ({ ...sent, path: `${sent.path}?X-Amz-Algorithm=AWS4-HMAC-SHA256` }),
    answers: {
      json: [400, "IncompleteSignatureException", TWO_MECHANISMS],
      s3: [400, "InvalidArgument", TWO_MECHANISMS],
    },
  },
  {
    why: "an algorithm that only begins as Signature Version 4",
    change: edit("authorization", (text) => text.replace("SHA256 ", "SHA256X ")),
    answers: {
      json: [
        400,
        "IncompleteSignatureException",
        "Authorization=AWS4-HMAC-SHA256X",
      ],
    },
  },
  {
    // https://github.com/versity/versitygw/issues/1705 (2025-12).
    why: "a scheme that S3 does not know",
    change: edit(
      "authorization",
      (text) => text.replace("SHA256 ", "SHA25 "),
    ),
    answers: { s3: [400, "InvalidArgument", "Unsupported Authorization Type"] },
  },
  {
    // https://github.com/laurilehmijoki/s3_website/issues/178 (2015).
    why: "version 2 with several blanks",
    change: edit("authorization", () => "AWS <$= key:signature"),
    answers: {
      s3: [
        400,
        "InvalidArgument",
        "Authorization header is invalid -- one and only one ' ' (space) required",
      ],
    },
  },
  {
    // Authentication_missing_signature of https://github.com/versity/versitygw (2026-08).
    why: "an Authorization header with another part than the signature",
    change: edit("authorization", (text) => text.replace("Signature=", "Sign=")),
    answers: {
      s3: [
        400,
        "AuthorizationHeaderMalformed",
        "The authorization header is malformed; missing Signature.",
      ],
    },
  },
  {
    // Authentication_malformed_component of https://github.com/versity/versitygw (2026-08).
    why: "an Authorization header with a part that has no value",
    change: edit("authorization", (text) => text.replace(/SignedHeaders=[^,]*/, "SignedHeaders")),
    answers: {
      s3: [
        400,
        "AuthorizationHeaderMalformed",
        'The authorization header is malformed; the authorization component "SignedHeaders" is ' +
        "malformed.",
      ],
    },
  },
  {
    // test_object_create_bad_authorization_empty of https://github.com/ceph/s3-tests (2026-05).
    why: "an empty Authorization header",
    change: edit("authorization", () => ""),
    answers: { s3: [403, "AccessDenied", "Access Denied"] },
  },
  {
    why: "an Authorization header without its parts",
    change: edit("authorization", (text) => text.replace(/, SignedHeaders.*/, "")),
    answers: {
      json: [
        400,
        "IncompleteSignatureException",
        "Authorization header requires 'Signature' parameter. Authorization header requires " +
        "'SignedHeaders' parameter. Authorization=AWS4-HMAC-SHA256",
      ],
      // https://github.com/ex-aws/ex_aws/issues/537 (2018).
      s3: [
        400,
        "AuthorizationHeaderMalformed",
        "The authorization header is malformed; the authorization header requires three " +
        "components: Credential, SignedHeaders, and Signature.",
      ],
      query: [
        400,
        "IncompleteSignature",
        "Authorization header requires 'Signature' parameter. Authorization header requires " +
        "'SignedHeaders' parameter. Authorization=AWS4-HMAC-SHA256",
      ],
    },
  },
  {
    why: "a credential with a part missing",
    change: edit("authorization", (text) => text.replace("/us-east-1", "")),
    answers: {
      json: [400, "IncompleteSignatureException", BAD_CREDENTIAL],
      query: [400, "IncompleteSignature", BAD_CREDENTIAL],
      s3: [
        400,
        "AuthorizationHeaderMalformed",
        CREDENTIAL_OF_S3,
      ],
    },
  },
  {
    why: "no date",
    change: edit("x-amz-date", () => undefined),
    answers: {
      json: [400, "IncompleteSignatureException", REQUIRES_DATE],
      query: [400, "IncompleteSignature", REQUIRES_DATE],
      restJson: [403, "IncompleteSignatureException", REQUIRES_DATE],
      s3: [403, "AccessDenied", "AWS authentication requires a valid Date or x-amz-date header"],
    },
  },
  {
    why: "a Host that is not signed",
    signer: { unsigned: ["host"] },
    answers: {
      json: [400, "InvalidSignatureException", HOST_UNSIGNED],
      query: [403, "SignatureDoesNotMatch", HOST_UNSIGNED],
      restJson: [403, "InvalidSignatureException", HOST_UNSIGNED],
      s3: [
        403,
        "AccessDenied",
        "There were headers present in the request which were not signed",
      ],
    },
  },
];

Deno.test("a correctly signed request is answered, in each protocol", async () => {
  await atTheGate(async (sandbox) => {
    for (const kind of KINDS) {
      const { response, text } = await answerTo(sandbox, CALLS[kind]);
      assertEquals([kind, answerOf(response, text)[0]], [kind, 200], text);
    }
  });
});

for (const fault of FAULTS) {
  Deno.test(`a request with ${fault.why} gets AWS's answer, in each protocol`, async () => {
    await atTheGate(async (sandbox) => {
      for (const kind of KINDS) {
        const expected = fault.answers[kind];
        if (!expected) continue;
        const { response, text } = await answerTo(sandbox, CALLS[kind], fault);
        assertEquals([kind, ...answerOf(response, text)], [kind, ...expected]);
      }
    });
  });
}

Deno.test("S3 shows the text that it signed, so a signer can be corrected", async () => {
  await atTheGate(async (sandbox) => {
    const wrong = { credentials: { ...KEY, secretAccessKey: "wrong" } };
    const { text } = await answerTo(sandbox, CALLS.s3, { signer: wrong });
    assertStringIncludes(text, "<AWSAccessKeyId>AKIAGATEGATEGATEGATE</AWSAccessKeyId>");
    assertStringIncludes(
      text,
      "<StringToSign>AWS4-HMAC-SHA256&#x0A;20260221T001500Z&#x0A;20260221/us-",
    );
    assertStringIncludes(text, "<StringToSignBytes>41 57 53 34 2d 48 4d 41 43 ");
    assertStringIncludes(text, "<CanonicalRequest>GET&#x0A;/&#x0A;&#x0A;host:127.0.0.1:");
  });
});

Deno.test("S3 names the times of a request that is too old, and the headers that are not signed", async () => {
  await atTheGate(async (sandbox) => {
    const old = { date: new Date(NOW.getTime() - 16 * MINUTE_MS) };
    const skewed = await answerTo(sandbox, CALLS.s3, { signer: old });
    assertStringIncludes(
      skewed.text,
      "<RequestTime>20260220T235900Z</RequestTime><ServerTime>2026-02-21T00:15:00Z</ServerTime>" +
        "<MaxAllowedSkewMilliseconds>900000</MaxAllowedSkewMilliseconds>",
    );
    const added = edit("x-amz-acl", () => "private");
    const unsigned = await answerTo(sandbox, CALLS.s3, { change: added });
    assertEquals(answerOf(unsigned.response, unsigned.text), [
      403,
      "AccessDenied",
      "There were headers present in the request which were not signed",
    ]);
    assertStringIncludes(unsigned.text, "<HeadersNotSigned>x-amz-acl</HeadersNotSigned>");
  });
});

Deno.test("a service that replaced query keeps its statuses and codes for older clients", async () => {
  await atTheGate(async (sandbox) => {
    const call = {
      service: "monitoring",
      method: "POST",
      path: "/",
      headers: {
        "content-type": "application/x-amz-json-1.0",
        "x-amz-target": "GraniteServiceVersion20100801.ListMetrics",
      },
      body: "{}",
    };
    const cbor = {
      ...call,
      path: "/service/GraniteServiceVersion20100801/operation/ListMetrics",
      headers: { "content-type": "application/cbor", "smithy-protocol": "rpc-v2-cbor" },
      body: Uint8Array.of(0xa0),
    };
    const user = await poorUser(sandbox);
    // AccessDenied as captured of SQS's JSON on AWS, 2026-10.
    for (
      const [credentials, code] of [
        [user, "AccessDenied"],
        [{ ...KEY, secretAccessKey: "wrong" }, "SignatureDoesNotMatch"],
        [{ ...KEY, accessKeyId: "AKIANOBODYNOBODYNOBO" }, "InvalidClientTokenId"],
      ] as const
    ) {
      for (const sent of [call, cbor]) {
        const { response } = await answerTo(sandbox, sent, { signer: { credentials } });
        assertEquals(
          [response.status, response.headers.get("x-amzn-query-error")],
          [403, `${code};Sender`],
        );
      }
    }
  });
});

Deno.test("S3 asks for version 4 if headers are signed with version 2", async () => {
  await atTheGate(async (sandbox) => {
    const headers = {
      authorization: `AWS ${KEY.accessKeyId}:c2lnbmF0dXJl`,
      date: NOW.toUTCString(),
    };
    const response = await fetch(`${sandbox.endpoint}/b/k`, { headers });
    const text = await response.text();
    assertEquals(answerOf(response, text), [
      400,
      "InvalidRequest",
      "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.",
    ]);
    const requestId = response.headers.get("x-amz-request-id");
    assertStringIncludes(text, `<RequestId>${requestId}</RequestId>`);
  });
});

/** The key of a user who may do nothing. */
async function poorUser(sandbox: Sandbox) {
  const iam = (body: string) => answerTo(sandbox, { ...CALLS.query, body });
  await iam("Action=CreateUser&Version=2010-05-08&UserName=poor");
  const { text } = await iam("Action=CreateAccessKey&Version=2010-05-08&UserName=poor");
  const element = (name: string) => new RegExp(`<${name}>([^<]*)<`).exec(text)?.[1] ?? "";
  return { accessKeyId: element("AccessKeyId"), secretAccessKey: element("SecretAccessKey") };
}

Deno.test("metadata in UTF-8 is accepted as signed, and returned as encoded words", async () => {
  await atTheGate(async (sandbox) => {
    const bucket = { ...CALLS.s3, method: "PUT", path: "/records" };
    const note = "Größe – 大";
    const headers = { ...CALLS.s3.headers, "x-amz-meta-note": note };
    await answerTo(sandbox, bucket);
    const put = await answerTo(sandbox, { ...bucket, path: "/records/k", headers });
    assertEquals(put.response.status, 200);
    const { response } = await answerTo(sandbox, { ...CALLS.s3, path: "/records/k" });
    const words = "=?UTF-8?B?R3LDg8K2w4PCn2Ugw6LCgMKTIMOlwqTCpw==?="; // of its bytes as Latin-1
    assertEquals(response.headers.get("x-amz-meta-note"), words);
  });
});
