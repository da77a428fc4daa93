/** The judge of responses: every odd form, what becomes of the records, and what is said about it. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import {
  assumptionAbout,
  type FindingKind,
  judgeResponse,
  type Verdict,
} from "./response_judge.ts";

const IDS = ["1", "2"];
const ok = (recordId: unknown, changes: Record<string, unknown> = {}) => ({
  recordId,
  result: "Ok",
  data: "YWJj",
  ...changes,
});
const GOOD = { records: [ok("1"), ok("2")] };
const bytesOf = (content: unknown) =>
  new TextEncoder().encode(typeof content === "string" ? content : JSON.stringify(content));

/** `Ok`, an error's code, or the batch's error in capitals. */
function fatesOf(verdict: Verdict): string {
  if (verdict.kind === "batchFailed") {
    const { errorCode, errorMessage } = verdict.error;
    return `BATCH ${errorCode}: ${errorMessage.slice(0, 14)}`;
  }
  return verdict.fates.map((fate) => "error" in fate ? fate.error.errorCode : fate.result).join();
}

const ALL_MISSING = "Lambda.MissingRecordId,Lambda.MissingRecordId";
const NOT_JSON = "BATCH Lambda.JsonProcessingException: There was an e";
const INVALID = "BATCH Lambda.FunctionError: Invalid output";

const CASES: readonly [
  what: string,
  response: unknown,
  fates: string,
  findings: readonly FindingKind[],
][] = [
  ["a good response", GOOD, "Ok,Ok", []],
  [
    "Dropped and ProcessingFailed without data",
    {
      records: [{ recordId: "1", result: "Dropped" }, {
        recordId: "2",
        result: "ProcessingFailed",
      }],
    },
    "Dropped,Lambda.ProcessingFailedStatus",
    [],
  ],
  // "base64 that is not base64" fails the batch, whatever the result says.
  [
    "Dropped with data that is no base64",
    { records: [ok("1"), ok("2", { result: "Dropped", data: "!" })] },
    INVALID,
    ["dataNotBase64"],
  ],
  ["an empty payload", "", NOT_JSON, ["notJson"]],
  ["NaN, which Python writes", '{"records": NaN}', NOT_JSON, ["notJson"]],
  ["a trailing comma", '{"records":[],}', NOT_JSON, ["notJson"]],
  ["a byte order mark", `\ufeff${JSON.stringify(GOOD)}`, "Ok,Ok", ["byteOrderMark"]],
  ["JSON inside a text", JSON.stringify(JSON.stringify(GOOD)), ALL_MISSING, [
    "textInText",
    "idMissing",
  ]],
  ["a list", GOOD.records, ALL_MISSING, ["notAnObject", "idMissing"]],
  ["null", "null", ALL_MISSING, ["notAnObject", "idMissing"]],
  ["an empty object", {}, ALL_MISSING, ["noRecords", "idMissing"]],
  [
    "API Gateway's form",
    { statusCode: 200, body: JSON.stringify(GOOD) },
    ALL_MISSING,
    ["noRecords", "idMissing"],
  ],
  ["Records with a capital", { Records: GOOD.records }, ALL_MISSING, ["noRecords", "idMissing"]],
  ["records that are an object", { records: { 0: ok("1") } }, ALL_MISSING, [
    "recordsNotAList",
    "idMissing",
  ]],
  ["records that are null", { records: null }, ALL_MISSING, ["recordsNotAList", "idMissing"]],
  ["a null among the records", { records: [null, ...GOOD.records] }, "Ok,Ok", ["notARecord"]],
  ["an id that is a number", { records: [ok(1), ok("2")] }, "Lambda.MissingRecordId,Ok", [
    "idNotText",
    "idMissing",
  ]],
  ["a foreign id", { records: [...GOOD.records, ok("3")] }, "Ok,Ok", ["idUnknown"]],
  ["a missing id", { records: [ok("2")] }, "Lambda.MissingRecordId,Ok", ["idMissing"]],
  ["an id twice", { records: [ok("1"), ok("1"), ok("2")] }, "Lambda.DuplicatedRecordId,Ok", [
    "idTwice",
  ]],
  ["ok in small letters", { records: [ok("1", { result: "ok" }), ok("2")] }, INVALID, [
    "resultInvalid",
  ]],
  ["result in a list", { records: [ok("1", { result: ["Ok"] }), ok("2")] }, INVALID, [
    "resultInvalid",
  ]],
  ["no result", { records: [ok("1", { result: undefined }), ok("2")] }, INVALID, ["resultInvalid"]],
  ["data that is not base64", { records: [ok("1", { data: "{}" }), ok("2")] }, INVALID, [
    "dataNotBase64",
  ]],
  ["base64 of the URL alphabet", { records: [ok("1", { data: "-_-_" }), ok("2")] }, INVALID, [
    "dataNotBase64",
  ]],
  ["data that is an object", { records: [ok("1", { data: {} }), ok("2")] }, INVALID, [
    "dataNotBase64",
  ]],
  ["base64 with line feeds", { records: [ok("1", { data: "YW\nJj" }), ok("2")] }, "Ok,Ok", [
    "dataWithBlanks",
  ]],
  ["base64 without padding", { records: [ok("1", { data: "YQ" }), ok("2")] }, "Ok,Ok", [
    "dataWithoutPadding",
  ]],
  [
    "Ok without data",
    { records: [ok("1", { data: null }), ok("2")] },
    "Lambda.InvalidReturnFormat,Ok",
    ["dataAbsent"],
  ],
  [
    "an empty partition key",
    { records: [ok("1", { metadata: { partitionKeys: { country: "" } } }), ok("2")] },
    "Ok,Ok",
    ["keyEmpty"],
  ],
  [
    "a partition key that is a number",
    { records: [ok("1", { metadata: { partitionKeys: { year: 2026 } } }), ok("2")] },
    "Ok,Ok",
    ["keyNotText"],
  ],
  [
    "a partition key that is an object counts as empty",
    { records: [ok("1", { metadata: { partitionKeys: { year: {} } } }), ok("2")] },
    "Ok,Ok",
    ["keyEmpty"],
  ],
];

for (const [what, response, fates, findings] of CASES) {
  Deno.test(`the judge of responses on ${what}`, () => {
    const judgement = judgeResponse(bytesOf(response), IDS);
    assertEquals(fatesOf(judgement.verdict), fates);
    assertEquals(judgement.findings.map(({ kind }) => kind), findings);
  });
}

Deno.test("without the event's ids, the response's ids count as those of the event", () => {
  const { verdict, items } = judgeResponse(bytesOf({ records: [ok("7"), ok("7"), ok("8")] }));
  assertEquals([fatesOf(verdict), items], ["Lambda.DuplicatedRecordId,Ok", 3]);
});

Deno.test("a finding counts its cases and shows the first", () => {
  const { findings } = judgeResponse(
    bytesOf({ records: [ok("3"), ok("4"), ok("1"), ok("2")] }),
    IDS,
  );
  assertEquals(findings, [{ kind: "idUnknown", count: 2, example: "3" }]);
});

Deno.test("a long response that is not JSON is shown where it is wrong", () => {
  const { findings } = judgeResponse(
    bytesOf(`{"records": [${'{"recordId": "1"}, '.repeat(10)}{"score": NaN}]}`),
  );
  const [{ kind, example }] = findings;
  assertEquals(kind, "notJson");
  assertStringIncludes(example, '"score": NaN}');
});

Deno.test("a record that is answered three times counts once among the records answered twice", () => {
  const { findings } = judgeResponse(
    bytesOf(JSON.stringify({ records: [ok("1"), ok("1"), ok("1")] })),
  );
  assertEquals(findings, [{ kind: "idTwice", count: 1, example: "1" }]);
});

Deno.test("what AWS does is known for missing ids and invalid results, not for ids twice", () => {
  const kinds = ["idMissing", "resultInvalid", "idTwice"] as const;
  assertEquals(kinds.map((kind) => assumptionAbout(kind) === undefined), [true, true, false]);
});

Deno.test("whatever the payload, every record has one fate or the batch has failed", () => {
  const record = fc.record({
    recordId: fc.oneof(fc.constantFrom(...IDS), fc.jsonValue()),
    result: fc.oneof(fc.constantFrom("Ok", "Dropped", "ProcessingFailed"), fc.jsonValue()),
    data: fc.oneof(fc.constant("YQ=="), fc.string(), fc.jsonValue()),
  });
  const response = fc.oneof(
    fc.string(),
    fc.json(),
    fc.array(fc.oneof(record, fc.jsonValue())).map((records) => JSON.stringify({ records })),
  );
  fc.assert(fc.property(response, (text) => {
    const { verdict } = judgeResponse(bytesOf(text), IDS);
    assert(verdict.kind === "batchFailed" || verdict.fates.length === IDS.length);
  }));
});
