/**
 * Random policies and requests: the evaluation against a model written from AWS's pages on
 * evaluation logic, condition operators and policy variables, with regular expressions and plain
 * loops in place of the real matchers.
 */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { evaluate, type Verdict } from "./policy.ts";
import { storedPolicy } from "./policy_document.ts";

// --- the model -----------------------------------------------------------------------------------

type Values = Readonly<Record<string, readonly string[]>>;
type Many = string | readonly string[];

interface ModelStatement {
  readonly Effect: "Allow" | "Deny";
  readonly Action?: Many;
  readonly NotAction?: Many;
  readonly Resource?: Many;
  readonly NotResource?: Many;
  readonly Condition: Readonly<Record<string, Readonly<Record<string, Many>>>>;
}

interface ModelRequest {
  readonly action: string;
  readonly resource: string;
  readonly values: Values;
}

const RESOURCE_TEXT = /^(\*|arn:(aws|\*):s3:::.+)$/;
const NUMBER = /^-?\d+(\.\d+)?(e\d+)?$/;
const DATE = /^(\d{4}-(0[1-9]|1[0-2])-\d\d(T\d\d:\d\d:\d\dZ)?|\d{1,3}|\d{5,})$/;
const NETWORK = /^((25[0-5]|2[0-4]\d|1?\d?\d)(\.(?=\d)|(?=\/|$))){4}(\/([12]?\d|3[0-2]))?$/;

/** What AWS takes as a value of an operator; everything else makes the statement malformed. */
function isWellFormed(operator: string, value: string): boolean {
  if (/Numeric/.test(operator)) return NUMBER.test(value);
  if (/Date/.test(operator)) return DATE.test(value);
  if (/IpAddress/.test(operator)) return NETWORK.test(value);
  if (/Arn/.test(operator)) return value === "*" || /^arn:(.*?:){4}.+$/.test(value);
  if (/Binary/.test(operator)) return /^[A-Za-z]{4}$/.test(value);
  return true;
}

function modelVerdict(statements: readonly ModelStatement[], request: ModelRequest): Verdict {
  const applying = statements.filter((statement) => modelApplies(statement, request));
  if (applying.some(({ Effect }) => Effect === "Deny")) return "deny";
  return applying.length > 0 ? "allow" : "none";
}

function modelApplies(statement: ModelStatement, { action, resource, values }: ModelRequest) {
  const { Action, NotAction, Resource, NotResource, Condition } = statement;
  const isMalformed = (Action !== undefined) === (NotAction !== undefined) ||
    (Resource !== undefined) === (NotResource !== undefined) ||
    [Resource ?? [], NotResource ?? []].flat(2).some((text) => !RESOURCE_TEXT.test(text)) ||
    Object.entries(Condition).some(([operator, block]) =>
      Object.values(block).flat().some((value) => !isWellFormed(operator, value))
    );
  if (isMalformed) return false;
  const isAction = (text: string) => like(text.toLowerCase(), action.toLowerCase());
  const isResource = (text: string) => {
    const known = resolved(text, values);
    return known !== undefined && (known === "*" || like(known, resource));
  };
  const isAbout = Action === undefined
    ? ![NotAction ?? []].flat(2).some(isAction)
    : [Action].flat(2).some(isAction);
  const isOn = Resource === undefined
    ? ![NotResource ?? []].flat(2).some(isResource)
    : [Resource].flat(2).some(isResource);
  return isAbout && isOn &&
    Object.entries(Condition).every(([operator, block]) =>
      Object.entries(block).every(([key, wanted]) =>
        modelHolds(operator, [wanted].flat(2), values[key.toLowerCase()] ?? [], values)
      )
    );
}

/** The text with its variables replaced: a replaced character is never a wildcard. */
function resolved(text: string, values: Values): string | undefined {
  let isKnown = true;
  const result = text.replace(/\$\{([^}]*)\}/g, (_, name: string) => {
    const [value] = values[name.toLowerCase()] ?? [];
    if (value === undefined) isKnown = false;
    return (value ?? "").replace(/[*?]/g, (char) => `\\${char}`);
  });
  return isKnown ? result : undefined;
}

function like(pattern: string, text: string): boolean {
  const source = pattern.replace(
    /\\([*?])|([*?])|([.+^${}()|[\]\\])/g,
    (_, quoted?: string, wild?: string, special?: string) =>
      quoted ? `\\${quoted}` : wild ? (wild === "*" ? ".*" : ".") : `\\${special}`,
  );
  return new RegExp(`^${source}$`, "s").test(text);
}

function modelHolds(
  operator: string,
  wanted: readonly string[],
  found: readonly string[],
  values: Values,
): boolean {
  if (operator === "Null") return wanted.includes(String(found.length === 0));
  const isNegated = /Not/.test(operator);
  const base = operator.replace(/^For\w+:/, "").replace(/IfExists$/, "").replace("Not", "");
  if (found.length === 0) {
    if (/IfExists$/.test(operator) || operator.startsWith("ForAllValues")) return true;
    return operator.startsWith("ForAnyValue") ? false : isNegated;
  }
  // A variable without a value is equal to nothing.
  const known = /String|Arn/.test(base)
    ? wanted.flatMap((text) => resolved(text, values) ?? [])
    : wanted;
  const isOne = (value: string) => known.some((text) => modelCompare(base, text, value));
  const results = found.map((value) => isOne(value) !== isNegated);
  if (operator.startsWith("ForAllValues")) return results.every(Boolean);
  if (operator.startsWith("ForAnyValue")) return results.some(Boolean);
  return isNegated ? results.every(Boolean) : results.some(Boolean);
}

function modelCompare(base: string, wanted: string, found: string): boolean {
  const plain = wanted.replace(/\\([*?])/g, "$1");
  if (base === "StringEquals" || base === "BinaryEquals") return plain === found;
  if (base === "StringEqualsIgnoreCase") return plain.toLowerCase() === found.toLowerCase();
  if (base === "StringLike") return like(wanted, found);
  if (base === "Bool") return wanted === found;
  // The random ARNs have no colon after the fifth: one pattern for the whole does.
  if (/^Arn/.test(base)) {
    return wanted === "*" || (/^arn:(.*?:){4}/.test(found) && like(wanted, found));
  }
  if (base === "IpAddress") return NETWORK.test(found) && isWithin(wanted, found);
  const read = base.startsWith("Date") ? modelMs : Number;
  if (!(base.startsWith("Date") ? DATE : NUMBER).test(found)) return false;
  const [left, right] = [read(found), read(wanted)];
  if (/LessThanEquals$/.test(base)) return left <= right;
  if (/GreaterThanEquals$/.test(base)) return left >= right;
  if (/LessThan$/.test(base)) return left < right;
  if (/GreaterThan$/.test(base)) return left > right;
  return left === right;
}

const modelMs = (text: string) => /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text);

function isWithin(network: string, address: string): boolean {
  const [base, length = "32"] = network.split("/");
  const toNumber = (text: string) => text.split(".").reduce((sum, part) => sum * 256 + +part, 0);
  const size = 2 ** (32 - Number(length));
  return Math.floor(toNumber(base) / size) === Math.floor(toNumber(address) / size);
}

// --- random policies -------------------------------------------------------------------------------

const TEXTS = ["blue", "Blue", "b*", "?lue", "", "${aws:PrincipalTag/Team}", "${aws:username}"];
const BLOCKS: readonly (readonly [names: string, values: readonly string[]])[] = [
  [
    "StringEquals StringNotEquals StringEqualsIgnoreCase StringNotEqualsIgnoreCase StringLike " +
    "StringNotLike",
    TEXTS,
  ],
  [
    "ArnEquals ArnLike ArnNotEquals ArnNotLike",
    ["arn:aws:s3:::b", "arn:aws:s3:::*", "*", "nope", "arn:aws:s3:::${aws:username}"],
  ],
  [
    "NumericEquals NumericNotEquals NumericLessThan NumericLessThanEquals NumericGreaterThan " +
    "NumericGreaterThanEquals",
    ["10", "10.5", "-1", "1e1", "abc", " 10", "0x10", "", "${aws:username}"],
  ],
  [
    "DateEquals DateNotEquals DateLessThan DateLessThanEquals DateGreaterThan " +
    "DateGreaterThanEquals",
    ["2026-01-01", "2026-01-01T00:00:00Z", "1767225600", "tomorrow", "2026-13-45", "2026/01/01"],
  ],
  ["Bool", ["true", "false"]],
  ["BinaryEquals", ["YWJj", "QUJD", "!!!"]],
  [
    "IpAddress NotIpAddress",
    [
      "10.0.0.0/8",
      "10.1.2.3",
      "0.0.0.0/0",
      "10.0.0.0/",
      "10.0.0.0/abc",
      "10.0.0.0/-32",
      "10.0.0.0/33",
      "999.0.0.1",
      "example.com",
    ],
  ],
];

const some = <Item>(items: readonly Item[]) => fc.constantFrom(...items);
const many = (items: readonly string[]) => fc.array(some(items), { minLength: 1, maxLength: 3 });

const anOperator = fc.tuple(
  some(["", "ForAllValues:", "ForAnyValue:"]),
  some(BLOCKS).chain(([names, values]) =>
    fc.tuple(some(names.split(" ")), fc.array(some(values), { minLength: 1, maxLength: 2 }))
  ),
  some(["", "IfExists"]),
).map(([quantifier, [name, values], suffix]) => [`${quantifier}${name}${suffix}`, values] as const);

const KEYS = ["aws:PrincipalTag/Team", "aws:TagKeys", "aws:username", "s3:x"];

const aCondition = fc.oneof(
  { weight: 6, arbitrary: anOperator },
  { weight: 1, arbitrary: some(["true", "false"]).map((value) => ["Null", [value]] as const) },
).chain(([operator, values]) => some(KEYS).map((key) => ({ [operator]: { [key]: values } })));

const RESOURCES = [
  ...["*", "arn:aws:s3:::b/*", "arn:aws:s3:::b/blue", "arn:aws:s3:::?/k", "arn:*:s3:::b/k"],
  ...["arn:aws:s3:::b/${aws:username}", "arn:aws:s3:::b/${aws:PrincipalTag/Team}", "nope"],
];
const ACTIONS = ["s3:GetObject", "s3:get*", "*", "s3:PutObject", "firehose:?utRecord"];

/** One of the pair, sometimes both: that is malformed. */
const aPair = (name: string, items: readonly string[]) =>
  fc.oneof(
    { weight: 8, arbitrary: many(items).map((list) => ({ [name]: list })) },
    { weight: 3, arbitrary: many(items).map((list) => ({ [`Not${name}`]: list })) },
    {
      weight: 1,
      arbitrary: many(items).map((list) => ({ [name]: list, [`Not${name}`]: list })),
    },
  );

const aStatement: fc.Arbitrary<ModelStatement> = fc.tuple(
  some(["Allow", "Allow", "Deny"] as const),
  aPair("Action", ACTIONS),
  aPair("Resource", RESOURCES),
  fc.array(aCondition, { maxLength: 2 }),
).map(([Effect, action, resource, conditions]) => ({
  Effect,
  ...action,
  ...resource,
  Condition: Object.assign({}, ...conditions),
}));

const FOUND = [
  ...["blue", "BLUE", "b*", "red", "10", "10.0", "abc", "2026-01-01", "true", "YWJj", "10.9.8.7"],
  ...["arn:aws:s3:::b", "999", "127.0.0.1", ""],
];

const aRequest: fc.Arbitrary<ModelRequest> = fc.record({
  action: some(["s3:GetObject", "s3:PutObject", "firehose:PutRecord"]),
  resource: some(["arn:aws:s3:::b/k", "arn:aws:s3:::b/blue", "arn:aws:s3:::c/k"]),
  values: fc.record({
    "aws:principaltag/team": fc.array(some(FOUND), { maxLength: 1 }),
    "aws:username": fc.array(some(["k", "blue", "*"]), { maxLength: 1 }),
    "aws:tagkeys": fc.array(some(FOUND), { maxLength: 3 }),
    "s3:x": fc.array(some(FOUND), { maxLength: 1 }),
  }, { requiredKeys: [] }),
});

/** Asserts that the policy decides as the model does; returns the model's verdict. */
function assertAgree(statements: readonly ModelStatement[], request: ModelRequest) {
  const document = JSON.stringify({ Version: "2012-10-17", Statement: statements });
  const values = new Map(Object.entries(request.values));
  const found = evaluate(storedPolicy(document, "identity"), { ...request, values });
  const expected = modelVerdict(statements, request);
  assert(!(found === "allow" && expected !== "allow"), "an Allow that the model denies");
  assertEquals(found, expected);
  return expected;
}

Deno.test("a random policy decides as AWS's rules do, and never allows what they do not", () => {
  const seen = { allow: 0, deny: 0, none: 0 };
  const policies = fc.array(aStatement, { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(policies, aRequest, (statements, request) => {
      seen[assertAgree(statements, request)]++;
    }),
    { numRuns: 8_000 },
  );
  // The random policies reach every verdict often enough to mean something.
  assert(seen.allow > 500 && seen.deny > 300 && seen.none > 500, JSON.stringify(seen));
});

Deno.test("a variable in a condition decides as AWS's rules do, with a value and without", () => {
  const [texts] = BLOCKS;
  const found = fc.array(some(["", "blue", "Blue", "b"]), { maxLength: 2 });
  const condition = fc.tuple(
    some(["", "ForAllValues:", "ForAnyValue:"]),
    some(texts[0].split(" ")),
    some(["", "IfExists"]),
    fc.array(some(["${aws:username}", "${aws:username}*", "x${aws:username}", "blue"]), {
      minLength: 1,
      maxLength: 2,
    }),
  ).map(([quantifier, name, suffix, wanted]) => ({
    [`${quantifier}${name}${suffix}`]: { "s3:x": wanted },
  }));
  const values = fc.record({
    "aws:username": fc.array(some(["", "blue", "b*"]), { maxLength: 1 }),
    "s3:x": found,
  });
  fc.assert(
    fc.property(
      some(["Allow", "Deny"] as const),
      condition,
      values,
      (Effect, Condition, values) => {
        const all = { Action: ["*"], Resource: ["*"] };
        const decided: ModelStatement = { Effect, ...all, Condition };
        const allowed: ModelStatement = { Effect: "Allow", ...all, Condition: {} };
        assertAgree(
          Effect === "Allow" ? [decided] : [allowed, decided],
          { action: "s3:GetObject", resource: "arn:aws:s3:::b/k", values },
        );
      },
    ),
    { numRuns: 3_000 },
  );
});
