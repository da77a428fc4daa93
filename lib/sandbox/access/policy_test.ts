import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { evaluate, type Verdict } from "./policy.ts";
import { parsePolicy } from "./policy_document.ts";
import { replaceVariables } from "./variables.ts";
import { arnMatches, wildcardMatches } from "./wildcards.ts";

/** What a statement says to `s3:GetObject` on `arn:aws:s3:::b/k/x` with these condition values. */
function verdict(
  statement: Record<string, unknown>,
  values: Record<string, string | string[]> = {},
  resource = "arn:aws:s3:::b/k/x",
): Verdict {
  const document = JSON.stringify({
    Version: "2012-10-17",
    Statement: { Effect: "Allow", Action: "s3:GetObject", Resource: "*", ...statement },
  });
  return evaluate(parsePolicy(document, "identity"), {
    action: "s3:GetObject",
    resource,
    values: new Map(
      Object.entries(values).map(([key, value]) => [key.toLowerCase(), [value].flat()]),
    ),
  });
}

const CASES: readonly (readonly [
  statement: Record<string, unknown>,
  values: Record<string, string | string[]>,
  expected: Verdict,
  why: string,
])[] = [
  [{ Action: "S3:getobject" }, {}, "allow", "actions have no case"],
  [{ Action: "s3:Get*" }, {}, "allow", "a wildcard in the action"],
  [{ Action: ["s3:Put*", "s3:?etObject"] }, {}, "allow", "one of several actions"],
  [{ Action: "s3:Put*" }, {}, "none", "another action"],
  [{ Action: undefined, NotAction: "s3:Put*" }, {}, "allow", "all but another action"],
  [{ Action: undefined, NotAction: "s3:*" }, {}, "none", "all but this action"],
  [{ Resource: "arn:aws:s3:::b/k/*" }, {}, "allow", "a folder"],
  [{ Resource: "arn:aws:s3:::B/k/*" }, {}, "none", "resources have case"],
  [
    { Effect: "Deny", Resource: "arn:aws:s3" },
    {},
    "deny",
    "all of a service, without the other fields",
  ],
  [{ Resource: "arn:aws:firehose" }, {}, "none", "all of another service"],
  [{ Resource: undefined, NotResource: "arn:aws:s3:::b/*" }, {}, "none", "all but this bucket"],
  [{ Effect: "Deny" }, {}, "deny", "a deny"],
  [
    { Condition: { IpAddress: { "aws:SourceIp": "0.0.0.0/0" } } },
    { "aws:SourceIp": "10.0.0.1" },
    "allow",
    "every address of IPv4",
  ],
  [
    { Condition: { IpAddress: { "aws:SourceIp": "0.0.0.0/0" } } },
    { "aws:SourceIp": "::1" },
    "none",
    "an address of IPv6, which no network of IPv4 holds",
  ],
  [
    { Resource: "arn:aws:s3:::b/${aws:username}/*" },
    { "aws:username": "k" },
    "allow",
    "a variable",
  ],
  [
    { Resource: "arn:aws:s3:::b/${aws:username}/*" },
    { "aws:username": "*" },
    "none",
    "a star in a value is no wildcard",
  ],
  [{ Resource: "arn:aws:s3:::b/${aws:username}/*" }, {}, "none", "a variable without value"],
  [{ Resource: "arn:aws:s3:::b/${aws:username, 'k'}/*" }, {}, "allow", "a variable's default"],
  [
    { Condition: { StringEquals: { "aws:a": ["x", "y"] } } },
    { "aws:A": "y" },
    "allow",
    "one of the values, key without case",
  ],
  [{ Condition: { StringEquals: { "aws:a": "x" } } }, {}, "none", "a missing key"],
  [
    { Condition: { StringEqualsIfExists: { "aws:a": "x" } } },
    {},
    "allow",
    "a missing key that may be",
  ],
  [
    { Condition: { StringNotEquals: { "aws:a": ["x", "y"] } } },
    { "aws:a": "y" },
    "none",
    "none of the values",
  ],
  [
    { Condition: { StringNotEquals: { "aws:a": "x" } } },
    {},
    "allow",
    "a missing key is not equal",
  ],
  [{ Condition: { StringLike: { "aws:a": "x*" } } }, { "aws:a": "xyz" }, "allow", "a pattern"],
  [{ Condition: { Null: { "aws:a": "true" } } }, {}, "allow", "absence asked for"],
  [{ Condition: { Null: { "aws:a": "false" } } }, {}, "none", "presence asked for"],
  [
    { Condition: { NumericLessThan: { "aws:a": "10" } } },
    { "aws:a": "9" },
    "allow",
    "numbers, not text",
  ],
  [
    { Condition: { DateGreaterThan: { "aws:a": "2026-01-01T00:00:00Z" } } },
    { "aws:a": "2026-06-01T00:00:00Z" },
    "allow",
    "a later date",
  ],
  [{ Condition: { Bool: { "aws:a": "true" } } }, { "aws:a": "false" }, "none", "a boolean"],
  [
    { Condition: { IpAddress: { "aws:a": "10.0.0.0/8" } } },
    { "aws:a": "10.9.8.7" },
    "allow",
    "an address of the network",
  ],
  [
    { Condition: { NotIpAddress: { "aws:a": "10.0.0.0/8" } } },
    { "aws:a": "10.9.8.7" },
    "none",
    "not of the network",
  ],
  [
    { Condition: { IpAddress: { "aws:a": "2001:db8::/32" } } },
    { "aws:a": "2001:db8::1" },
    "allow",
    "IPv6",
  ],
  [
    { Condition: { ArnLike: { "aws:a": "arn:aws:s3:::b*" } } },
    { "aws:a": "arn:aws:s3:::bucket" },
    "allow",
    "an ARN",
  ],
  [
    { Condition: { "ForAllValues:StringEquals": { "aws:a": ["x", "y"] } } },
    { "aws:a": ["x", "z"] },
    "none",
    "all values",
  ],
  [
    { Condition: { "ForAllValues:StringEquals": { "aws:a": "x" } } },
    {},
    "allow",
    "all of no values",
  ],
  [
    { Condition: { "ForAnyValue:StringEquals": { "aws:a": "z" } } },
    { "aws:a": ["x", "z"] },
    "allow",
    "any value",
  ],
  [
    { Condition: { "ForAnyValue:StringEquals": { "aws:a": "z" } } },
    {},
    "none",
    "any of no values",
  ],
];

for (const [statement, values, expected, why] of CASES) {
  Deno.test(`a statement says "${expected}": ${why}`, () => {
    assertEquals(verdict(statement, values), expected);
  });
}

Deno.test("an explicit deny beats an allow, in either order", () => {
  const statements = [
    { Effect: "Allow", Action: "*", Resource: "*" },
    { Effect: "Deny", Action: "s3:*", Resource: "*" },
  ];
  for (const Statement of [statements, statements.toReversed()]) {
    const policy = parsePolicy(JSON.stringify({ Version: "2012-10-17", Statement }), "identity");
    const request = { action: "s3:GetObject", resource: "arn:aws:s3:::b/k", values: new Map() };
    assertEquals(evaluate(policy, request), "deny");
  }
});

Deno.test("a Deny with a policy variable that has no value denies, as AWS documents", () => {
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html, "Variables
  // with no value": access is explicitly denied when aws:PrincipalTag/Team is not set.
  const deny = {
    Effect: "Deny",
    Condition: { StringNotEquals: { "s3:ExistingObjectTag/Team": "${aws:PrincipalTag/Team}" } },
  };
  assertEquals(verdict(deny, { "s3:ExistingObjectTag/Team": "blue" }), "deny");
  const isBlue = { "s3:ExistingObjectTag/Team": "blue", "aws:PrincipalTag/Team": "blue" };
  assertEquals(verdict(deny, isBlue), "none");
});

Deno.test("only the resource with a variable that has no value drops out of a list", () => {
  const Resource = ["arn:aws:s3:::b/${aws:PrincipalTag/Team}/*", "arn:aws:s3:::b/k/*"];
  assertEquals(verdict({ Effect: "Deny", Resource }), "deny");
  assertEquals(verdict({ Effect: "Deny", Resource: Resource.slice(0, 1) }), "none");
  assertEquals(verdict({ Resource: undefined, NotResource: Resource }), "none");
  assertEquals(verdict({ Resource: undefined, NotResource: Resource.slice(0, 1) }), "allow");
});

Deno.test("wildcardMatches() agrees with a regular expression", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "b", "/", ":"), maxLength: 8 });
  const pattern = fc.string({ unit: fc.constantFrom("a", "b", "/", "*", "?"), maxLength: 8 });
  fc.assert(fc.property(pattern, text, (wanted, found) => {
    const model = new RegExp(`^${wanted.replaceAll("*", ".*").replaceAll("?", ".")}$`);
    assertEquals(wildcardMatches(wanted, found), model.test(found));
  }));
});

Deno.test("the value of a variable is no pattern and adds no field to an ARN", () => {
  const ofRegion = { Resource: "arn:aws:lambda:${s3:x}::c" };
  assertEquals(verdict(ofRegion, { "s3:x": "r:a:b:" }, "arn:aws:lambda:r:a:b:::c"), "none");
  const ofName = { Resource: "arn:aws:s3:::b/${s3:x}" };
  assertEquals(verdict(ofName, { "s3:x": "k:1" }, "arn:aws:s3:::b/k:1"), "allow");
});

Deno.test("a text full of half-open variables is read in a moment", () => {
  const text = "${".repeat(60_000);
  assertEquals(replaceVariables(text, () => "x"), text);
  assertEquals(replaceVariables(`a\${${" ".repeat(60_000)}`, () => "x").length, 60_003);
  assertEquals(replaceVariables("a${b}c${d}", (inner) => inner.toUpperCase()), "aBcD");
});

Deno.test("a star does not swallow the colon between two fields of an ARN", () => {
  assertEquals(arnMatches("arn:aws:s3:*:b", "arn:aws:s3:::b"), false);
  assertEquals(arnMatches("arn:aws:*:*:*:b", "arn:aws:s3:::b"), true);
  assertEquals(
    arnMatches("arn:aws:lambda:*:*:function:*", "arn:aws:lambda:r:a:function:f:1"),
    true,
  );
});
