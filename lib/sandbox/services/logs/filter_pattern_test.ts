/**
 * Filter patterns. The examples are those of AWS's page, "Filter pattern syntax":
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { AwsError } from "../../errors.ts";
import { parseFilterPattern } from "./filter_pattern.ts";
import { codePoint } from "../../testing/code_point.ts";

const ERROR_400 = "[ERROR 400] BAD REQUEST";
const ERROR_401 = "[ERROR 401] UNAUTHORIZED REQUEST";
const ERROR_419 = "[ERROR 419] MISSING ARGUMENTS";
const ERROR_420 = "[ERROR 420] INVALID ARGUMENTS";
const SUCCESS = "[SUCCESS 200] AUTHORIZED REQUEST";
const LINES = [ERROR_400, ERROR_401, ERROR_419, ERROR_420, SUCCESS];

for (
  const [pattern, matched, why] of [
    ["", LINES, "empty, it matches everything"],
    ["ERROR", [ERROR_400, ERROR_401, ERROR_419, ERROR_420], "a term"],
    ["error", [], "case counts"],
    ["AUTHORIZED", [ERROR_401, SUCCESS], "a term is found inside a word"],
    ["ERROR ARGUMENTS", [ERROR_419, ERROR_420], "all terms must be there"],
    ["?ERROR ?ARGUMENTS", [ERROR_400, ERROR_401, ERROR_419, ERROR_420], "one must be there"],
    ["?SUCCESS ?BAD", [ERROR_400, SUCCESS], "one must be there"],
    ["ERROR -ARGUMENTS", [ERROR_400, ERROR_401], "one must not be there"],
    ["-ERROR", [SUCCESS], "only excluded terms"],
    ["?SUCCESS ERROR", [ERROR_400, ERROR_401, ERROR_419, ERROR_420], "? is ignored beside others"],
    ['"INVALID ARGUMENTS"', [ERROR_420], "a phrase"],
    ['-"ERROR 4" ?x', [SUCCESS], "an excluded phrase"],
    ["%AUTHORIZED%", [ERROR_401, SUCCESS], "a regular expression"],
    ["%^\\[ERROR 4[01]0?\\]%", undefined, "a blank is not among a regular expression's characters"],
    ["%^\\[ERROR\\s4(0|1)%", undefined, "nor are parentheses"],
    ["%4[01]\\d\\]%", [ERROR_400, ERROR_401, ERROR_419], "classes and escapes"],
    ["%BAD|INVALID%", [ERROR_400, ERROR_420], "choices"],
    ["%a% %b% %c%", undefined, "three regular expressions are one too many"],
    ["%[%", undefined, "an unfinished class"],
    ["code=4", undefined, "other characters must be quoted"],
    ['"unfinished', undefined, "an unfinished phrase"],
    ["-", undefined, "an exclusion of nothing"],
    ['""', undefined, "an empty phrase"],
  ] as const
) {
  Deno.test(`the filter pattern ${pattern} ${matched ? "finds" : "is refused"}: ${why}`, () => {
    if (!matched) return assertInvalid(pattern);
    assertEquals(LINES.filter(parseFilterPattern(pattern)), [...matched]);
  });
}

const DOCUMENT = JSON.stringify({
  eventType: "UpdateTrail",
  sourceIPAddress: "111.111.111.111",
  arrayKey: ["value", "another value"],
  objectList: [{ name: "a", id: 1 }, { name: "b", id: 2 }],
  SomeObject: null,
  ThisFlag: true,
  latency: 1500.5,
  "cluster.name": "c",
});

for (
  const [pattern, expected, why] of [
    ['{ $.eventType = "UpdateTrail" }', true, "text"],
    ["{ $.eventType = UpdateTrail }", true, "text without quotes"],
    ['{ $.eventType = "updateTrail" }', false, "case counts"],
    ['{ $.eventType = "Update*" }', true, "a star at the end"],
    ['{ $.eventType = "*Trail" && $.eventType = "*dat*" }', true, "stars elsewhere"],
    ["{ $.sourceIPAddress != 123.123.* }", true, "an address that is another"],
    ["{ $.sourceIPAddress = 111.111.* }", true, "an address by its beginning"],
    ['{ $.arrayKey[0] = "value" }', true, "an item"],
    ['{ $.arrayKey[5] = "value" }', false, "an item that is not there"],
    ['{ $.arrayKey[*] = "another value" }', true, "any item"],
    ["{ $.objectList[1].id = 2 }", true, "a member of an item"],
    ["{ $.SomeObject IS NULL }", true, "null"],
    ["{ $.SomeOtherObject NOT EXISTS }", true, "what is missing"],
    ["{ $.SomeObject NOT EXISTS }", false, "null is not missing"],
    ["{ $.ThisFlag IS TRUE }", true, "true"],
    ["{ $.ThisFlag IS FALSE }", false, "true is not false"],
    ["{ $.latency > 1000 }", true, "numbers"],
    ["{ $.latency >= 1.5005e3 && $.latency <= 1500.5 }", true, "a number with an exponent"],
    ["{ $.latency < 1000 }", false, "numbers"],
    ["{ $.latency = 1500.50 }", true, "equal numbers"],
    ['{ $.eventType = "x" || $.latency > 1 && $.ThisFlag IS TRUE }', true, "&& before ||"],
    ['{ ($.eventType = "x" || $.latency > 1) && $.ThisFlag IS FALSE }', false, "parentheses"],
    ["{ $.eventType = %^Update% }", true, "a regular expression"],
    ['{ $["cluster.name"] = "c" }', true, "a name in brackets"],
    ['{ $.nope != "x" }', true, "what is missing is unequal (assumed)"],
    ['{ $.arrayKey = "*" }', false, "a list is no value"],
    ["{ $.latency > fast }", undefined, "not a number"],
    ["{ $ = 1 }", undefined, "no member"],
    ["{ eventType = 1 }", undefined, "no $"],
    ['{ $.a = "x" ', undefined, "no end"],
    ['{ $.a = "x" } y', undefined, "something after the end"],
    ["{}", undefined, "no condition"],
  ] as const
) {
  Deno.test(`the filter pattern ${pattern} ${outcome(expected)}: ${why}`, () => {
    if (expected === undefined) return assertInvalid(pattern);
    assertEquals(parseFilterPattern(pattern)(DOCUMENT), expected);
    assertEquals(parseFilterPattern(pattern)("no JSON"), false);
  });
}

const ACCESS =
  '127.0.0.1 Prod frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534';

for (
  const [pattern, expected, why] of [
    ["[ip, user, username, timestamp, request, status_code, bytes]", true, "as many columns"],
    ["[ip, user, username, timestamp, request, status_code]", false, "fewer columns"],
    ["[ip, user, username, timestamp, request =*.html*, status_code = 4*, bytes]", true, "stars"],
    [
      "[ip=%127\\.0\\.0\\.[1-9]%, user, username, timestamp, request =*.html*, s, b]",
      true,
      "regex",
    ],
    ["[..., status_code=404, bytes > 1000]", true, "columns from the end"],
    ["[..., status_code=404, bytes > 2000]", false, "a number that is too small"],
    ["[ip, ..., bytes]", true, "columns from both sides"],
    ["[ip = 1*, user, ...]", true, "columns from the start"],
    ["[ip, user, username = frank || username = bob, ...]", true, "a choice"],
    ["[ip, user, username != frank, ...]", false, "another"],
    ["[,,,,,,]", true, "columns without names"],
    ["[..., a, ...]", undefined, "two gaps"],
    ["[ip", undefined, "no end"],
    ["[ip IS NULL, ...]", undefined, "a word of JSON patterns"],
  ] as const
) {
  Deno.test(`the filter pattern ${pattern} ${outcome(expected)}: ${why}`, () => {
    if (expected === undefined) return assertInvalid(pattern);
    assertEquals(parseFilterPattern(pattern)(ACCESS), expected);
  });
}

/** Texts made of what patterns are made of: far likelier to parse than any text. */
const patternLike = fc.array(
  fc.constantFrom(
    ..."{ } [ ] ( ) $ . , ... = != < > <= && || ? - % \" \\ * IS NULL NOT EXISTS TRUE ERROR $.a 1.5 ' ;"
      .split(" "),
    " ",
    '"a b"',
    "%a+%",
  ),
  { maxLength: 25 },
).map((parts) => parts.join(""));

Deno.test("a filter pattern is parsed or refused with AWS's error, whatever the text", () => {
  const anyText = fc.oneof(patternLike, fc.string({ unit: codePoint, maxLength: 60 }));
  const message = fc.oneof(fc.string(), fc.json(), fc.constant(ACCESS));
  fc.assert(
    fc.property(anyText, message, (pattern, message) => {
      try {
        assertEquals(typeof parseFilterPattern(pattern)(message), "boolean");
      } catch (error) {
        assert(error instanceof AwsError, String(error));
        assertEquals(error.message, "Invalid filter pattern");
      }
    }),
    { numRuns: 3_000 },
  );
});

Deno.test("a quoted phrase finds exactly the messages that contain it, whatever its characters", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.string(), fc.string(), (phrase, before, after) => {
      const matches = parseFilterPattern(`"${phrase.replace(/["\\]/g, "\\$&")}"`);
      assert(matches(before + phrase + after));
      assertEquals(matches(before), before.includes(phrase));
    }),
  );
});

Deno.test("long messages made to be hard are matched in linear time", () => {
  const patterns = ["%a*a*a*a*a*b%", "[w = x, ...]", '{ $.a = "*a*a*a*a*b" }', "ERROR"];
  const messages = ["a".repeat(200_000), "[ ".repeat(100_000), '" '.repeat(100_001)];
  messages.push(JSON.stringify({ a: "a".repeat(200_000) }));
  for (const pattern of patterns) {
    const matches = parseFilterPattern(pattern);
    for (const message of messages) assertEquals(matches(message), false);
  }
});

Deno.test("an expression whose counts make it large is refused: its time grows with them", () => {
  assertEquals(parseFilterPattern("%\\w{400}%")("a".repeat(400)), true);
  for (const large of ["\\w{600}", "\\w{0,300}".repeat(2)]) {
    assertThrows(() => parseFilterPattern(`%${large}%`), AwsError, "at most 500 steps");
  }
});

function outcome(expected: boolean | undefined): string {
  return expected === undefined ? "is refused" : expected ? "matches" : "does not match";
}

function assertInvalid(pattern: string): void {
  const error = assertThrows(() => parseFilterPattern(pattern), AwsError);
  assertEquals([error.code, error.message], [
    "InvalidParameterException",
    "Invalid filter pattern",
  ]);
}
