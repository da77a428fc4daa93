/**
 * Which policy documents IAM refuses, and with which text. Sources of the rows: "2026" was measured
 * on AWS on 2026-09-03 to 2026-09-07 (cdk-preflight 0.0.143, `rules/iam`, its meta.yaml files),
 * "moto" was measured by the authors of moto's `test_iam_policies.py`, "assumed" by nobody.
 */
import { assertEquals, assertThrows } from "@std/assert";
import { evaluate } from "./policy.ts";
import { parsePolicy, PolicyFault, type PolicyKind, storedPolicy } from "./policy_document.ts";

const Version = "2012-10-17";
const SYNTAX = "Syntax errors in policy.";
const LEGACY = "The policy failed legacy parsing";

/** A document with one statement that allows s3:GetObject on a bucket, but for `changes`. */
const documentOf = (changes: Readonly<Record<string, unknown>>) =>
  JSON.stringify({
    Version,
    Statement: { Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::b", ...changes },
  });
const trustOf = (changes: Readonly<Record<string, unknown>>) =>
  JSON.stringify({
    Version,
    Statement: {
      Effect: "Allow",
      Action: "sts:AssumeRole",
      Principal: { Service: "firehose.amazonaws.com" },
      ...changes,
    },
  });
const withCondition = (operator: string, value: unknown, key = "s3:max-keys") =>
  documentOf({ Condition: { [operator]: { [key]: value } } });

const IAM_PATH =
  'IAM resource path must either be "*" or start with user/, federated-user/, role/, group/, ' +
  "instance-profile/, mfa/, server-certificate/, policy/, sms-mfa/, saml-provider/, " +
  "oidc-provider/, report/, access-report/.";

const IDENTITY: readonly (readonly [source: string, text: string, document: string])[] = [
  ["moto", SYNTAX, "This is not a json document"],
  ["2026", SYNTAX, JSON.stringify({ Version })],
  ["2026", SYNTAX, JSON.stringify({ Version, Statement: [] })],
  ["moto", SYNTAX, JSON.stringify({ Version, Statement: ["afd"] })],
  ["2026", SYNTAX, JSON.stringify({ Version: "2012-10-18", Statement: [] })],
  ["2026", SYNTAX, JSON.stringify({ Version, Comment: "x", Statement: [] })],
  [
    "moto",
    SYNTAX,
    JSON.stringify({ Version, Id: {}, Statement: JSON.parse(documentOf({})).Statement }),
  ],
  ["2026", SYNTAX, documentOf({ Actions: "s3:GetObject" })],
  ["2026", SYNTAX, documentOf({ NotAction: "s3:PutObject" })],
  ["2026", SYNTAX, documentOf({ NotResource: "*" })],
  ["moto", SYNTAX, documentOf({ NotResource: [] })],
  ["assumed", SYNTAX, documentOf({ Principal: "*", NotPrincipal: "*" })],
  ["2026", SYNTAX, documentOf({ Effect: undefined })],
  ["moto", SYNTAX, documentOf({ Effect: "invalid" })],
  ["2026", LEGACY, documentOf({ Effect: "allow" })],
  ["moto", SYNTAX, documentOf({ Sid: {} })],
  ["moto", SYNTAX, documentOf({ Action: [[]] })],
  ["moto", SYNTAX, documentOf({ Resource: { a: "arn:aws:s3:::b" } })],
  ["moto", SYNTAX, documentOf({ Condition: "a" })],
  ["moto", SYNTAX, documentOf({ Condition: { a: "b" } })],
  ["2026", SYNTAX, withCondition("StringEqual", "a")],
  ["2026", SYNTAX, withCondition("NullIfExists", "true")],
  ["moto", SYNTAX, withCondition("ForAnyValue::StringEqualsIfExists", "a")],
  ["2026", SYNTAX, withCondition("StringEquals", { a: "b" })],
  ["2026", SYNTAX, withCondition("StringEquals", [{ a: "b" }])],
  ["2026", SYNTAX, withCondition("BinaryEquals", "!!!")],
  ["2026", SYNTAX, withCondition("BinaryEquals", "YWJj==")],
  ["2026", LEGACY, withCondition("NumericLessThan", "abc")],
  ["2026", LEGACY, withCondition("NumericLessThan", " 10")],
  ["2026", LEGACY, withCondition("NumericNotEquals", "0x10")],
  ["2026", LEGACY, withCondition("DateGreaterThan", "tomorrow")],
  ["2026", LEGACY, withCondition("DateGreaterThan", "2026/01/01")],
  ["2026", LEGACY, withCondition("DateNotEquals", "2026-13-45")],
  ["2026", LEGACY, withCondition("DateLessThan", "Mon, 30 Nov 2026 00:00:00 GMT")],
  ["moto", LEGACY, withCondition("DateLessThan", "9223372036854775808")],
  ["2026", LEGACY, withCondition("IpAddress", "203.0.113.999/24")],
  ["2026", LEGACY, withCondition("IpAddress", "10.0.0.0/33")],
  ["2026", LEGACY, withCondition("NotIpAddress", "example.com")],
  ["2026", LEGACY, withCondition("IpAddress", "10.0.0.0 ")],
  ["assumed", LEGACY, withCondition("IpAddress", "10.0.0.0/")],
  ["assumed", LEGACY, withCondition("IpAddress", "10.0.0.0/abc")],
  ["assumed", LEGACY, withCondition("IpAddress", "10.0.0.0/-32")],
  ["2026", LEGACY, withCondition("ArnLike", "nope")],
  ["2026", LEGACY, withCondition("ArnLike", "arn:aws:s3:b")],
  ["2026", LEGACY, withCondition("ArnNotEquals", "${aws:PrincipalArn}")],
  [
    "2026",
    "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular " +
    "expression [0-9A-Za-z]*",
    documentOf({ Sid: "a-b" }),
  ],
  [
    "2026",
    "Statement IDs (SID) in a single policy must be unique.",
    JSON.stringify({
      Version,
      Statement: [1, 2].map(() => JSON.parse(documentOf({ Sid: "same" })).Statement),
    }),
  ],
  ["2026", "Policy document should not specify a principal.", documentOf({ Principal: "*" })],
  ["2026", "Policy document should not specify a principal.", documentOf({ NotPrincipal: "*" })],
  ["2026", "Policy statement must contain actions.", documentOf({ Action: undefined })],
  ["moto", "Policy statement must contain actions.", documentOf({ Action: [] })],
  ["2026", "Policy statement must contain resources.", documentOf({ Resource: undefined })],
  ["moto", "Policy statement must contain resources.", documentOf({ Resource: [] })],
  ["moto", 'Resource adf must be in ARN format or "*".', documentOf({ Resource: ["adf"] })],
  ["moto", 'Resource  must be in ARN format or "*".', documentOf({ Resource: "" })],
  [
    "2026",
    'Partition "aws-cn" is not valid for resource "arn:aws-cn:s3:::b".',
    documentOf({ Resource: "arn:aws-cn:s3:::b" }),
  ],
  [
    "moto",
    'Partition "s3" is not valid for resource "arn:s3:::example_bucket:*".',
    documentOf({ Resource: "aws:s3:::example_bucket" }),
  ],
  [
    "moto",
    'Partition "bsdfdsafsad" is not valid for resource "arn:bsdfdsafsad:*:*:*:*".',
    documentOf({ Resource: "a:bsdfdsafsad" }),
  ],
  [
    "moto",
    'Partition "b" is not valid for resource "arn:b:c:d:e:f:g:h".',
    documentOf({ Resource: "a:b:c:d:e:f:g:h" }),
  ],
  ["2026", LEGACY, documentOf({ Resource: "arn:aws:s3:b" })],
  ["moto", LEGACY, documentOf({ Resource: "arn:aws:s3::example_bucket" })],
  ["moto", LEGACY, documentOf({ Resource: "arn:aws::::example_bucket" })],
  [
    "2026",
    "Resource vendor must be fully qualified and cannot contain regexes.",
    documentOf({ Resource: "arn:aws:*:::b" }),
  ],
  [
    "moto",
    "Resource vendor must be fully qualified and cannot contain regexes.",
    documentOf({ Resource: "arn:aws" }),
  ],
  [
    "2026",
    "Resource arn:aws:s3:us-east-1::b can not contain region information.",
    documentOf({ Resource: "arn:aws:s3:us-east-1::b" }),
  ],
  [
    "2026",
    "Resource arn:aws:s3::111122223333:b cannot contain an account id.",
    documentOf({ Resource: "arn:aws:s3::111122223333:b" }),
  ],
  [
    "moto",
    "IAM resource arn:aws:iam:us-east-1::user/u cannot contain region information.",
    documentOf({ Resource: "arn:aws:iam:us-east-1::user/u" }),
  ],
  ["moto", IAM_PATH, documentOf({ Resource: "arn:aws:iam:::example_bucket" })],
  [
    "2026",
    "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.",
    documentOf({ Action: "everything" }),
  ],
  [
    "moto",
    "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.",
    documentOf({ Action: undefined, NotAction: "" }),
  ],
  [
    "2026",
    "Actions/Condition can contain only one colon.",
    documentOf({ Action: "s3:Get:Object" }),
  ],
  [
    "2026",
    "Action vendors (e.g., aws, ec2, etc.) must not contain wildcards.",
    documentOf({ Action: "s3*:GetObject" }),
  ],
  ["moto", "Vendor a a is not valid", documentOf({ Action: "a a:ListBucket" })],
];

const ONLY_ASSUME_ROLE = "AssumeRole policy may only specify STS AssumeRole actions.";
const STAR = 'AssumeRolepolicy contained an invalid principal: "STAR":"*"';

const TRUST: readonly (readonly [source: string, text: string, document: string])[] = [
  ["captured 2025-03", "This policy contains invalid Json", "{"],
  ["2026", "Has prohibited field Resource", trustOf({ Resource: "*" })],
  ["assumed", "AssumeRole policy must not contain resources.", trustOf({ NotResource: "*" })],
  [
    "assumed",
    "AssumeRole policy must not contain NotPrincipal field.",
    trustOf({ Principal: undefined, NotPrincipal: { AWS: "123456789012" } }),
  ],
  ["assumed", "Missing required field Principal", trustOf({ Principal: undefined })],
  ["2026", STAR, trustOf({ Principal: "*" })],
  ...["*", "sts:*", "sts:assumerole", "sts:GetCallerIdentity", "s3:GetObject"].map((Action) =>
    ["2026", ONLY_ASSUME_ROLE, trustOf({ Action })] as const
  ),
  ...["*", "lambda.example.com", "tagging.amazonaws.com", "nope.amazonaws.com"].map((Service) =>
    [
      "2026",
      `Invalid principal in policy: "SERVICE":"${Service}"`,
      trustOf({ Principal: { Service } }),
    ] as const
  ),
  [
    "2026",
    "A condition block must be present for the Cognito provider",
    trustOf({ Principal: { Federated: "cognito-identity.amazonaws.com" } }),
  ],
];

for (const [kind, rows] of [["identity", IDENTITY], ["trust", TRUST]] as const) {
  for (const [source, text, document] of rows) {
    Deno.test(`IAM refuses the ${kind} policy ${document} with "${text}" (${source})`, () => {
      const { message } = assertThrows(() => parsePolicy(document, kind), PolicyFault);
      assertEquals(message, text);
    });
  }
}

const ACCEPTED: readonly (readonly [source: string, kind: PolicyKind, document: string])[] = [
  ...["*", "arn:*:s3:::b", "arn:aws:s3:::b*", "arn:aws:fdsasf", "arn:aws:s33:::b"].map((Resource) =>
    ["2026 and moto", "identity", documentOf({ Resource })] as const
  ),
  ...[
    "arn:aws:s3:us-east-1:111122223333:accesspoint/ap",
    "arn:aws:cloudfront:us-east-1::distribution/x",
    "arn:aws:iam::*:user/${aws:username}",
    "arn:aws:iam:::user/example_bucket",
  ].map((Resource) => ["2026 and moto", "identity", documentOf({ Resource })] as const),
  ...["*", "s3:*", "S3:get*", "s3.s:ListBucket", "iam: asdf safdsf af "].map((Action) =>
    ["2026 and moto", "identity", documentOf({ Action })] as const
  ),
  ...["10", 10, "10.5", "-1", "1e3"].map((value) =>
    ["2026", "identity", withCondition("NumericLessThan", value)] as const
  ),
  ...[
    ...["2026", "2026-01", "2026-01-01", "2026-01-01T00:00Z", "2026-01-01T00:00:00.000Z"],
    ...["2026-01-01T00:00+09:00", "1767225600", "-292275054", "2016-12-13t2:00:00.593194+23"],
  ].map((value) => ["2026 and moto", "identity", withCondition("DateLessThan", value)] as const),
  ...["203.0.113.0/24", "203.0.113.5", "0.0.0.0/0", "2001:db8::/32", "2001:db8::1", "::/0"].map(
    (value) => ["2026", "identity", withCondition("IpAddress", value)] as const,
  ),
  ...["arn:*:s3:::b", "arn:aws:*:*:*:*", "*"].map((value) =>
    ["2026", "identity", withCondition("ArnLike", value)] as const
  ),
  ["2026", "identity", withCondition("BinaryEquals", "YWJjZA==")],
  ["2026", "identity", withCondition("ForAllValues:Null", "true")],
  ["moto", "identity", documentOf({ Condition: {} })],
  ["moto", "identity", documentOf({ Condition: { DateGreaterThan: {} } })],
  ["moto", "identity", documentOf({ Condition: { DateGreaterThan: { a: [] } } })],
  ["2026", "trust", trustOf({ Action: ["sts:AssumeRole", "sts:TagSession"] })],
  ["2026", "trust", trustOf({ Principal: { AWS: "*" } })],
  [
    "2026",
    "trust",
    trustOf({ Principal: { Service: ["lambda.amazonaws.com", "events.amazonaws.com"] } }),
  ],
  ["documented", "trust", trustOf({ Principal: { Service: "logs.eu-west-1.amazonaws.com" } })],
];

for (const [source, kind, document] of ACCEPTED) {
  Deno.test(`IAM takes the ${kind} policy ${document} (${source})`, () => {
    parsePolicy(document, kind);
  });
}

Deno.test("a managed policy must have version 2012-10-17 (moto), an inline one need not (SAM's)", () => {
  const { Version: _, ...without } = JSON.parse(documentOf({}));
  for (const document of [{ Version: "2008-10-17", ...without }, without]) {
    const text = JSON.stringify(document);
    parsePolicy(text, "identity");
    assertThrows(
      () => parsePolicy(text, "managed"),
      PolicyFault,
      "Policy document must be version 2012-10-17 or greater.",
    );
  }
});

Deno.test("a document that was stored before IAM's checks never applies where it is malformed", () => {
  const good = { Effect: "Allow", Action: "s3:PutObject", Resource: "*" };
  const request = (action: string) => ({ action, resource: "arn:aws:s3:::b", values: new Map() });
  // Statements with the same Sid are well formed by themselves.
  const rows = IDENTITY.filter(([, text]) => !text.endsWith("must be unique."));
  for (const [, , document] of rows) {
    const policy = storedPolicy(document, "identity");
    assertEquals(evaluate(policy, request("s3:GetObject")), "none", document);
  }
  const { Statement: bad } = JSON.parse(withCondition("NotIpAddress", "10.0.0.0/abc"));
  const mixed = storedPolicy(JSON.stringify({ Version, Statement: [bad, good] }), "identity");
  assertEquals(evaluate(mixed, request("s3:GetObject")), "none");
  assertEquals(evaluate(mixed, request("s3:PutObject")), "allow");
});
